//! The programs that build sites from Markdown.

/// A program that builds a site from a folder of Markdown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Generator {
    /// Jekyll, with Liquid in bodies.
    #[default]
    Jekyll,
    /// Hugo, with shortcodes such as `{{< figure >}}` in bodies.
    Hugo,
    /// Zola, with shortcodes such as `{{ youtube() }}` in bodies.
    Zola,
}

impl Generator {
    /// Returns the generator with this name in lower case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Jekyll, Self::Hugo, Self::Zola]
            .into_iter()
            .find(|generator| generator.key() == name)
    }

    /// The name in lower case.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Jekyll => "jekyll",
            Self::Hugo => "hugo",
            Self::Zola => "zola",
        }
    }

    /// The name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jekyll => "Jekyll",
            Self::Hugo => "Hugo",
            Self::Zola => "Zola",
        }
    }
}
