//! Conversions of text for the terminal and for the API.

use std::io::{self, Read};

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// Returns one line in NFC with white space collapsed and without control characters.
pub(crate) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .join(" ")
        .nfc()
        .filter(|letter| !letter.is_control())
        .collect()
}

/// Returns the form in which two names of a category or a person are compared: one line in NFC, without
/// regard to case.
pub(crate) fn name_key(name: &str) -> String {
    nfc(&one_line(name).to_lowercase())
}

/// Escapes control characters, so that a text cannot control the terminal.
pub(crate) fn escape_control(path: &str) -> String {
    path.chars()
        .fold(String::with_capacity(path.len()), |mut escaped, letter| {
            if letter.is_control() {
                escaped.extend(letter.escape_default());
            } else {
                escaped.push(letter);
            }
            escaped
        })
}

/// Returns the SHA-256 of the concatenated parts in lower-case hexadecimal.
pub(crate) fn sha256<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hex(&hash.finalize())
}

/// Returns the SHA-256 of a file of any size.
pub(crate) fn sha256_of(mut file: impl Read) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hash.finalize())),
            length => hash.update(&buffer[..length]),
        }
    }
}

/// Returns the bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// Returns the text in NFC, so that names from all systems compare equal.
pub(crate) fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// Cuts a text to `most` characters, between words if possible.
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
    fn control_characters_are_escaped() {
        assert_eq!(escape_control("a\nb\u{1b}[2J ñ"), "a\\nb\\u{1b}[2J ñ");
    }

    #[test]
    fn digests_are_hexadecimal() {
        let of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256([b"a".as_slice(), b"bc"]), of_abc);
    }
}
