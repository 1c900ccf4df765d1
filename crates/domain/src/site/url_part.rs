//! The parts of a pattern.

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum UrlPart {
    Text(String),
    Placeholder(Placeholder),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placeholder {
    Slug,
    Locale,
    Category,
    Year,
    Month,
    Day,
    /// The slugs of a category from the root.
    Path,
}

impl Placeholder {
    pub(super) const OF_POSTS: &'static [Self] = &[
        Self::Slug,
        Self::Locale,
        Self::Category,
        Self::Year,
        Self::Month,
        Self::Day,
    ];

    pub(super) const OF_LISTS: &'static [Self] = &[Self::Slug, Self::Path, Self::Locale];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Slug => "slug",
            Self::Locale => "locale",
            Self::Category => "category",
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
            Self::Path => "path",
        }
    }
}
