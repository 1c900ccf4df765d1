use tintero_markdown::slug;

/// The longest slug, in characters.
const MAX: usize = 96;

/// The slug of a text by the server's rule; none when nothing of it can be written in ASCII.
pub(crate) fn of(text: &str) -> Option<String> {
    slug::of(text, MAX)
}

/// The slug with a number after it, for the second and later posts that would have it.
pub(crate) fn numbered(slug: &str, number: usize) -> String {
    let end = format!("-{number}");
    let kept = slug[..slug.len().min(MAX - end.len())].trim_end_matches('-');
    format!("{kept}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_fits_behind_the_longest_slug() {
        assert_eq!(numbered("hola", 2), "hola-2");
        let long = of(&"palabra ".repeat(20)).unwrap();
        assert!(numbered(&long, 12).len() <= 96 && !numbered(&long, 12).contains("--"));
        assert_eq!(of("¿Ñandú's?").as_deref(), Some("nandus"));
    }
}
