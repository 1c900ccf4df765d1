//! Time and identity come from outside, so that tests decide both.

use uuid::Uuid;

use crate::values::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// Makes identifiers.
pub trait Ids: Send + Sync {
    /// A fresh UUID of version 7 ([RFC 9562](https://www.rfc-editor.org/rfc/rfc9562)).
    fn next(&self) -> Uuid;
}

/// Makes secrets that nobody can guess.
pub trait Entropy: Send + Sync {
    /// 256 fresh random bits from the operating system's generator.
    fn secret(&self) -> [u8; 32];
}
