//! Single-line texts, each with its own maximum length.

use serde::{Deserialize, Serialize};

use super::{
    ValueError,
    text::{line, text_value},
};

macro_rules! single_line {
    ($(#[$doc:meta])* $name:ident, $max:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Maximum length in characters.
            pub const MAX: usize = $max;

            fn parse(raw: &str) -> Result<Self, ValueError> {
                line(raw, Self::MAX).map(Self)
            }
        }

        text_value!($name);
    };
}

single_line!(
    /// Text alternative of an image: one line, 1 to 500 characters.
    AltText, 500
);
single_line!(
    /// Caption of an image: one line, 1 to 1000 characters.
    Caption, 1000
);
single_line!(
    /// Display name of a category: one line, 1 to 80 characters.
    CategoryName, 80
);
single_line!(
    /// Credit of an image, such as its photographer: one line, 1 to 200 characters.
    Credit, 200
);
single_line!(
    /// Display name of a person: one line, 1 to 80 characters.
    DisplayName, 80
);
single_line!(
    /// Short text for lists and feeds: one line, 1 to 240 characters. A list row with it stays below 1 KB.
    Excerpt, 240
);
single_line!(
    /// Name of an API key, such as the program that uses it: one line, 1 to 80 characters.
    KeyName, 80
);
single_line!(
    /// Note on a revision, shown in the history: one line, 1 to 200 characters.
    Note, 200
);
single_line!(
    /// Name of a file on the computer of its uploader: one line, 1 to 255 characters.
    OriginalName, 255
);
single_line!(
    /// Job title in a byline: one line, 1 to 120 characters.
    Position, 120
);
single_line!(
    /// A text to search for: one line, 1 to 100 characters.
    SearchText, 100
);
single_line!(
    /// Description of the site for feeds and search engines: one line, 1 to 500 characters.
    SiteDescription, 500
);
single_line!(
    /// Title of the site: one line, 1 to 200 characters.
    SiteTitle, 200
);
single_line!(
    /// A post's title: one line, 1 to 200 characters.
    Title, 200
);
single_line!(
    /// A tag: one line, 1 to 40 characters.
    ///
    /// Spellings that differ only in letter case are equal; see [`Tag::folded`].
    Tag, 40
);

impl OriginalName {
    /// The name without folders, which some browsers send. `None` if it is no name.
    #[must_use]
    pub fn of_upload(raw: &str) -> Option<Self> {
        raw.rsplit(['/', '\\']).next()?.parse().ok()
    }
}

impl SearchText {
    /// Whether a name contains the text, in any letter case.
    #[must_use]
    pub fn is_in(&self, name: &str) -> bool {
        name.to_lowercase().contains(&self.0.to_lowercase())
    }
}

impl Tag {
    /// The tag in lower case, for keys and comparison.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_emoji_and_spanish_signs_are_kept() {
        let title: Title = "  ¿«Serverless» en 2026? 🚀 ".parse().unwrap();
        assert_eq!(title.as_str(), "¿«Serverless» en 2026? 🚀");
    }

    #[test]
    fn names_of_uploads_have_no_folders() {
        let name = |raw| OriginalName::of_upload(raw).map(String::from);
        let stem = Some("Año nuevo.png".to_owned());
        assert_eq!(name("Año nuevo.png"), stem);
        assert_eq!(name("C:\\fakepath\\Año nuevo.png"), stem);
        assert_eq!(name("fotos/Año nuevo.png"), stem);
        assert_eq!(name("fotos/"), None);
        assert_eq!(name("a\nb"), None);
    }

    #[test]
    fn a_search_ignores_letter_case() {
        let text: SearchText = "AÑO ".parse().unwrap();
        assert!(text.is_in("Fin de año.png"));
        assert!(!text.is_in("Fin de ano.png"));
    }

    #[test]
    fn empty_long_and_multi_line_titles_are_rejected() {
        assert!("   ".parse::<Title>().is_err());
        assert!("a\nb".parse::<Title>().is_err());
        assert!("a\0b".parse::<Title>().is_err());
        assert!("ñ".repeat(200).parse::<Title>().is_ok());
        assert!("ñ".repeat(201).parse::<Title>().is_err());
    }
}
