//! What a site's `_config.yml` says.

use super::permalink::PermalinkTemplate;
use crate::front_matter::{
    FrontMatterError, FrontMatterWarning, ParsedYaml, YamlMap, YamlValue, parse_yaml,
};

/// The values Liquid may read: those of the site, and those of the page being rendered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteConfig {
    values: YamlMap,
    page: YamlMap,
}

impl SiteConfig {
    /// A site with these values.
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
    /// As for front matter; places are those of the file.
    pub fn read(config: &[u8]) -> Result<(Self, Vec<FrontMatterWarning>), FrontMatterError> {
        let text = crate::front_matter::decode(config)?;
        let ParsedYaml { map, warnings } = parse_yaml(text.trim_start_matches('\u{feff}'), 1)?;
        Ok((Self::new(map), warnings))
    }

    /// The same site, with the front matter of a page for `page.*`.
    #[must_use]
    pub fn with_page(&self, page: YamlMap) -> Self {
        Self {
            values: self.values.clone(),
            page,
        }
    }

    /// Its values.
    #[must_use]
    pub fn values(&self) -> &YamlMap {
        &self.values
    }

    /// The pattern of its posts' URLs.
    #[must_use]
    pub fn permalink(&self) -> PermalinkTemplate {
        self.values
            .text("permalink")
            .map_or_else(PermalinkTemplate::default, PermalinkTemplate::of_site)
    }

    /// The name of its time zone, such as `Europe/Madrid`.
    #[must_use]
    pub fn timezone(&self) -> Option<&str> {
        self.values.text("timezone")
    }

    /// Where it is served, such as `https://example.org`; empty when nothing says.
    #[must_use]
    pub fn url(&self) -> &str {
        self.values.text("url").unwrap_or_default()
    }

    /// The path it lies under, such as `/blog`; empty when it lies at the root.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.values.text("baseurl").unwrap_or_default()
    }

    /// A path of the site without the site's own address and base path; other addresses as they
    /// are.
    #[must_use]
    pub fn local<'a>(&self, address: &'a str) -> &'a str {
        let path = without_lead(address, self.url()).unwrap_or(address);
        without_lead(path, self.base_url()).unwrap_or(path)
    }

    /// What ends the excerpt of a post.
    #[must_use]
    pub fn excerpt_separator(&self) -> Option<&str> {
        self.values.text("excerpt_separator")
    }

    /// The text of `site.a.b` or `page.a`, or none when nobody gave it. `site.url` and
    /// `site.baseurl` are always there.
    #[must_use]
    pub fn lookup(&self, path: &[&str]) -> Option<String> {
        match path {
            ["site", "url"] => Some(self.url().to_owned()),
            ["site", "baseurl"] => Some(self.base_url().to_owned()),
            ["site", keys @ ..] => within(&self.values, keys),
            ["page", keys @ ..] => within(&self.page, keys),
            _ => None,
        }
    }
}

fn without_lead<'a>(address: &'a str, lead: &str) -> Option<&'a str> {
    let rest = address.strip_prefix(lead.trim_end_matches('/'))?;
    rest.starts_with('/').then_some(rest)
}

fn within(map: &YamlMap, keys: &[&str]) -> Option<String> {
    let (first, rest) = keys.split_first()?;
    match (map.get(first)?, rest) {
        (YamlValue::Map(inner), [_, ..]) => within(inner, rest),
        (value, []) => spoken(value),
        _ => None,
    }
}

/// A value as Liquid prints it: null is nothing, a list is its items in a row.
fn spoken(value: &YamlValue) -> Option<String> {
    match value {
        YamlValue::Scalar(_) => Some(value.text().unwrap_or_default().to_owned()),
        YamlValue::List(items) => items.iter().map(spoken).collect(),
        YamlValue::Map(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "title: Un blog\nurl: \"\"\nbaseurl: /blog # here\npermalink: pretty\n\
                          timezone: Europe/Madrid\nsocial: {name: ana}\nlinks: [a, b]\n";

    #[test]
    fn a_configuration_gives_the_values_of_the_site() {
        let (site, warnings) = SiteConfig::read(CONFIG.as_bytes()).unwrap();
        assert_eq!(site.permalink(), PermalinkTemplate::of_site("pretty"));
        assert_eq!(
            (site.timezone(), site.base_url()),
            (Some("Europe/Madrid"), "/blog")
        );
        assert!(warnings.is_empty());
    }

    #[test]
    fn values_are_found_by_their_path() {
        let page = parse_yaml("title: Hola\n", 1).unwrap().map;
        let site = SiteConfig::read(CONFIG.as_bytes())
            .unwrap()
            .0
            .with_page(page);
        assert_eq!(
            site.lookup(&["site", "social", "name"]).as_deref(),
            Some("ana")
        );
        assert_eq!(site.lookup(&["site", "links"]).as_deref(), Some("ab"));
        assert_eq!(site.lookup(&["page", "title"]).as_deref(), Some("Hola"));
        assert_eq!(site.lookup(&["site", "url"]).as_deref(), Some(""));
        assert_eq!(site.lookup(&["site", "title", "x"]), None);
        assert_eq!(site.lookup(&["layout", "title"]), None);
    }

    #[test]
    fn a_local_path_has_neither_host_nor_base() {
        let site = SiteConfig::read(b"url: https://e.org\nbaseurl: /blog")
            .unwrap()
            .0;
        for address in ["https://e.org/blog/a.png", "/blog/a.png", "/a.png"] {
            assert_eq!(site.local(address), "/a.png");
        }
        assert_eq!(site.local("/blogging/a.png"), "/blogging/a.png");
        assert_eq!(site.local("a.png"), "a.png");
    }

    #[test]
    fn an_empty_configuration_is_a_site_with_jekylls_defaults() {
        let site = SiteConfig::read(b"").unwrap().0;
        assert_eq!(site.permalink(), PermalinkTemplate::default());
        assert_eq!(site.lookup(&["site", "baseurl"]).as_deref(), Some(""));
    }
}
