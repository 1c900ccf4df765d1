//! Text made fit for the places it goes to.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// One line: white space collapsed, control characters gone, NFC, which is how the server keeps it.
pub(crate) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .join(" ")
        .nfc()
        .filter(|letter| !letter.is_control())
        .collect()
}

/// A path as a terminal may show it: control characters, line breaks among them, are escaped.
pub(crate) fn shown(path: &str) -> String {
    path.chars()
        .fold(String::with_capacity(path.len()), |mut shown, letter| {
            if letter.is_control() {
                shown.extend(letter.escape_default());
            } else {
                shown.push(letter);
            }
            shown
        })
}

/// SHA-256 of the parts in a row, in lower-case hexadecimal.
pub(crate) fn sha256<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hex(&hash.finalize())
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// A text in NFC, so that one name spelt on two systems is one name.
pub(crate) fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// The text cut to so many characters, between words where it has any.
pub(crate) fn cut(text: &str, most: usize) -> &str {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return text;
    };
    let head = &text[..end];
    head.rfind(char::is_whitespace)
        .map_or(head, |gap| head[..gap].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_no_breaks_and_composed_accents() {
        assert_eq!(one_line("  ¿Que\u{301}\n  es\tIaC?\0 "), "¿Qué es IaC?");
    }

    #[test]
    fn long_texts_are_cut_between_words() {
        assert_eq!(cut("uno dos tres", 9), "uno dos");
        assert_eq!(cut("uno dos", 7), "uno dos");
        assert_eq!(cut("ññññ", 2), "ññ");
    }

    #[test]
    fn a_path_cannot_move_the_cursor() {
        assert_eq!(shown("a\nb\u{1b}[2J ñ"), "a\\nb\\u{1b}[2J ñ");
    }

    #[test]
    fn digests_are_hexadecimal() {
        let of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256([b"a".as_slice(), b"bc"]), of_abc);
    }
}
