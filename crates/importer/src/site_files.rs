//! Reads the snippets and data files that Liquid in posts uses, and selects those of a body.

use std::collections::{BTreeMap, BTreeSet};

use tintero_markdown::{
    front_matter::{Scalar, YamlEntry, YamlMap, YamlValue, parse_yaml_value},
    generator::Generator,
    jekyll::site::{GENERATOR, SNIPPETS, SiteConfig},
};

use crate::{
    diagnostic::{Diagnostic, FileDiagnostic},
    folder::Folder,
};

/// The largest values of a body, in bytes of JSON. The server keeps 64 KiB with a post, those of the
/// image targets included.
const MAX_VALUES: usize = 48 * 1024;

/// The values that a rendering uses for every body.
const ALWAYS: [&str; 3] = ["baseurl", "url", GENERATOR];

/// The values that Liquid uses without naming them.
const IMPLICIT: [&str; 2] = ["collections", "timezone"];

/// The texts in `_includes` and the values in `_data`.
#[derive(Debug, Default)]
pub(crate) struct SiteFiles {
    snippets: BTreeMap<String, String>,
    data: YamlMap,
}

impl SiteFiles {
    /// Reads the files. Returns a warning for each data file that cannot be read.
    pub(crate) fn read(
        folder: &Folder,
        paths: &[&str],
        site: &SiteConfig,
    ) -> (Self, Vec<FileDiagnostic>) {
        let mut files = Self::default();
        let mut warnings = Vec::new();
        let snippets = folder_name(site, "includes_dir", "_includes/");
        let data = folder_name(site, "data_dir", "_data/");
        for path in paths {
            if let Some(name) = path.strip_prefix(snippets.as_str()) {
                let text = folder
                    .read(path)
                    .ok()
                    .and_then(|bytes| String::from_utf8(bytes).ok());
                files
                    .snippets
                    .extend(text.map(|text| (name.to_owned(), text)));
            } else if let Some(name) = path.strip_prefix(data.as_str()) {
                match read_data(folder, path) {
                    Ok(Some(value)) => set(&mut files.data, name, value),
                    Ok(None) => {}
                    Err(diagnostic) => warnings.push(FileDiagnostic::new(*path, diagnostic)),
                }
            }
        }
        (files, warnings)
    }

    /// The values of the site that a body needs. Returns a warning if the server cannot keep them.
    pub(crate) fn values_for(
        &self,
        site: &SiteConfig,
        body: &str,
    ) -> (SiteConfig, Option<Diagnostic>) {
        let addresses = || select(site.values(), |key| ALWAYS.contains(&key));
        if !["{{", "{%"].iter().any(|mark| body.contains(mark)) {
            return (SiteConfig::new(addresses()), None);
        }
        if site.generator() != Generator::Jekyll {
            // Shortcodes use nothing but parameters.
            let values = select(site.values(), |key| {
                ALWAYS.contains(&key) || (key == "params" && body.contains("param"))
            });
            let is_short = length(&values) <= MAX_VALUES;
            let values = if is_short { values } else { addresses() };
            return (SiteConfig::new(values), None);
        }
        let uses = Uses::of(body, &self.snippets);
        let mut needed = YamlMap::default();
        if !uses.snippets.is_empty() {
            let texts = uses.snippets.iter().filter_map(|name| {
                let text = self.snippets.get(*name)?;
                Some(entry(name, text_value(text)))
            });
            needed.set(entry(SNIPPETS, YamlValue::Map(texts.collect())));
        }
        let data = select(&self.data, |key| uses.all_data || uses.data.contains(key));
        if !data.entries().is_empty() {
            needed.set(entry("data", YamlValue::Map(data)));
        }
        let is_used = |key: &str| {
            uses.all_values
                || uses.values.contains(key)
                || ALWAYS.contains(&key)
                || IMPLICIT.contains(&key)
        };
        let all = with(site.values().clone(), &needed);
        let mentioned = || with(select(site.values(), is_used), &needed);
        for values in [Some(all), Some(mentioned())].into_iter().flatten() {
            if length(&values) <= MAX_VALUES {
                return (SiteConfig::new(values), None);
            }
        }
        let limit = MAX_VALUES / 1024;
        let reason = format!(
            "uses more than {limit} KiB of snippets, data files and values of `_config.yml`, so it is imported \
             without them"
        );
        let warning = Diagnostic::new("site_values_too_large", reason);
        (SiteConfig::new(addresses()), Some(warning))
    }
}

/// The folder that `_config.yml` names, with a slash at its end.
fn folder_name(site: &SiteConfig, key: &str, default: &str) -> String {
    site.values().text(key).map_or_else(
        || default.to_owned(),
        |name| format!("{}/", name.trim_matches(['.', '/'])),
    )
}

/// Reads a data file with YAML or JSON. Others are not read; their values are unknown.
fn read_data(folder: &Folder, path: &str) -> Result<Option<YamlValue>, Diagnostic> {
    let is_read = [".yml", ".yaml", ".json"]
        .iter()
        .any(|end| path.ends_with(end));
    if !is_read {
        return Ok(None);
    }
    let bytes = folder.read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let value = parse_yaml_value(text.trim_start_matches('\u{feff}'))?;
    Ok(Some(value))
}

/// Sets the value of a data file. Folders are maps.
fn set(data: &mut YamlMap, name: &str, value: YamlValue) {
    let Some((folder, rest)) = name.split_once('/') else {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        data.set(entry(stem, value));
        return;
    };
    let mut inner = match data.get(folder) {
        Some(YamlValue::Map(map)) => map.clone(),
        _ => YamlMap::default(),
    };
    set(&mut inner, rest, value);
    data.set(entry(folder, YamlValue::Map(inner)));
}

fn entry(key: &str, value: YamlValue) -> YamlEntry {
    let key = key.to_owned();
    YamlEntry {
        key,
        line: 1,
        value,
    }
}

fn text_value(text: &str) -> YamlValue {
    let text = text.to_owned();
    YamlValue::Scalar(Scalar { text, plain: false })
}

fn select(map: &YamlMap, is_used: impl Fn(&str) -> bool) -> YamlMap {
    let used = map.entries().iter().filter(|entry| is_used(&entry.key));
    used.cloned().collect()
}

fn with(mut map: YamlMap, more: &YamlMap) -> YamlMap {
    for entry in more.entries() {
        map.set(entry.clone());
    }
    map
}

fn length(values: &YamlMap) -> usize {
    serde_json::to_string(&values.to_json()).map_or(usize::MAX, |json| json.len())
}

/// What the Liquid of a body and of its snippets names.
#[derive(Debug, Default)]
struct Uses<'a> {
    snippets: BTreeSet<&'a str>,
    values: BTreeSet<&'a str>,
    data: BTreeSet<&'a str>,
    /// A key is computed, so all values can be used.
    all_values: bool,
    all_data: bool,
}

impl<'a> Uses<'a> {
    fn of(body: &'a str, snippets: &'a BTreeMap<String, String>) -> Self {
        let mut uses = Self::default();
        let mut texts = vec![body];
        while let Some(text) = texts.pop() {
            uses.add_values(text);
            for name in included(text) {
                let found: Vec<_> = if name.starts_with("{{") {
                    snippets.iter().collect()
                } else {
                    snippets.get_key_value(name).into_iter().collect()
                };
                for (name, text) in found {
                    if uses.snippets.insert(name) {
                        texts.push(text);
                    }
                }
            }
        }
        uses
    }

    fn add_values(&mut self, text: &'a str) {
        for (at, _) in text.match_indices("site") {
            let rest = &text[at + 4..];
            let Some(key) = rest.strip_prefix('.').map(word) else {
                self.all_values |= rest.starts_with('[');
                self.all_data |= rest.starts_with('[');
                continue;
            };
            if key != "data" {
                self.values.insert(key);
                continue;
            }
            match rest[1 + key.len()..].strip_prefix('.').map(word) {
                Some(file) => drop(self.data.insert(file)),
                None => self.all_data = true,
            }
        }
    }
}

/// The first words after `include` tags.
fn included(text: &str) -> impl Iterator<Item = &str> {
    text.split("{%").skip(1).filter_map(|tag| {
        let tag = tag.trim_start_matches('-').trim_start();
        let rest = ["include_cached", "include"]
            .iter()
            .find_map(|name| tag.strip_prefix(name))?;
        let name = rest
            .strip_prefix(char::is_whitespace)?
            .split_whitespace()
            .next()?;
        Some(name.trim_matches(['"', '\'']))
    })
}

fn word(text: &str) -> &str {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
    let end = text.find(|letter| !is_part(letter));
    &text[..end.unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_folder::test_folder;

    fn values(files: &[(&str, &str)], body: &str) -> (serde_json::Value, Option<&'static str>) {
        let (_dir, folder) = test_folder(files);
        let (paths, _) = folder.all_files();
        let paths: Vec<&str> = paths.iter().map(|file| file.path.as_str()).collect();
        let config = files.iter().find(|(path, _)| *path == "_config.yml");
        let site = config.map(|(_, text)| SiteConfig::read(text.as_bytes()).unwrap().0);
        let site = site.unwrap_or_default();
        let (files, warnings) = SiteFiles::read(&folder, &paths, &site);
        assert!(warnings.is_empty());
        let (site, warning) = files.values_for(&site, body);
        (
            site.values().to_json().into(),
            warning.map(|warning| warning.code),
        )
    }

    const FILES: &[(&str, &str)] = &[
        ("_config.yml", "url: https://e.org\nname: Pan\n"),
        (
            "_includes/a.html",
            "{%- include b/c.html -%} {{ site.data.prices.bread }}",
        ),
        ("_includes/b/c.html", "c"),
        ("_includes/unused.html", "d"),
        ("_data/prices.yml", "bread: 2\n"),
        ("_data/es/menu.json", "[\"a\", {\"b\": 1}]"),
        ("_data/rows.csv", "a,b\n"),
    ];

    #[test]
    fn a_body_gets_the_snippets_and_data_that_it_uses() {
        let (site, _) = values(FILES, "{% include a.html x='y' %}");
        assert_eq!(
            site,
            serde_json::json!({
                "url": "https://e.org",
                "name": "Pan",
                "_includes": {"a.html": FILES[1].1, "b/c.html": "c"},
                "data": {"prices": {"bread": 2}},
            })
        );
        let (site, _) = values(FILES, "{{ site.data.es.menu[0] }}");
        assert_eq!(
            site["data"],
            serde_json::json!({"es": {"menu": ["a", {"b": 1}]}})
        );
        let (site, _) = values(FILES, "{% include {{ page.x }} %}");
        assert_eq!(site["_includes"].as_object().unwrap().len(), 3);
        let (site, _) = values(FILES, "no Liquid, but site.data");
        assert_eq!(site, serde_json::json!({"url": "https://e.org"}));
    }

    #[test]
    fn values_that_the_server_cannot_keep_are_reported() {
        let long = format!("url: u\nname: n\nother: {}\n", "x".repeat(47 * 1024));
        let snippet = "y".repeat(2048);
        let files = [
            ("_config.yml", long.as_str()),
            ("_includes/a.html", &snippet),
        ];
        let (site, warning) = values(&files, "{% include a.html %}{{ site.name }}");
        assert_eq!(
            (site["name"].as_str(), site.get("other"), warning),
            (Some("n"), None, None)
        );
        let (site, warning) = values(&files, "{% include a.html %}{{ site.other }}");
        assert_eq!(
            (site, warning),
            (
                serde_json::json!({"url": "u"}),
                Some("site_values_too_large")
            )
        );
    }
}
