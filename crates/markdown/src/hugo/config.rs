use crate::front_matter::{Scalar, YamlEntry, YamlMap, YamlValue};
use crate::jekyll::defaults::merged;

/// The extensions of configuration files, in the order in which Hugo looks for them.
const EXTENSIONS: [&str; 4] = ["toml", "yaml", "yml", "json"];

/// The part of a configuration that a file contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HugoConfigFile {
    /// The whole configuration: `hugo.toml` or `config.toml`.
    Root,
    /// The value of one key, such as `params` in `config/_default/params.toml`.
    Key(String),
    /// The settings of a language, such as `es` in `config/_default/languages.es.toml`.
    Language(String),
}

impl HugoConfigFile {
    /// Returns the part of the configuration in the file with this path, if it is one.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        let name = match path.strip_prefix("config/_default/") {
            Some(name) if !name.contains('/') => name,
            Some(_) => return None,
            None => path,
        };
        let (stem, extension) = name.rsplit_once('.')?;
        let is_root = matches!(stem, "hugo" | "config");
        if !EXTENSIONS.contains(&extension) || (name.len() == path.len() && !is_root) {
            return None;
        }
        Some(match stem.split_once('.') {
            _ if is_root => Self::Root,
            Some(("languages", language)) => Self::Language(language.to_owned()),
            Some(_) => return None,
            None => Self::Key(stem.to_lowercase()),
        })
    }
}

/// Returns the configuration files among these paths with their parts, the weakest first: Hugo reads one
/// file in the root and those in `config/_default`.
#[must_use]
pub fn config_files<'a>(paths: &[&'a str]) -> Vec<(&'a str, HugoConfigFile)> {
    let roots = ["hugo", "config"].into_iter().flat_map(|stem| {
        let names = EXTENSIONS.iter();
        names.map(move |extension| format!("{stem}.{extension}"))
    });
    let root = roots
        .into_iter()
        .find_map(|name| paths.iter().find(|path| **path == name));
    let others = paths.iter().filter(|path| path.starts_with("config/"));
    let files = root.into_iter().chain(others);
    files
        .filter_map(|path| Some((*path, HugoConfigFile::of(path)?)))
        .collect()
}

/// Joins the parts of a configuration. Keys are case-insensitive, so they become lower case.
pub(super) fn joined(files: Vec<(HugoConfigFile, YamlMap)>) -> YamlMap {
    let mut config = YamlMap::default();
    for (part, map) in files {
        let map = lower_case(&map);
        let map = match part {
            HugoConfigFile::Root => map,
            HugoConfigFile::Key(key) => nested(&key, map),
            HugoConfigFile::Language(language) => nested("languages", nested(&language, map)),
        };
        config = merged(map, &config);
    }
    config
}

fn nested(key: &str, map: YamlMap) -> YamlMap {
    [entry(key, YamlValue::Map(map))].into_iter().collect()
}

fn entry(key: &str, value: YamlValue) -> YamlEntry {
    YamlEntry {
        key: key.to_owned(),
        line: 0,
        value,
    }
}

fn text(text: &str) -> YamlValue {
    YamlValue::Scalar(Scalar {
        text: text.to_owned(),
        plain: false,
    })
}

fn lower_case(map: &YamlMap) -> YamlMap {
    let entries = map.entries().iter().map(|entry| YamlEntry {
        key: entry.key.to_lowercase(),
        line: entry.line,
        value: match &entry.value {
            YamlValue::Map(map) => YamlValue::Map(lower_case(map)),
            value => value.clone(),
        },
    });
    entries.collect()
}

/// Returns the folders of content with their languages, those with the longest paths first.
pub(super) fn content_folders(config: &YamlMap) -> Vec<(String, Option<String>)> {
    let clean = |path: &str| path.trim_start_matches("./").trim_matches('/').to_owned();
    let default = config.text("contentdir").unwrap_or("content");
    let mut folders = vec![(clean(default), None)];
    if let Some(YamlValue::Map(languages)) = config.get("languages") {
        for entry in languages.entries() {
            let YamlValue::Map(language) = &entry.value else {
                continue;
            };
            if let Some(folder) = language.text("contentdir") {
                folders.push((clean(folder), Some(entry.key.clone())));
            }
        }
    }
    folders.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.len()));
    folders
}

/// Adds the names that Jekyll uses for settings of Hugo.
pub(super) fn site_values(config: &YamlMap) -> YamlMap {
    let mut values = config.clone();
    let base = config.text("baseurl").unwrap_or_default();
    let (scheme, rest) = base.split_once("://").unwrap_or(("", base));
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (origin, path) = match scheme {
        "" if base.starts_with('/') => (String::new(), base.trim_matches('/')),
        "" => (String::new(), ""),
        scheme => (format!("{scheme}://{host}"), path.trim_matches('/')),
    };
    let path = if path.is_empty() {
        String::new()
    } else {
        format!("/{path}")
    };
    let language = ["languagecode", "defaultcontentlanguage"];
    let language = language.iter().find_map(|key| config.text(key));
    let names = [
        ("url", Some(origin.as_str())),
        ("baseurl", Some(path.as_str())),
        ("lang", language),
        ("future", Some("false")),
    ];
    for (key, value) in names {
        if let Some(value) = value {
            values.set(entry(key, text(value)));
        }
    }
    values
}
