//! Slugs of posts, categories and bylines. The rule for one slug is in [`tintero_markdown::transliterate`].

use tintero_markdown::transliterate::ascii_slug;

/// The longest slug that the server accepts, in characters.
const MAX: usize = 96;

/// Returns the slug of a text, or `None` if no character can be transliterated to ASCII.
pub(crate) fn slug(text: &str) -> Option<String> {
    ascii_slug(text, MAX)
}

/// Appends a number to a slug that several posts have.
pub(crate) fn numbered_slug(slug: &str, number: usize) -> String {
    let end = format!("-{number}");
    let kept = slug[..slug.len().min(MAX - end.len())].trim_end_matches('-');
    format!("{kept}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_numbered_slug_is_not_too_long() {
        assert_eq!(numbered_slug("hola", 2), "hola-2");
        let long = slug(&"palabra ".repeat(20)).unwrap();
        let numbered = numbered_slug(&long, 12);
        assert!(numbered.len() <= 96 && !numbered.contains("--"));
        assert_eq!(slug("¿Ñandú's?").as_deref(), Some("nandus"));
    }
}
