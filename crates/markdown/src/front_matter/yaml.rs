use std::collections::BTreeMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

use super::{Block, Entry, Error, Map, Position, Scalar, Syntax, Value, Warning};

/// Longer front matter is refused.
const MAX_BYTES: usize = 64 * 1024;
/// Lists and maps inside each other.
const MAX_DEPTH: usize = 32;
/// What the whole front matter may come to once its aliases are written out.
const MAX_EXPANDED: usize = 4 * MAX_BYTES;

/// Front matter that could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parsed {
    /// Its keys.
    pub map: Map,
    /// What its author may not have meant.
    pub warnings: Vec<Warning>,
}

/// Reads a front matter block.
///
/// # Errors
/// Every error names its place in the whole file; see [`Error`].
pub fn parse(block: &Block<'_>) -> Result<Parsed, Error> {
    match block.syntax {
        Syntax::Yaml => parse_yaml(block.text, block.first_line),
    }
}

/// Reads a YAML text whose first line is line `first_line` of its file. Scalars keep their source
/// text: `title: 2018` is the text "2018" and `yes` is no boolean.
///
/// # Errors
/// See [`Error`].
pub fn parse_yaml(text: &str, first_line: usize) -> Result<Parsed, Error> {
    if text.len() > MAX_BYTES {
        return Err(Error::TooLong {
            bytes: text.len(),
            limit: MAX_BYTES,
        });
    }
    let mut reader = Reader {
        first_line,
        ..Reader::default()
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| Error::Syntax {
            at: reader.position(error.marker()),
            reason: error.info().to_owned(),
        })?;
        let at = reader.position(&span.start);
        if matches!(event, Event::DocumentEnd) {
            break;
        }
        reader.accept(event, at)?;
    }
    reader.finish()
}

/// A list or map that is still open.
struct Frame {
    anchor: usize,
    node: Open,
}

enum Open {
    List(Vec<Value>),
    Map {
        map: Map,
        key: Option<(String, Position)>,
        merged: Vec<Map>,
    },
}

#[derive(Default)]
struct Reader {
    first_line: usize,
    open: Vec<Frame>,
    root: Option<(Value, Position)>,
    anchors: BTreeMap<usize, Value>,
    weight: usize,
    warnings: Vec<Warning>,
}

impl Reader {
    fn position(&self, marker: &Marker) -> Position {
        Position {
            line: self.first_line + marker.line().max(1) - 1,
            column: marker.col() + 1,
        }
    }

    fn accept(&mut self, event: Event<'_>, at: Position) -> Result<(), Error> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain && tag.is_none();
                let scalar = Value::Scalar(Scalar {
                    text: text.into_owned(),
                    plain,
                });
                self.complete(scalar, anchor, at)
            }
            Event::Alias(anchor) => self.repeat(anchor, at),
            Event::SequenceStart(anchor, _) => self.enter(
                Frame {
                    anchor,
                    node: Open::List(Vec::new()),
                },
                at,
            ),
            Event::MappingStart(anchor, _) => {
                let node = Open::Map {
                    map: Map::default(),
                    key: None,
                    merged: Vec::new(),
                };
                self.enter(Frame { anchor, node }, at)
            }
            Event::SequenceEnd | Event::MappingEnd => self.leave(at),
            _ => Ok(()),
        }
    }

    fn enter(&mut self, frame: Frame, at: Position) -> Result<(), Error> {
        self.open.push(frame);
        self.check_depth(0, at)
    }

    fn leave(&mut self, at: Position) -> Result<(), Error> {
        let Some(frame) = self.open.pop() else {
            return Ok(());
        };
        let value = match frame.node {
            Open::List(items) => Value::List(items),
            Open::Map { map, merged, .. } => Value::Map(with_merged(map, &merged)),
        };
        self.complete(value, frame.anchor, at)
    }

    fn repeat(&mut self, anchor: usize, at: Position) -> Result<(), Error> {
        // An alias inside the value it names is not known yet, and would never end.
        let Some(value) = self.anchors.get(&anchor) else {
            return Err(Error::Syntax {
                at,
                reason: "an alias cannot stand inside its own value".to_owned(),
            });
        };
        self.weight += value.weight();
        if self.weight > MAX_EXPANDED {
            return Err(Error::TooLarge {
                at,
                limit: MAX_EXPANDED,
            });
        }
        let value = value.clone();
        self.check_depth(value.depth(), at)?;
        self.place(value, at)
    }

    fn complete(&mut self, value: Value, anchor: usize, at: Position) -> Result<(), Error> {
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        self.place(value, at)
    }

    fn place(&mut self, value: Value, at: Position) -> Result<(), Error> {
        match self.open.last_mut().map(|frame| &mut frame.node) {
            None => self.root = Some((value, at)),
            Some(Open::List(items)) => items.push(value),
            Some(Open::Map { map, key, merged }) => match key.take() {
                None => *key = Some((key_text(value, at)?, at)),
                Some((name, _)) if name == "<<" => merged.extend(maps(value)),
                Some((name, Position { line, .. })) => {
                    if map.set(Entry {
                        key: name.clone(),
                        line,
                        value,
                    }) {
                        self.warnings
                            .push(Warning::DuplicateKey { key: name, line });
                    }
                }
            },
        }
        Ok(())
    }

    fn check_depth(&self, more: usize, at: Position) -> Result<(), Error> {
        if self.open.len() + more > MAX_DEPTH {
            return Err(Error::TooDeep {
                at,
                limit: MAX_DEPTH,
            });
        }
        Ok(())
    }

    fn finish(self) -> Result<Parsed, Error> {
        match self.root {
            Some((Value::Map(map), _)) => Ok(Parsed {
                map,
                warnings: self.warnings,
            }),
            Some((value, at)) if !value.is_null() => Err(Error::NotAMap { at }),
            _ => Ok(Parsed::default()),
        }
    }
}

fn key_text(value: Value, at: Position) -> Result<String, Error> {
    match value {
        Value::Scalar(scalar) => Ok(scalar.text),
        _ => Err(Error::Syntax {
            at,
            reason: "a key must be a text".to_owned(),
        }),
    }
}

/// The maps named by a merge key `<<` (YAML 1.1, which Jekyll's parser still follows).
fn maps(value: Value) -> Vec<Map> {
    match value {
        Value::Map(map) => vec![map],
        Value::List(items) => items.into_iter().flat_map(maps).collect(),
        Value::Scalar(_) => Vec::new(),
    }
}

/// Keys of the map itself win over merged ones, and earlier merged maps over later ones.
fn with_merged(mut map: Map, merged: &[Map]) -> Map {
    for entry in merged.iter().flat_map(Map::entries) {
        if map.get(&entry.key).is_none() {
            map.set(entry.clone());
        }
    }
    map
}

#[cfg(test)]
mod tests;
