//! Entity tags ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3)).

/// Endings that compressors add to the tags of responses: this server `-br` and `-gzip`, others also
/// with two hyphens.
const CODINGS: [&str; 4] = ["br", "gzip", "zstd", "deflate"];

/// Returns the text between the quotation marks of a strong or weak tag, or `None` if it is malformed.
pub(crate) fn opaque(tag: &str) -> Option<&str> {
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    let text = tag.strip_prefix('"')?.strip_suffix('"')?;
    let is_allowed = |byte: u8| byte == b'!' || (b'#'..=b'~').contains(&byte) || byte >= 0x80;
    text.bytes().all(is_allowed).then_some(text)
}

/// Returns `text` without the ending that a compressor added.
pub(crate) fn without_coding(text: &str) -> &str {
    let ending = CODINGS.iter().find_map(|coding| {
        let shorter = text.strip_suffix(coding)?;
        shorter.strip_suffix("--").or(shorter.strip_suffix('-'))
    });
    ending.unwrap_or(text)
}

/// Returns the strong tag of the form in `coding` of the representation with the tag `tag`.
pub(crate) fn with_coding(tag: &str, coding: &str) -> String {
    let text = opaque(tag).unwrap_or_default();
    format!("\"{text}-{coding}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_quoted_text_without_spaces_and_quotation_marks_is_a_tag() {
        assert_eq!(opaque("\"3.2\""), Some("3.2"));
        assert_eq!(opaque("W/\"3.2\""), Some("3.2"));
        assert_eq!(opaque("\"\""), Some(""));
        for tag in ["3.2", "\"", "\"a", "\"a b\"", "\"a\"b\"", "w/\"a\"", ""] {
            assert_eq!(opaque(tag), None, "{tag}");
        }
    }

    #[test]
    fn endings_of_compressors_are_removed_and_digests_kept() {
        for coded in [
            "3.2-br",
            "3.2-gzip",
            "3.2--gzip",
            "3.2-zstd",
            "3.2--deflate",
        ] {
            assert_eq!(without_coding(coded), "3.2", "{coded}");
        }
        for plain in ["3.2", "3.2-5f2a", "gzip", "abr"] {
            assert_eq!(without_coding(plain), plain);
        }
        assert_eq!(with_coding("\"3.2\"", "br"), "\"3.2-br\"");
    }
}
