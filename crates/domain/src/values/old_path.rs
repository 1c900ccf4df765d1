use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::{Code, ValueError, text::text_value};

/// Former path of a post on another site, such as `/serverless/aws/Servicios en aws.html`:
/// absolute, percent-decoded, NFC, without query and fragment.
///
/// Raw and percent-encoded spellings are equal, so each one finds the post. Text with a query or
/// fragment is rejected, because it would match the path without them; use [`OldPath::asked`] for
/// requested URLs.
// Deserialized without parsing, which would decode it twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OldPath(String);

impl OldPath {
    /// Longest path, in bytes after decoding.
    pub const MAX: usize = 1024;

    /// Parses a requested URL and removes query and fragment.
    ///
    /// # Errors
    /// The path is not valid.
    pub fn asked(raw: &str) -> Result<Self, ValueError> {
        let end = raw.find(['?', '#']).unwrap_or(raw.len());
        Self::parse(&raw[..end])
    }

    fn parse(raw: &str) -> Result<Self, ValueError> {
        let refused = |detail: &str| Err(ValueError::new(Code::Format, detail));
        if raw.contains(['?', '#']) {
            return refused(
                "must not contain a query or a fragment. Encode ? and # in the path as %3F and %23.",
            );
        }
        let Ok(decoded) = percent_encoding::percent_decode_str(raw).decode_utf8() else {
            return refused("must be UTF-8 after percent-decoding");
        };
        let path: String = decoded.nfc().collect();
        if !path.starts_with('/') || path.starts_with("//") {
            return refused(
                "must be a path that starts with one slash, such as /2022/10/hola.html",
            );
        }
        let dots = |segment: &str| matches!(segment, "." | "..");
        if path.split('/').any(dots) || path.chars().any(char::is_control) {
            return refused("must not contain . or .. segments or control characters");
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
        let encoded: OldPath = "/aws/Infraestructura%20como%20co%CC%81digo.html"
            .parse()
            .unwrap();
        assert_eq!(raw, encoded);
    }

    #[test]
    fn relative_paths_dot_segments_and_other_hosts_are_rejected() {
        for path in [
            "a.html",
            "//evil.example/x",
            "/a/../b",
            "/a/%2e%2e/b",
            "/./x",
            "/a/%2e",
            "/%ff",
            "/a%00b",
            "",
        ] {
            assert!(path.parse::<OldPath>().is_err(), "{path:?}");
            assert!(OldPath::asked(path).is_err(), "{path:?}");
        }
    }

    #[test]
    fn queries_are_removed_from_requests_and_rejected_in_stored_paths() {
        for (raw, bare) in [("/?p=12", "/"), ("/a#b", "/a"), ("/a%3Fb?c#d", "/a%3Fb")] {
            assert!(raw.parse::<OldPath>().is_err(), "{raw:?}");
            assert_eq!(OldPath::asked(raw).unwrap(), bare.parse().unwrap());
        }
    }

    #[test]
    fn stored_paths_are_read_back_unchanged() {
        let path: OldPath = "/que%3F%23/100%2525.html".parse().unwrap();
        assert_eq!(path.as_str(), "/que?#/100%25.html");
        let kept = serde_json::to_string(&path).unwrap();
        assert_eq!(serde_json::from_str::<OldPath>(&kept).unwrap(), path);
    }
}
