use std::fmt;

use sha2::{Digest as _, Sha256};
use totp_rs::Secret;

/// A code that replaces one code of the authenticator. Only its digest is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// Number of codes of a second factor.
    pub const COUNT: usize = 10;

    /// Number of characters without separators: 120 bits in base32.
    const LENGTH: usize = 24;
    /// Number of random bytes.
    const BYTES: usize = 15;
    /// Number of characters between separators.
    const GROUP: usize = 4;

    /// Creates a code from random bytes.
    #[must_use]
    pub fn new(random: [u8; 32]) -> Self {
        let secret = Secret::from(&random[random.len() - Self::BYTES..]);
        Self(secret.to_base32().to_ascii_lowercase())
    }

    /// Parses lower-case text without separators.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let is_base32 = |byte: u8| matches!(byte, b'a'..=b'z' | b'2'..=b'7');
        let is_code = text.len() == Self::LENGTH && text.bytes().all(is_base32);
        is_code.then(|| Self(text.to_owned()))
    }

    /// SHA-256 in lower-case hexadecimal. A fast digest is sufficient, because the code has 120 random bits.
    #[must_use]
    pub fn digest(&self) -> String {
        hex::encode(Sha256::digest(&self.0))
    }

    /// The code's text, in groups.
    #[must_use]
    pub fn expose(&self) -> String {
        let groups = self.0.as_bytes().chunks(Self::GROUP);
        let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
        groups.join("-")
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}
