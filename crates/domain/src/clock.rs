//! Sources of time, identifiers and secrets, injected so that tests control them.

use std::time::Duration;

use uuid::Uuid;

use crate::values::Timestamp;

/// The largest difference between the clocks of two servers, and the largest step back of one clock,
/// that readers and writers do not notice.
pub const MAX_SKEW: Duration = Duration::from_mins(1);

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
