/// The longest slug, in characters.
const MAX: usize = 96;

/// The slug of a text by the server's rule: ASCII, lower case, words joined by single hyphens, cut
/// between words. None when nothing of the text can be written so.
pub(super) fn of(text: &str) -> Option<String> {
    let ascii = deunicode::deunicode_with_tofu(text, "").to_ascii_lowercase();
    let plain = ascii.replace(['\'', '\u{2019}'], "");
    let words = plain.split(|letter: char| !letter.is_ascii_alphanumeric());
    let mut slug = String::new();
    for word in words.filter(|word| !word.is_empty()) {
        if slug.is_empty() {
            slug.push_str(&word[..word.len().min(MAX)]);
        } else if slug.len() + 1 + word.len() <= MAX {
            slug.push('-');
            slug.push_str(word);
        } else {
            break;
        }
    }
    (!slug.is_empty()).then_some(slug)
}

/// The slug with a number after it, for the second and later posts that would have it.
pub(crate) fn numbered(slug: &str, number: usize) -> String {
    let end = format!("-{number}");
    let kept = slug[..slug.len().min(MAX - end.len())].trim_end_matches('-');
    format!("{kept}{end}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_transliterated() {
        assert_eq!(
            of("serverless - Infraestructura como código").as_deref(),
            Some("serverless-infraestructura-como-codigo")
        );
        assert_eq!(of("¿Ñandú's_v1.2?").as_deref(), Some("nandus-v1-2"));
        assert_eq!(of("—…—"), None);
    }

    #[test]
    fn long_slugs_are_cut_between_words_and_leave_room_for_a_number() {
        let long = of(&"palabra ".repeat(20)).unwrap();
        assert_eq!(long.len(), 95);
        assert_eq!(of(&"a".repeat(200)).unwrap().len(), 96);
        assert_eq!(numbered("hola", 2), "hola-2");
        assert!(numbered(&long, 12).len() <= 96);
    }

    proptest! {
        #[test]
        fn every_slug_is_lower_case_words_and_hyphens(text in "\\PC{0,200}") {
            for slug in of(&text).iter().flat_map(|slug| [slug.clone(), numbered(slug, 7)]) {
                prop_assert!(slug.len() <= 96);
                prop_assert!(slug.split('-').all(|word| !word.is_empty()
                    && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())));
            }
        }
    }
}
