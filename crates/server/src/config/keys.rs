//! Settings that hold secret keys, before they are opened.

use std::{fmt, path::PathBuf};

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use zeroize::Zeroizing;

use super::value::{Value, list};

/// Where the keys that sign access tokens come from.
#[derive(Clone)]
pub enum SigningSources {
    /// PEM blocks, written into the setting itself.
    Pem(Zeroizing<String>),
    /// Files of PEM blocks, read in this order.
    Files(Vec<PathBuf>),
}

impl Value for SigningSources {
    const FORM: &'static str = "PEM blocks, or paths of PEM files separated by commas";
    const SECRET: bool = true;

    fn parse(text: &str) -> Result<Self, String> {
        if text.contains("-----BEGIN") {
            // Some panels for variables turn line breaks into the two characters `\n`.
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

/// The keys that seal list cursors: the first seals, both open.
#[derive(Clone)]
pub struct CursorSecrets {
    /// Seals new cursors.
    pub current: Zeroizing<[u8; CursorSecrets::BYTES]>,
    /// Opens cursors that were sealed before the last rotation.
    pub previous: Option<Zeroizing<[u8; CursorSecrets::BYTES]>>,
}

impl CursorSecrets {
    /// Length of a key: the block of SHA-256's output.
    pub const BYTES: usize = 32;

    /// Reads one key from base64, of either alphabet, padded or not.
    pub(crate) fn decode(text: &str) -> Option<Zeroizing<[u8; Self::BYTES]>> {
        const FORGIVING: GeneralPurposeConfig =
            GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        let url_safe = text.trim().replace('+', "-").replace('/', "_");
        let bytes = GeneralPurpose::new(&alphabet::URL_SAFE, FORGIVING)
            .decode(url_safe)
            .ok()?;
        Zeroizing::new(bytes)
            .as_slice()
            .try_into()
            .ok()
            .map(Zeroizing::new)
    }
}

impl Value for CursorSecrets {
    const FORM: &'static str = "one or two keys of 32 bytes in base64, separated by a comma";
    const SECRET: bool = true;

    fn parse(text: &str) -> Result<Self, String> {
        let refused = || {
            format!(
                "must be {}; `tintero cursor-key generate` makes one",
                Self::FORM
            )
        };
        let mut keys = list(text, |part| Self::decode(part).ok_or_else(refused))?.into_iter();
        match (keys.next(), keys.next(), keys.next()) {
            (Some(current), previous, None) => Ok(Self { current, previous }),
            _ => Err(refused()),
        }
    }
}

impl fmt::Debug for CursorSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CursorSecrets(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    #[test]
    fn one_or_two_cursor_keys_of_the_right_length_are_taken() {
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
    fn refusals_and_debug_output_hold_no_key() {
        assert!(
            !CursorSecrets::parse("c2hvcnQ")
                .unwrap_err()
                .contains("c2hvcnQ")
        );
        assert_eq!(
            format!("{:?}", CursorSecrets::parse(A).unwrap()),
            "CursorSecrets(…)"
        );
    }

    #[test]
    fn a_pem_and_paths_are_told_apart() {
        assert!(
            matches!(SigningSources::parse("-----BEGIN X-----\\nAA"), Ok(SigningSources::Pem(pem)) if pem.contains('\n'))
        );
        assert!(
            matches!(SigningSources::parse("a.pem, b.pem"), Ok(SigningSources::Files(files)) if files.len() == 2)
        );
    }
}
