//! Reads the `_config.yml` of a site.

use super::permalink::PermalinkTemplate;
use crate::front_matter::{
    FrontMatterError, FrontMatterWarning, ParsedYaml, YamlMap, YamlValue, parse_yaml,
};
use crate::generator::Generator;

/// The key of the snippets in the values of a site: their texts by path below `_includes`.
pub const SNIPPETS: &str = "_includes";

/// The key of the images in the values of a site: for written targets, the paths of their files.
pub const IMAGE_TARGETS: &str = "_images";

/// The key of the generator in the values of a site, as in [`Generator::key`]. Without it, the site is one of
/// Jekyll.
pub const GENERATOR: &str = "_generator";

/// The values of a site, and of the page to render, for Liquid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteConfig {
    values: YamlMap,
    page: YamlMap,
}

impl SiteConfig {
    /// Creates a site with these values.
    #[must_use]
    pub fn new(values: YamlMap) -> Self {
        Self {
            values,
            page: YamlMap::default(),
        }
    }

    /// Reads a `_config.yml`.
    ///
    /// # Errors
    /// Fails as for front matter.
    pub fn read(config: &[u8]) -> Result<(Self, Vec<FrontMatterWarning>), FrontMatterError> {
        let text = crate::front_matter::decode(config)?;
        let ParsedYaml { map, warnings } = parse_yaml(text.trim_start_matches('\u{feff}'), 1)?;
        Ok((Self::new(map), warnings))
    }

    /// Returns the site with the front matter of a page for `page.*`.
    #[must_use]
    pub fn with_page(&self, page: YamlMap) -> Self {
        Self {
            values: self.values.clone(),
            page,
        }
    }

    /// The values of `site.*`.
    #[must_use]
    pub fn values(&self) -> &YamlMap {
        &self.values
    }

    /// The values of `page.*`.
    #[must_use]
    pub fn page(&self) -> &YamlMap {
        &self.page
    }

    /// The generator of the site.
    #[must_use]
    pub fn generator(&self) -> Generator {
        let name = self.values.text(GENERATOR);
        name.and_then(Generator::named).unwrap_or_default()
    }

    /// Whether Liquid is evaluated in the page: not with `render_with_liquid: false`.
    #[must_use]
    pub fn renders_liquid(&self) -> bool {
        self.page.text("render_with_liquid") != Some("false")
    }

    /// The template for URLs of posts: that of the collection `posts`, otherwise that of the site.
    #[must_use]
    pub fn permalink(&self) -> PermalinkTemplate {
        if let Some(pattern) = self.collection_permalink() {
            return PermalinkTemplate::of_post(pattern);
        }
        self.values
            .text("permalink")
            .map_or_else(PermalinkTemplate::default, PermalinkTemplate::of_site)
    }

    fn collection_permalink(&self) -> Option<&str> {
        let Some(YamlValue::Map(collections)) = self.values.get("collections") else {
            return None;
        };
        match collections.get("posts") {
            Some(YamlValue::Map(posts)) => posts.text("permalink"),
            _ => None,
        }
    }

    /// Removes the folder of all collections from a path.
    #[must_use]
    pub fn relative<'a>(&self, path: &'a str) -> &'a str {
        let folder = self.values.text("collections_dir").unwrap_or_default();
        let folder = folder.trim_start_matches("./").trim_matches('/');
        let below = path
            .strip_prefix(folder)
            .and_then(|rest| rest.strip_prefix('/'));
        below.filter(|_| !folder.is_empty()).unwrap_or(path)
    }

    /// Whether posts with a date in the future are published.
    #[must_use]
    pub fn shows_future(&self) -> bool {
        self.values.text("future") == Some("true")
    }

    /// The prefix of the URLs of posts in a language, such as `/es`; empty for the default one.
    #[must_use]
    pub fn language_prefix(&self, language: Option<&str>) -> String {
        let languages = match self.values.get("languages") {
            Some(YamlValue::List(languages)) => languages.as_slice(),
            _ => &[],
        };
        let default = self.values.text("default_lang");
        let is_listed =
            |language: &&str| languages.iter().any(|other| other.text() == Some(language));
        language
            .filter(is_listed)
            .filter(|language| default.is_some_and(|default| default != *language))
            .map_or_else(String::new, |language| format!("/{language}"))
    }

    /// The name of the time zone, such as `Europe/Madrid`.
    #[must_use]
    pub fn timezone(&self) -> Option<&str> {
        self.values.text("timezone")
    }

    /// The URL, such as `https://example.org`; empty by default.
    #[must_use]
    pub fn url(&self) -> &str {
        self.values.text("url").unwrap_or_default()
    }

    /// The base path, such as `/blog`; empty by default.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.values.text("baseurl").unwrap_or_default()
    }

    /// The path of the file that the target of an image means, if the import found it elsewhere.
    #[must_use]
    pub fn image_target(&self, written: &str) -> Option<&str> {
        match self.values.get(IMAGE_TARGETS) {
            Some(YamlValue::Map(targets)) => targets.text(written),
            _ => None,
        }
    }

    /// Removes the URL and the base path of the site. Returns other URLs unchanged.
    #[must_use]
    pub fn local<'a>(&self, address: &'a str) -> &'a str {
        let host = |url: &'a str| url.split_once("://").map_or(url, |(_, host)| host);
        let own = self.url().split_once("://").map(|(_, host)| host);
        let path = own.filter(|_| address.contains("://") || address.starts_with("//"));
        let path = path.and_then(|own| without_lead(host(address.trim_start_matches("//")), own));
        let path = path.unwrap_or(address);
        without_lead(path, self.base_url()).unwrap_or(path)
    }
}

fn without_lead<'a>(address: &'a str, lead: &str) -> Option<&'a str> {
    let rest = address.strip_prefix(lead.trim_end_matches('/'))?;
    rest.starts_with('/').then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "title: Un blog\nurl: \"\"\nbaseurl: /blog # here\npermalink: pretty\n\
                          timezone: Europe/Madrid\nsocial: {name: ana}\nlinks: [a, b]\n";

    #[test]
    fn a_configuration_is_read() {
        let (site, warnings) = SiteConfig::read(CONFIG.as_bytes()).unwrap();
        assert_eq!(site.permalink(), PermalinkTemplate::of_site("pretty"));
        assert_eq!(
            (site.timezone(), site.base_url()),
            (Some("Europe/Madrid"), "/blog")
        );
        assert!(warnings.is_empty());
    }

    #[test]
    fn a_local_path_has_no_host_and_no_base_path() {
        let site = SiteConfig::read(b"url: https://e.org\nbaseurl: /blog")
            .unwrap()
            .0;
        for address in ["https://e.org/blog/a.png", "/blog/a.png", "/a.png"] {
            assert_eq!(site.local(address), "/a.png");
        }
        assert_eq!(site.local("http://e.org/a.png"), "/a.png");
        assert_eq!(site.local("//e.org/blog/a.png"), "/a.png");
        for other in [
            "https://e.org.uk/a",
            "https://f.org/e.org/a",
            "//a.png",
            "e.org/a",
        ] {
            assert_eq!(site.local(other), other);
        }
        assert_eq!(site.local("/blogging/a.png"), "/blogging/a.png");
        assert_eq!(site.local("a.png"), "a.png");
    }

    #[test]
    fn settings_of_collections_and_languages_are_read() {
        let config = "permalink: pretty\ncollections: {posts: {permalink: /n/:title/}}\n\
                      collections_dir: src/\nfuture: true\nlanguages: [en, es]\ndefault_lang: en\n";
        let site = SiteConfig::read(config.as_bytes()).unwrap().0;
        assert_eq!(site.permalink(), PermalinkTemplate::of_post("/n/:title/"));
        assert_eq!(site.relative("src/_posts/a.md"), "_posts/a.md");
        assert_eq!(site.relative("srcs/_posts/a.md"), "srcs/_posts/a.md");
        assert!(site.shows_future());
        let prefixes =
            [Some("es"), Some("en"), Some("fr"), None].map(|lang| site.language_prefix(lang));
        assert_eq!(prefixes, ["/es", "", "", ""]);
    }

    #[test]
    fn an_empty_configuration_has_the_defaults_of_jekyll() {
        let site = SiteConfig::read(b"").unwrap().0;
        assert_eq!(site.permalink(), PermalinkTemplate::default());
        assert_eq!((site.url(), site.base_url()), ("", ""));
    }
}
