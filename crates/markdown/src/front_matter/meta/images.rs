use crate::front_matter::{YamlMap, YamlValue};

/// An image that the front matter refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontMatterImage {
    /// The key, with dots for keys inside maps: `header.image`.
    pub key: String,
    /// The line of the outermost key in the whole file.
    pub line: usize,
    /// The path as written. It can contain spaces and Liquid, or be a URL.
    pub path: String,
    /// The alternative text from `alt` of the same map, `<key>_alt` or `<key>-alt`.
    pub alt: Option<String>,
}

/// The keys of images, the most important first. A dot separates keys of nested maps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageKeys(Vec<String>);

const DEFAULT_KEYS: &[&str] = &[
    "featured_image",
    "featured-image",
    "image",
    "cover",
    "cover_image",
    "header.image",
    "header.overlay_image",
    "header.teaser",
    "feature-img",
    "feature_image",
    "img",
    "thumbnail",
    "thumb",
    "teaser",
    "image-path",
    "og_image",
    "banner",
    "hero",
    "images",
];

/// The keys of the path in an image that is a map, the most important first.
const PATH_KEYS: &[&str] = &["path", "src", "url", "feature", "image", "file", "teaser"];

impl Default for ImageKeys {
    fn default() -> Self {
        Self(DEFAULT_KEYS.iter().map(|&key| key.to_owned()).collect())
    }
}

impl ImageKeys {
    /// Creates a list of keys, the most important first.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = String>) -> Self {
        Self(keys.into_iter().collect())
    }

    /// Adds the keys of a map that has values of the theme, such as `extra` in Zola.
    #[must_use]
    pub fn also_within(self, map: &str) -> Self {
        let nested: Vec<String> = self.0.iter().map(|key| format!("{map}.{key}")).collect();
        Self(self.0.into_iter().chain(nested).collect())
    }

    /// Whether the top-level `key` is one of these or a parent of one.
    pub(super) fn contains(&self, key: &str) -> bool {
        self.0
            .iter()
            .any(|known| known.split('.').next() == Some(key))
    }

    pub(super) fn read(&self, map: &YamlMap) -> Vec<FrontMatterImage> {
        self.0.iter().filter_map(|key| image(map, key)).collect()
    }
}

fn image(map: &YamlMap, dotted: &str) -> Option<FrontMatterImage> {
    let mut steps = dotted.split('.');
    let outer = map.entry(steps.next()?)?;
    let mut within = map;
    let mut value = &outer.value;
    let mut last = outer.key.as_str();
    for step in steps {
        let YamlValue::Map(inner) = value else {
            return None;
        };
        (within, last) = (inner, step);
        value = inner.get(step)?;
    }
    let first = match value {
        YamlValue::List(images) => images.first()?,
        value => value,
    };
    let (path, alt) = match first {
        YamlValue::Map(image) => (
            PATH_KEYS.iter().find_map(|key| image.text(key))?,
            image.text("alt"),
        ),
        value => (value.text()?, sibling_alt(within, last)),
    };
    let path = path.trim();
    let alt = alt.map(str::to_owned);
    (!path.is_empty()).then(|| FrontMatterImage {
        key: dotted.to_owned(),
        line: outer.line,
        path: path.to_owned(),
        alt,
    })
}

fn sibling_alt<'a>(map: &'a YamlMap, key: &str) -> Option<&'a str> {
    let stem = key.strip_suffix("-path").unwrap_or(key);
    map.text(&format!("{stem}_alt"))
        .or_else(|| map.text(&format!("{stem}-alt")))
}
