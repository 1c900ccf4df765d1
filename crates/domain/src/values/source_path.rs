use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::{Code, ValueError, text::text_value};

/// Path of an imported file, such as `assets/images/Año nuevo.png`: relative to the root of the
/// imported site, percent-decoded, NFC.
///
/// Raw and percent-encoded spellings are equal, with or without a leading slash, so every
/// spelling in a page resolves to the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SourcePath(String);

impl SourcePath {
    /// Longest path, in bytes after decoding.
    pub const MAX: usize = 512;

    /// Longest accepted input: every byte escaped.
    const MAX_RAW: usize = Self::MAX * 3;

    fn parse(raw: &str) -> Result<Self, ValueError> {
        let refused = |detail: &str| Err(ValueError::new(Code::Format, detail));
        if raw.len() > Self::MAX_RAW {
            return Err(too_long());
        }
        let Some(decoded) = decoded(raw) else {
            return refused("must be UTF-8 after percent-decoding");
        };
        let whole: String = decoded.nfc().collect();
        let path = whole.trim_start_matches("./").trim_start_matches('/');
        if path.is_empty() {
            return Err(ValueError::new(Code::TooShort, "must name a file"));
        }
        if path.split('/').any(|segment| matches!(segment, "." | "..")) {
            return refused("must not contain . or .. segments");
        }
        if path.chars().any(char::is_control) {
            return refused("must not contain control characters");
        }
        if path.len() > Self::MAX {
            return Err(too_long());
        }
        Ok(Self(path.to_owned()))
    }

    /// The path in lower case, for comparison.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase().nfc().collect()
    }
}

/// Decodes percent-encoding repeatedly, so that parsing is idempotent.
fn decoded(raw: &str) -> Option<String> {
    let mut text = raw.to_owned();
    loop {
        match percent_encoding::percent_decode_str(&text).decode_utf8() {
            Ok(Cow::Borrowed(_)) => return Some(text),
            Ok(Cow::Owned(once)) => text = once,
            Err(_) => return None,
        }
    }
}

fn too_long() -> ValueError {
    let detail = format!("must have at most {} bytes", SourcePath::MAX);
    ValueError::new(Code::TooLong, detail)
}

text_value!(SourcePath);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_path_are_equal() {
        let path: SourcePath = "assets/Año nuevo.png".parse().unwrap();
        for other in [
            "/assets/Año nuevo.png",
            "./assets/Año nuevo.png",
            "assets/A\u{6e}\u{303}o nuevo.png",
            "assets/A%C3%B1o%20nuevo.png",
            "/assets/An%CC%83o%20nuevo.png",
            "assets/A%25C3%25B1o%2520nuevo.png",
        ] {
            assert_eq!(other.parse::<SourcePath>().unwrap(), path, "{other}");
        }
        let shouted: SourcePath = "ASSETS/AÑO NUEVO.PNG".parse().unwrap();
        assert_ne!(shouted, path);
        assert_eq!(shouted.folded(), path.folded());
    }

    #[test]
    fn paths_with_dot_segments_or_control_characters_are_rejected() {
        for path in [
            "",
            "/",
            "./",
            "..",
            "../a.png",
            "a/../b.png",
            "a/%2e%2e/b.png",
            "a/%252e%252e/b.png",
            "a/./b.png",
            "a\0b.png",
            "a%00b.png",
            "a\nb.png",
            "%ff.png",
        ] {
            assert!(path.parse::<SourcePath>().is_err(), "{path:?}");
        }
        assert!("ñ".repeat(256).parse::<SourcePath>().is_ok());
        assert!("ñ".repeat(257).parse::<SourcePath>().is_err());
        assert!("%25".repeat(100_000).parse::<SourcePath>().is_err());
    }

    proptest! {
        #[test]
        fn a_path_reads_as_itself(raw in "[a/.%25 ñÑ\u{301}]{1,40}") {
            if let Ok(path) = raw.parse::<SourcePath>() {
                prop_assert_eq!(path.as_str().parse::<SourcePath>().unwrap(), path);
            }
        }
    }
}
