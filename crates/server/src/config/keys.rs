//! Settings with secret keys.

use std::{fmt, path::PathBuf};

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
    prelude::BASE64_URL_SAFE_NO_PAD,
};
use zeroize::Zeroizing;

use super::value::{SettingValue, list};

/// The keys that sign access tokens.
#[derive(Clone)]
pub enum SigningSources {
    /// PEM blocks in the setting itself.
    Pem(Zeroizing<String>),
    /// PEM files, in this order.
    Files(Vec<PathBuf>),
}

impl SettingValue for SigningSources {
    const FORM: &'static str = "PEM blocks, or paths of PEM files separated by commas";
    const SECRET: bool = true;

    fn holds_secret(text: &str) -> bool {
        text.contains("-----BEGIN")
    }

    fn parse(text: &str) -> Result<Self, String> {
        if text.contains("-----BEGIN") {
            // Some hosting panels replace line breaks by the two characters `\n`.
            return Ok(Self::Pem(Zeroizing::new(text.replace("\\n", "\n"))));
        }
        list(text, PathBuf::parse).map(Self::Files)
    }
}

impl fmt::Debug for SigningSources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSources(…)")
    }
}

/// The keys that sign list cursors: the current one signs, both verify.
#[derive(Debug, Clone)]
pub struct CursorSecrets {
    /// Signs new cursors.
    pub current: SymmetricKey,
    /// Verifies cursors that were signed before the last rotation.
    pub previous: Option<SymmetricKey>,
}

/// A secret key of 256 bits.
#[derive(Clone)]
pub struct SymmetricKey(Zeroizing<[u8; SymmetricKey::BYTES]>);

impl SymmetricKey {
    /// Length in bytes: that of a SHA-256.
    pub const BYTES: usize = 32;

    /// Generates a key with `fill`, which fills the buffer with random bytes.
    pub(crate) fn generate<E>(fill: impl FnOnce(&mut [u8]) -> Result<(), E>) -> Result<Self, E> {
        let mut bytes = Zeroizing::new([0; Self::BYTES]);
        fill(bytes.as_mut_slice())?;
        Ok(Self(bytes))
    }

    /// Decodes a key from base64 of either alphabet, with or without padding.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        const LENIENT: GeneralPurposeConfig =
            GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        let url_safe = text.trim().replace('+', "-").replace('/', "_");
        let bytes = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT).decode(url_safe);
        let bytes = Zeroizing::new(bytes.ok()?);
        Some(Self(Zeroizing::new(bytes.as_slice().try_into().ok()?)))
    }

    /// Encodes the key in base64url, the form of settings and key files.
    #[must_use]
    pub fn encoded(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64_URL_SAFE_NO_PAD.encode(self.0.as_slice()))
    }

    /// The key itself.
    #[must_use]
    pub fn bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }
}

impl SettingValue for CursorSecrets {
    const FORM: &'static str = "one or two keys of 32 bytes in base64, separated by a comma";
    const SECRET: bool = true;

    fn parse(text: &str) -> Result<Self, String> {
        let invalid = || {
            format!(
                "must be {}; `tintero cursor-key generate` generates one",
                Self::FORM
            )
        };
        let keys = list(text, |part| SymmetricKey::decode(part).ok_or_else(invalid))?;
        let mut keys = keys.into_iter();
        match (keys.next(), keys.next(), keys.next()) {
            (Some(current), previous, None) => Ok(Self { current, previous }),
            _ => Err(invalid()),
        }
    }
}

/// The keys that encrypt secrets in the database: the first encrypts, all decrypt.
#[derive(Debug, Clone)]
pub struct SecretKeys(Vec<SymmetricKey>);

impl SecretKeys {
    /// Returns the keys, or `None` if there are none.
    pub(crate) fn new(keys: Vec<SymmetricKey>) -> Option<Self> {
        (!keys.is_empty()).then_some(Self(keys))
    }

    /// The keys, the current one first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &SymmetricKey> {
        self.0.iter()
    }
}

impl SettingValue for SecretKeys {
    const FORM: &'static str = "keys of 32 bytes in base64, separated by commas";
    const SECRET: bool = true;

    fn parse(text: &str) -> Result<Self, String> {
        let invalid = || {
            format!(
                "must be {}; `tintero secret-key generate` generates one",
                Self::FORM
            )
        };
        let keys = list(text, |part| SymmetricKey::decode(part).ok_or_else(invalid))?;
        Self::new(keys).ok_or_else(invalid)
    }
}

impl fmt::Debug for SymmetricKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SymmetricKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    #[test]
    fn one_or_two_cursor_keys_of_32_bytes_are_accepted() {
        assert!(CursorSecrets::parse(A).unwrap().previous.is_none());
        assert!(
            CursorSecrets::parse(&format!("{A}=,{A}"))
                .unwrap()
                .previous
                .is_some()
        );
        for text in ["", "c2hvcnQ", &format!("{A},{A},{A}")] {
            assert!(CursorSecrets::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn errors_and_debug_output_contain_no_key() {
        assert!(
            !CursorSecrets::parse("c2hvcnQ")
                .unwrap_err()
                .contains("c2hvcnQ")
        );
        assert_eq!(
            format!("{:?}", CursorSecrets::parse(A).unwrap().current),
            "SymmetricKey(…)"
        );
    }

    #[test]
    fn pem_blocks_and_paths_are_distinguished() {
        assert!(
            matches!(SigningSources::parse("-----BEGIN X-----\\nAA"), Ok(SigningSources::Pem(pem)) if pem.contains('\n'))
        );
        assert!(
            matches!(SigningSources::parse("a.pem, b.pem"), Ok(SigningSources::Files(files)) if files.len() == 2)
        );
    }
}
