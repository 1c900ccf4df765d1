mod authors;
mod images;
mod key_reader;
mod name_lists;

pub use authors::Author;
pub use images::{FrontMatterImage, ImageKeys};
use key_reader::{Keys, is_known};

use super::{FrontMatterWarning, YamlMap, YamlValue};

/// What the product understands of a post's front matter, each value as the text it was written
/// in. Keys it does not know are in [`Meta::extra`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meta {
    /// `title`.
    pub title: Option<String>,
    /// `date`, not yet read as a moment: that takes the site's time zone.
    pub date: Option<String>,
    /// `last_modified_at`, `modified`, `updated` or `lastmod`.
    pub updated: Option<String>,
    /// `slug` or `basename`.
    pub slug: Option<String>,
    /// `categories`, then `category`, each once.
    pub categories: Vec<String>,
    /// `tags`, then `tag`, each once.
    pub tags: Vec<String>,
    /// False when `published` says no or `draft` says yes.
    pub published: bool,
    /// `permalink`, which may hold placeholders.
    pub permalink: Option<String>,
    /// `redirect_from`, then `aliases`.
    pub aliases: Vec<String>,
    /// `excerpt`, else `summary`, else `description`.
    pub excerpt: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `excerpt_separator`.
    pub excerpt_separator: Option<String>,
    /// `author`, then `authors`.
    pub authors: Vec<Author>,
    /// Images by the order of the keys asked for, then of their place in the file.
    pub images: Vec<FrontMatterImage>,
    /// `lang` or `locale`.
    pub locale: Option<String>,
    /// Every other key, with its order and type. An image key that holds a map is also here, since
    /// the map may say more than the image.
    pub extra: YamlMap,
}

impl Meta {
    /// Gives the keys of `map` their meaning. `images` says which keys name an image.
    #[must_use]
    pub fn read(map: &YamlMap, images: &ImageKeys) -> (Self, Vec<FrontMatterWarning>) {
        let mut keys = Keys::of(map);
        let meta = Self {
            title: keys.text(&["title"]),
            date: keys.text(&["date"]),
            updated: keys.text(&["last_modified_at", "modified", "updated", "lastmod"]),
            slug: keys.text(&["slug", "basename"]),
            categories: keys.terms("category", "categories"),
            tags: keys.tags(),
            published: !keys.is_no("published") && !keys.is_yes("draft"),
            permalink: keys.text(&["permalink"]),
            aliases: keys.lines(&["redirect_from", "aliases"]),
            excerpt: keys.text(&["excerpt", "summary", "description"]),
            description: keys.text(&["description"]),
            excerpt_separator: map.text("excerpt_separator").map(str::to_owned),
            authors: authors::read(map),
            images: images.read(map),
            locale: keys.text(&["lang", "locale"]),
            extra: extra(map, images),
        };
        (meta, keys.warnings)
    }
}

fn extra(map: &YamlMap, images: &ImageKeys) -> YamlMap {
    let is_extra = |key: &str, value: &YamlValue| {
        !is_known(key) && (!images.holds(key) || matches!(value, YamlValue::Map(_)))
    };
    map.entries()
        .iter()
        .filter(|entry| is_extra(&entry.key, &entry.value))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests;
