use globset::{GlobBuilder, GlobMatcher};

use crate::content_path::ContentPath;
use crate::front_matter::{YamlMap, YamlValue};

/// Values that pages below a section inherit.
#[derive(Debug, Clone)]
pub(super) struct Cascade {
    pub(super) values: YamlMap,
    path: Option<GlobMatcher>,
    kind: Option<GlobMatcher>,
    language: Option<GlobMatcher>,
}

/// Reads the value of `cascade`: a map, or a list of maps, each with an optional target.
pub(super) fn read(value: &YamlValue) -> Vec<Cascade> {
    match value {
        YamlValue::List(items) => items.iter().flat_map(read).collect(),
        YamlValue::Map(map) => vec![cascade(map)],
        YamlValue::Scalar(_) => Vec::new(),
    }
}

fn cascade(map: &YamlMap) -> Cascade {
    let target = ["_target", "target"].iter().find_map(|key| map.get(key));
    let target = match target {
        Some(YamlValue::Map(target)) => target.clone(),
        _ => YamlMap::default(),
    };
    let entries = map.entries().iter();
    let mut values: YamlMap = entries
        .filter(|entry| !matches!(entry.key.as_str(), "_target" | "target" | "params"))
        .cloned()
        .collect();
    // In newer versions, `params` has the custom values.
    if let Some(YamlValue::Map(params)) = map.get("params") {
        for entry in params.entries() {
            values.set(entry.clone());
        }
    }
    let glob = |key| target.text(key).and_then(matcher);
    Cascade {
        values,
        path: glob("path"),
        kind: glob("kind"),
        language: glob("lang"),
    }
}

/// A pattern that is not valid matches nothing.
fn matcher(pattern: &str) -> Option<GlobMatcher> {
    let glob = GlobBuilder::new(&pattern.to_lowercase())
        .literal_separator(true)
        .build();
    glob.or_else(|_| GlobBuilder::new("\u{0}").build())
        .ok()
        .map(|glob| glob.compile_matcher())
}

impl Cascade {
    /// Whether a page is the target.
    pub(super) fn matches(&self, page: &ContentPath<'_>) -> bool {
        let fits = |pattern: &Option<GlobMatcher>, value: &str| {
            pattern.as_ref().is_none_or(|glob| glob.is_match(value))
        };
        let path = format!("/{}/{}", page.directories.join("/"), page.name).to_lowercase();
        let path = path.replace("//", "/");
        fits(&self.path, &path)
            && fits(&self.kind, "page")
            && fits(&self.language, page.language.unwrap_or_default())
    }
}
