use icu_locale_core::LanguageIdentifier;
use serde::{Deserialize, Serialize};

use super::{Code, ValueError, text::text_value};

/// A [BCP 47](https://www.rfc-editor.org/info/bcp47) language tag in canonical case: `es`, `es-MX`,
/// `zh-Hant`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Locale(String);

impl Locale {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        let refused = || {
            ValueError::new(
                Code::Format,
                "must be a BCP 47 language tag such as es or es-MX",
            )
        };
        // ICU also accepts underscores and `und`.
        if raw.contains('_') {
            return Err(refused());
        }
        let tag = raw.parse::<LanguageIdentifier>().map_err(|_| refused())?;
        if tag.language.is_unknown() || tag.variants.len() > 2 {
            return Err(refused());
        }
        Ok(Self(tag.to_string()))
    }
}

text_value!(Locale);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_canonical_and_invalid_tags_are_rejected() {
        assert_eq!("ES-mx".parse::<Locale>().unwrap().as_str(), "es-MX");
        for raw in ["", "español", "es_MX", "und", "e", "es-"] {
            assert!(raw.parse::<Locale>().is_err(), "{raw:?}");
        }
    }
}
