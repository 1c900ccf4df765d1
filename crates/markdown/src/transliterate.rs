//! Transliterates titles and names to ASCII slugs of posts, categories, tags and bylines.
//!
//! Old URLs use Jekyll's rule, which keeps letters of every script: [`crate::jekyll::slugify`].

/// Returns a slug: lower-case ASCII words joined by single hyphens, at most `max` characters, cut
/// between words. `¿Qué es programación?` becomes `que-es-programacion`.
///
/// Returns `None` if no character of the text can be transliterated to ASCII.
#[must_use]
pub fn ascii_slug(text: &str, max: usize) -> Option<String> {
    let text = with_words(text);
    let ascii = deunicode::deunicode_with_tofu(&text, "").to_ascii_lowercase();
    let plain = ascii.replace(['\'', '\u{2019}'], "");
    let words = plain.split(|letter: char| !letter.is_ascii_alphanumeric());
    let mut slug = String::new();
    for word in words.filter(|word| !word.is_empty()) {
        if slug.is_empty() {
            slug.push_str(&word[..word.len().min(max)]);
        } else if slug.len() + 1 + word.len() <= max {
            slug.push('-');
            slug.push_str(word);
        } else {
            break;
        }
    }
    (!slug.is_empty()).then_some(slug)
}

/// Writes signs that distinguish names as words: `C#`, `C++`, `R&D` and `.NET`.
fn with_words(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    let mut before = ' ';
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied().unwrap_or(' ');
        let follows_word = before.is_alphanumeric() || before == '+';
        match letter {
            '#' if before.is_alphanumeric() => words.push_str(" sharp "),
            '+' if follows_word => words.push_str(" plus "),
            '&' => words.push_str(" and "),
            '.' if before.is_whitespace() && next.is_alphabetic() => words.push_str(" dot "),
            letter => words.push(letter),
        }
        before = letter;
    }
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_of_any_script_are_transliterated() {
        let slug = |text: &str| ascii_slug(text, 96);
        assert_eq!(slug("¿Ñandú's_v1.2?").as_deref(), Some("nandus-v1-2"));
        assert_eq!(slug("無服務器").as_deref(), Some("wu-fu-wu-qi"));
        assert_eq!(slug("—…—"), None);
    }

    #[test]
    fn long_slugs_are_cut_between_words() {
        assert_eq!(
            ascii_slug(&"palabra ".repeat(20), 96).map(|slug| slug.len()),
            Some(95)
        );
        assert_eq!(
            ascii_slug(&"a".repeat(200), 96).map(|slug| slug.len()),
            Some(96)
        );
    }

    #[test]
    fn signs_that_distinguish_names_are_words() {
        for (name, expected) in [
            ("C#", "c-sharp"),
            ("C++", "c-plus-plus"),
            (".NET", "dot-net"),
            ("R&D", "r-and-d"),
            ("Node.js v1.2", "node-js-v1-2"),
            ("#hashtag + x", "hashtag-x"),
        ] {
            assert_eq!(ascii_slug(name, 96).as_deref(), Some(expected));
        }
    }

    proptest! {
        #[test]
        fn every_slug_is_words_joined_by_hyphens(text in "\\PC{0,200}", max in 1_usize..100) {
            if let Some(slug) = ascii_slug(&text, max) {
                prop_assert!(slug.len() <= max);
                prop_assert!(slug.split('-').all(|word| !word.is_empty()
                    && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())));
                prop_assert_eq!(ascii_slug(&slug, max), Some(slug.clone()));
            }
        }
    }
}
