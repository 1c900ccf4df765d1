use serde::{Deserialize, Serialize};

use super::{Code, ValueError, text::text_value};
use crate::error::FieldErrors;

/// The readable part of a post's address: lower-case ASCII words joined by single
/// hyphens, 1 to 96 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

impl Slug {
    /// Longest slug, in characters.
    pub const MAX: usize = 96;

    fn parse(raw: &str) -> Result<Self, ValueError> {
        if raw.len() > Self::MAX {
            return Err(ValueError::new(
                Code::TooLong,
                format!("must have at most {} characters", Self::MAX),
            ));
        }
        let well_formed = raw.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
        if well_formed {
            return Ok(Self(raw.to_owned()));
        }
        let hint = Self::of(raw)
            .map(|slug| format!(", such as {slug}"))
            .unwrap_or_default();
        Err(ValueError::new(
            Code::Format,
            format!(
                "must be lower-case ASCII letters and digits in words joined by single hyphens{hint}"
            ),
        ))
    }

    /// Derives a slug from a title or name: `¿Qué es programación?` becomes `que-es-programacion`.
    ///
    /// `None` if no character of the text can be transliterated to ASCII.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        Self::of_at_most(text, Self::MAX)
    }

    /// Derives a slug of at most `max` characters.
    pub(crate) fn of_at_most(text: &str, max: usize) -> Option<Self> {
        tintero_markdown::transliterate::ascii_slug(text, max.min(Self::MAX)).map(Self)
    }
}

impl Slug {
    /// Returns `given`, or derives a slug from a name or title.
    ///
    /// # Errors
    /// [`Invalid`](crate::Error::Invalid) if no slug can be derived.
    pub(crate) fn given_or_of(given: Option<Self>, text: &str) -> crate::Result<Self> {
        given.or_else(|| Self::of(text)).ok_or_else(|| {
            let detail = "is required, because no slug can be derived";
            FieldErrors::one("/slug", Code::Required, detail).into()
        })
    }
}

text_value!(Slug);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn slug_of(title: &str) -> Option<String> {
        Slug::of(title).map(String::from)
    }

    #[test]
    fn titles_are_transliterated() {
        assert_eq!(
            slug_of("Programación en España").as_deref(),
            Some("programacion-en-espana")
        );
        assert_eq!(slug_of("¿Qué es «IaC»?").as_deref(), Some("que-es-iac"));
        assert_eq!(
            slug_of("Straße & Søren").as_deref(),
            Some("strasse-and-soren")
        );
        assert_eq!(slug_of("無服務器").as_deref(), Some("wu-fu-wu-qi"));
        assert_eq!(slug_of("author's cut").as_deref(), Some("authors-cut"));
        assert_eq!(slug_of("—…—"), None);
    }

    #[test]
    fn an_invalid_slug_suggests_a_valid_one() {
        let error = "Programación Básica".parse::<Slug>().unwrap_err();
        assert!(
            error.detail.ends_with("such as programacion-basica"),
            "{error}"
        );
        for raw in ["", "-a", "a-", "a--b", "A", "a b", "á", "a/b", "a\0"] {
            assert!(raw.parse::<Slug>().is_err(), "{raw:?}");
        }
    }

    proptest! {
        #[test]
        fn derived_slugs_are_valid(text in "\\PC{1,200}") {
            if let Some(slug) = Slug::of(&text) {
                prop_assert_eq!(slug.as_str().parse::<Slug>().unwrap(), slug);
            }
        }
    }
}
