use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Code, ValueError};

/// A SHA-256 ([FIPS 180-4](https://csrc.nist.gov/pubs/fips/180-4/upd1/final)) of bytes, written in
/// 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 32]);

impl Digest {
    /// Computes the digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Wraps the output of a hash function.
    #[must_use]
    pub fn new(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// The name of the bytes in a store: `ab/cdef…` for the digest `abcdef…`.
    #[must_use]
    pub fn stored_name(&self) -> String {
        let text = self.to_string();
        let (prefix, rest) = text.split_at(2);
        format!("{prefix}/{rest}")
    }

    /// The digest with a name of [`stored_name`](Self::stored_name).
    #[must_use]
    pub fn from_stored_name(name: &str) -> Option<Self> {
        let digest: Self = name.replacen('/', "", 1).parse().ok()?;
        (name == digest.stored_name()).then_some(digest)
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for Digest {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<Self, ValueError> {
        let mut digest = [0; 32];
        let is_lower = !raw.bytes().any(|byte| byte.is_ascii_uppercase());
        match hex::decode_to_slice(raw, &mut digest) {
            Ok(()) if is_lower => Ok(Self(digest)),
            _ => Err(ValueError::new(
                Code::Format,
                "must be a SHA-256 in 64 lower-case hexadecimal digits",
            )),
        }
    }
}

impl TryFrom<String> for Digest {
    type Error = ValueError;

    fn try_from(raw: String) -> Result<Self, ValueError> {
        raw.parse()
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_has_one_spelling() {
        let text = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let digest: Digest = text.parse().unwrap();
        assert_eq!(
            (digest, digest.to_string().as_str()),
            (Digest::of(b""), text)
        );
        for other in ["", &text[1..], &text.to_uppercase(), &format!("{text}00")] {
            assert!(other.parse::<Digest>().is_err(), "{other}");
        }
    }
}
