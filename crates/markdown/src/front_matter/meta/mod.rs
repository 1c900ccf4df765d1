mod authors;
mod images;
mod key_reader;
mod name_lists;

pub use authors::Author;
pub use images::{FrontMatterImage, ImageKeys};
use key_reader::KeyReader;

use super::{FrontMatterWarning, YamlMap, YamlValue};

/// The known keys of a post's front matter, each value as text. Other keys are in
/// [`Meta::extra`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meta {
    /// `title`.
    pub title: Option<String>,
    /// `date` as text: a time needs the time zone of the site.
    pub date: Option<String>,
    /// `last_modified_at`, `modified`, `updated` or `lastmod`.
    pub updated: Option<String>,
    /// `slug` or `basename`.
    pub slug: Option<String>,
    /// `categories`, then `category`, each once.
    pub categories: Vec<String>,
    /// `tags`, then `tag`, each once.
    pub tags: Vec<String>,
    /// False if `published` is false or `draft` is true.
    pub published: bool,
    /// `permalink`, which can contain placeholders.
    pub permalink: Option<String>,
    /// `redirect_from`, then `aliases`.
    pub aliases: Vec<String>,
    /// `excerpt`, otherwise `summary`, otherwise `description`.
    pub excerpt: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `author`, then `authors`.
    pub authors: Vec<Author>,
    /// The images in the order of the [`ImageKeys`].
    pub images: Vec<FrontMatterImage>,
    /// `lang` or `locale`.
    pub locale: Option<String>,
    /// Every other key in order, with its type. Image keys with a map are also here: the map can
    /// contain more than the image.
    pub extra: YamlMap,
}

impl Meta {
    /// Reads the known keys of `map`, and the images of the keys in `images`.
    #[must_use]
    pub fn read(map: &YamlMap, images: &ImageKeys) -> (Self, Vec<FrontMatterWarning>) {
        let mut keys = KeyReader::new(map);
        let mut meta = Self {
            title: keys.text(&["title"]),
            date: keys.text(&["date"]),
            updated: keys.text(&["last_modified_at", "modified", "updated", "lastmod"]),
            slug: keys.text(&["slug", "basename"]),
            categories: keys.names("category", "categories"),
            tags: keys.tags(),
            published: !keys.is_no("published") && !keys.is_yes("draft"),
            permalink: keys.text(&["permalink"]),
            aliases: keys.texts(&["redirect_from", "aliases"]),
            excerpt: keys.text(&["excerpt", "summary", "description"]),
            description: keys.text(&["description"]),
            authors: authors::read(map),
            images: images.read(map),
            locale: keys.text(&["lang", "locale"]),
            extra: YamlMap::default(),
        };
        keys.add_known(&["author", "authors", "excerpt_separator"]);
        let extra = map.entries().iter().filter(|entry| {
            let is_map = matches!(entry.value, YamlValue::Map(_));
            !keys.known.contains(entry.key.as_str()) && (is_map || !images.contains(&entry.key))
        });
        meta.extra = extra.cloned().collect();
        (meta, keys.warnings)
    }
}

#[cfg(test)]
mod tests;
