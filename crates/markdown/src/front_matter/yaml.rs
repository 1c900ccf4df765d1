use std::collections::BTreeMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

use super::{
    Block, FilePosition, FrontMatterError, FrontMatterWarning, FrontMatterWarningKind, Scalar,
    Syntax, YamlEntry, YamlMap, YamlValue, parse_toml,
};

/// The longest front matter, in bytes.
pub(super) const MAX_BYTES: usize = 64 * 1024;
/// Maximum number of levels of nested lists and maps.
pub(super) const MAX_DEPTH: usize = 32;
/// The largest front matter with expanded aliases, in bytes.
const MAX_EXPANDED: usize = 4 * MAX_BYTES;

/// Parsed front matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParsedYaml {
    /// The keys.
    pub map: YamlMap,
    /// The warnings.
    pub warnings: Vec<FrontMatterWarning>,
}

/// Reads a front matter block.
///
/// # Errors
/// Fails with a position in the whole file; see [`FrontMatterError`].
pub fn parse(block: &Block<'_>) -> Result<ParsedYaml, FrontMatterError> {
    match block.syntax {
        Syntax::Yaml => parse_yaml(block.text, block.first_line),
        Syntax::Toml => parse_toml(block.text, block.first_line),
        // JSON is YAML, except for tabs between tokens. In texts, JSON has no tabs.
        Syntax::Json => parse_yaml(&block.text.replace('\t', " "), block.first_line),
    }
}

/// Reads a YAML text that begins on line `first_line` of its file. Scalars keep their source text:
/// `title: 2018` is the text "2018", and `yes` is not a boolean.
///
/// # Errors
/// See [`FrontMatterError`].
pub fn parse_yaml(text: &str, first_line: usize) -> Result<ParsedYaml, FrontMatterError> {
    read(text, first_line)?.finish()
}

/// Reads a YAML or JSON text with any value, such as a data file with a list.
///
/// # Errors
/// See [`FrontMatterError`].
pub fn parse_yaml_value(text: &str) -> Result<YamlValue, FrontMatterError> {
    let root = read(text, 1)?.root.map(|(value, _)| value);
    Ok(root.unwrap_or_else(|| YamlValue::Map(YamlMap::default())))
}

fn read(text: &str, first_line: usize) -> Result<YamlReader, FrontMatterError> {
    if text.len() > MAX_BYTES {
        return Err(FrontMatterError::TooLong {
            bytes: text.len(),
            limit: MAX_BYTES,
        });
    }
    let mut reader = YamlReader {
        first_line,
        ..YamlReader::default()
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| FrontMatterError::Syntax {
            at: reader.position(error.marker()),
            reason: error.info().to_owned(),
        })?;
        let at = reader.position(&span.start);
        if matches!(event, Event::DocumentEnd) {
            break;
        }
        reader.accept(event, at)?;
    }
    Ok(reader)
}

/// A list or map whose end was not read yet.
struct OpenNode {
    anchor: usize,
    node: OpenContent,
}

enum OpenContent {
    List(Vec<YamlValue>),
    Map {
        map: YamlMap,
        key: Option<(String, FilePosition)>,
        merged: Vec<YamlMap>,
    },
}

#[derive(Default)]
struct YamlReader {
    first_line: usize,
    open: Vec<OpenNode>,
    root: Option<(YamlValue, FilePosition)>,
    anchors: BTreeMap<usize, YamlValue>,
    weight: usize,
    warnings: Vec<FrontMatterWarning>,
}

impl YamlReader {
    fn position(&self, marker: &Marker) -> FilePosition {
        FilePosition {
            line: self.first_line + marker.line().max(1) - 1,
            column: marker.col() + 1,
        }
    }

    fn accept(&mut self, event: Event<'_>, at: FilePosition) -> Result<(), FrontMatterError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain && tag.is_none();
                let scalar = YamlValue::Scalar(Scalar {
                    text: text.into_owned(),
                    plain,
                });
                self.complete(scalar, anchor, at)
            }
            Event::Alias(anchor) => self.repeat(anchor, at),
            Event::SequenceStart(anchor, _) => self.enter(
                OpenNode {
                    anchor,
                    node: OpenContent::List(Vec::new()),
                },
                at,
            ),
            Event::MappingStart(anchor, _) => {
                let node = OpenContent::Map {
                    map: YamlMap::default(),
                    key: None,
                    merged: Vec::new(),
                };
                self.enter(OpenNode { anchor, node }, at)
            }
            Event::SequenceEnd | Event::MappingEnd => self.leave(at),
            _ => Ok(()),
        }
    }

    fn enter(&mut self, frame: OpenNode, at: FilePosition) -> Result<(), FrontMatterError> {
        self.open.push(frame);
        self.check_depth(0, at)
    }

    fn leave(&mut self, at: FilePosition) -> Result<(), FrontMatterError> {
        let Some(frame) = self.open.pop() else {
            return Ok(());
        };
        let value = match frame.node {
            OpenContent::List(items) => YamlValue::List(items),
            OpenContent::Map { map, merged, .. } => YamlValue::Map(with_merged(map, &merged)),
        };
        self.complete(value, frame.anchor, at)
    }

    fn repeat(&mut self, anchor: usize, at: FilePosition) -> Result<(), FrontMatterError> {
        // An alias inside its own anchor is unknown at this point. Its expansion would not end.
        let Some(value) = self.anchors.get(&anchor) else {
            return Err(FrontMatterError::Syntax {
                at,
                reason: "an alias cannot be inside its own value".to_owned(),
            });
        };
        self.weight += value.weight();
        if self.weight > MAX_EXPANDED {
            return Err(FrontMatterError::TooLarge {
                at,
                limit: MAX_EXPANDED,
            });
        }
        let value = value.clone();
        self.check_depth(value.depth(), at)?;
        self.place(value, at)
    }

    fn complete(
        &mut self,
        value: YamlValue,
        anchor: usize,
        at: FilePosition,
    ) -> Result<(), FrontMatterError> {
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        self.place(value, at)
    }

    fn place(&mut self, value: YamlValue, at: FilePosition) -> Result<(), FrontMatterError> {
        match self.open.last_mut().map(|frame| &mut frame.node) {
            None => self.root = Some((value, at)),
            Some(OpenContent::List(items)) => items.push(value),
            Some(OpenContent::Map { map, key, merged }) => match key.take() {
                None => *key = Some((key_text(value, at)?, at)),
                Some((name, _)) if name == "<<" => merged.extend(maps(value)),
                Some((name, FilePosition { line, .. })) => {
                    if map.set(YamlEntry {
                        key: name.clone(),
                        line,
                        value,
                    }) {
                        let kind = FrontMatterWarningKind::DuplicateKey;
                        self.warnings
                            .push(FrontMatterWarning::new(kind, name, line));
                    }
                }
            },
        }
        Ok(())
    }

    fn check_depth(&self, more: usize, at: FilePosition) -> Result<(), FrontMatterError> {
        if self.open.len() + more > MAX_DEPTH {
            return Err(FrontMatterError::TooDeep {
                at,
                limit: MAX_DEPTH,
            });
        }
        Ok(())
    }

    fn finish(self) -> Result<ParsedYaml, FrontMatterError> {
        match self.root {
            Some((YamlValue::Map(map), _)) => Ok(ParsedYaml {
                map,
                warnings: self.warnings,
            }),
            Some((value, at)) if !value.is_null() => Err(FrontMatterError::NotAMap { at }),
            _ => Ok(ParsedYaml::default()),
        }
    }
}

fn key_text(value: YamlValue, at: FilePosition) -> Result<String, FrontMatterError> {
    match value {
        YamlValue::Scalar(scalar) => Ok(scalar.text),
        _ => Err(FrontMatterError::Syntax {
            at,
            reason: "a key must be a text".to_owned(),
        }),
    }
}

/// Returns the maps of a merge key `<<` of YAML 1.1, which Jekyll supports.
fn maps(value: YamlValue) -> Vec<YamlMap> {
    match value {
        YamlValue::Map(map) => vec![map],
        YamlValue::List(items) => items.into_iter().flat_map(maps).collect(),
        YamlValue::Scalar(_) => Vec::new(),
    }
}

/// Adds merged keys. Keys of the map itself win, then those of earlier merged maps.
fn with_merged(mut map: YamlMap, merged: &[YamlMap]) -> YamlMap {
    for entry in merged.iter().flat_map(YamlMap::entries) {
        if map.get(&entry.key).is_none() {
            map.set(entry.clone());
        }
    }
    map
}

#[cfg(test)]
mod tests;
