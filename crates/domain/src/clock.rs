//! Sources of time, identifiers and secrets, injected so that tests control them.

use uuid::Uuid;

use crate::values::Timestamp;

/// Source of the current time.
pub trait Clock: Send + Sync {
    /// The current time.
    fn now(&self) -> Timestamp;
}

/// Generates identifiers.
pub trait Ids: Send + Sync {
    /// A new UUID version 7 ([RFC 9562](https://www.rfc-editor.org/rfc/rfc9562)).
    fn next(&self) -> Uuid;
}

/// Generates secrets.
pub trait Entropy: Send + Sync {
    /// 256 random bits from the operating system's generator.
    fn secret(&self) -> [u8; 32];
}
