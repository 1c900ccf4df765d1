//! Changes keys of front matter and keeps everything else as it is written.

mod json;
mod toml;
mod yaml;

use serde_json::Value;
use tintero_markdown::front_matter::{self, Block, FrontMatterError, Syntax, YamlMap};

/// The front matter of a file with its fences, to be changed.
#[derive(Debug, Clone)]
pub(crate) struct FrontMatter {
    before: String,
    text: FrontMatterText,
    after: String,
}

#[derive(Debug, Clone)]
enum FrontMatterText {
    Yaml(yaml::YamlText),
    Toml(Box<toml_edit::DocumentMut>),
    Json(serde_json::Map<String, Value>),
}

impl FrontMatter {
    /// Creates an empty front matter.
    pub(crate) fn new(syntax: Syntax) -> Self {
        let (fence, text) = match syntax {
            Syntax::Yaml => ("---\n", FrontMatterText::Yaml(yaml::YamlText::default())),
            Syntax::Toml => ("+++\n", FrontMatterText::Toml(Box::default())),
            Syntax::Json => ("", FrontMatterText::Json(serde_json::Map::new())),
        };
        Self {
            before: fence.to_owned(),
            text,
            after: if fence.is_empty() { "\n" } else { fence }.to_owned(),
        }
    }

    /// Reads everything before the body of a file. `None` if it cannot be changed.
    pub(crate) fn read(head: &str) -> Option<Self> {
        let block: Block<'_> = front_matter::split(head.as_bytes()).ok()?.block?;
        let text = match block.syntax {
            Syntax::Yaml => {
                let parsed = front_matter::parse(&block).ok()?;
                FrontMatterText::Yaml(yaml::YamlText::read(block.text, &parsed.map)?)
            }
            Syntax::Toml => FrontMatterText::Toml(Box::new(block.text.parse().ok()?)),
            Syntax::Json => FrontMatterText::Json(serde_json::from_str(block.text).ok()?),
        };
        let start = head.find(block.text).filter(|_| !block.text.is_empty())?;
        Some(Self {
            before: head[..start].to_owned(),
            text,
            after: head[start + block.text.len()..].to_owned(),
        })
    }

    /// Whether a key such as `taxonomies.tags` names a key of a table.
    pub(crate) fn has_tables(&self) -> bool {
        matches!(self.text, FrontMatterText::Toml(_))
    }

    /// Whether a key makes the post a draft.
    pub(crate) fn is_draft(&self) -> bool {
        let Ok(map) = self.keys() else { return false };
        map.text("draft") == Some("true") || map.text("published") == Some("false")
    }

    fn keys(&self) -> Result<YamlMap, FrontMatterError> {
        let text = self.clone().into_text();
        let split = front_matter::split(text.as_bytes())?;
        let block = split.block.map(|block| front_matter::parse(&block));
        Ok(block
            .transpose()?
            .map(|parsed| parsed.map)
            .unwrap_or_default())
    }

    pub(crate) fn contains(&self, key: &str) -> bool {
        match &self.text {
            FrontMatterText::Yaml(text) => text.contains(key),
            FrontMatterText::Toml(document) => toml::contains(document, key),
            FrontMatterText::Json(map) => map.contains_key(key),
        }
    }

    /// Sets a key at its place, or at the end. Null removes it.
    pub(crate) fn set(&mut self, key: &str, value: &Value) {
        match &mut self.text {
            FrontMatterText::Yaml(text) => text.set(key, value),
            FrontMatterText::Toml(document) => toml::set(document, key, value),
            FrontMatterText::Json(map) => json::set(map, key, value),
        }
    }

    /// Returns the text with its fences.
    pub(crate) fn into_text(self) -> String {
        let text = match self.text {
            FrontMatterText::Yaml(text) => text.into_text(),
            FrontMatterText::Toml(document) => document.to_string(),
            FrontMatterText::Json(map) => json::text(&map),
        };
        format!("{}{text}{}", self.before, self.after)
    }
}

#[cfg(test)]
mod tests;
