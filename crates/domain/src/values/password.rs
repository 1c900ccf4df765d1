use std::fmt;

use super::{Code, ValueError};

/// A password in plain text. It is never stored, logged or returned.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Shortest password that can be set, in characters
    /// ([NIST SP 800-63B](https://pages.nist.gov/800-63-4/sp800-63b.html) on passwords).
    pub const MIN: usize = 12;
    /// Longest password, in bytes. The limit bounds the work of hashing.
    pub const MAX: usize = 256;

    /// Accepts a password for sign-in.
    #[must_use]
    pub fn presented(raw: String) -> Self {
        Self(raw)
    }

    /// Accepts a password to be set.
    pub fn chosen(raw: String) -> Result<Self, ValueError> {
        if raw.chars().count() < Self::MIN {
            return Err(ValueError::new(
                Code::TooShort,
                format!("must have at least {} characters", Self::MIN),
            ));
        }
        if raw.len() > Self::MAX {
            return Err(ValueError::new(
                Code::TooLong,
                format!("must have at most {} bytes", Self::MAX),
            ));
        }
        Ok(Self(raw))
    }

    /// The plain text, for hashing only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}
