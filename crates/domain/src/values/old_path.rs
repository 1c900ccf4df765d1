use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::{Code, ValueError, text::text_value};

/// The path of an address that a post had elsewhere, as `/serverless/aws/Servicios en aws.html`:
/// absolute, percent-decoded, NFC, without query and fragment.
///
/// Raw and percent-encoded spellings of one path are equal, so each finds the post.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OldPath(String);

impl OldPath {
    /// Longest path, in bytes after decoding.
    pub const MAX: usize = 1024;

    fn parse(raw: &str) -> Result<Self, ValueError> {
        let refused = |detail: &str| Err(ValueError::new(Code::Format, detail));
        let bare = raw.split(['?', '#']).next().unwrap_or_default();
        let Ok(decoded) = percent_encoding::percent_decode_str(bare).decode_utf8() else {
            return refused("must be UTF-8 after percent-decoding");
        };
        let path: String = decoded.nfc().collect();
        if !path.starts_with('/') || path.starts_with("//") {
            return refused(
                "must be a path that starts with one slash, such as /2022/10/hola.html",
            );
        }
        if path.split('/').any(|segment| segment == "..") || path.chars().any(char::is_control) {
            return refused("must not hold .. segments or control characters");
        }
        if path.len() > Self::MAX {
            return Err(ValueError::new(
                Code::TooLong,
                format!("must have at most {} bytes", Self::MAX),
            ));
        }
        Ok(Self(path))
    }
}

text_value!(OldPath);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_and_encoded_spellings_are_one_path() {
        let raw: OldPath = "/aws/Infraestructura como código.html".parse().unwrap();
        let encoded: OldPath = "/aws/Infraestructura%20como%20co%CC%81digo.html?x=1#y"
            .parse()
            .unwrap();
        assert_eq!(raw, encoded);
    }

    #[test]
    fn relative_climbing_and_foreign_paths_are_refused() {
        for path in [
            "a.html",
            "//evil.example/x",
            "/a/../b",
            "/a/%2e%2e/b",
            "/%ff",
            "/a%00b",
            "",
        ] {
            assert!(path.parse::<OldPath>().is_err(), "{path:?}");
        }
    }
}
