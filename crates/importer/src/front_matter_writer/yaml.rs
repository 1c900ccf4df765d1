use serde_json::Value;
use tintero_markdown::front_matter::{YamlMap, parse_yaml};

/// The lines of a YAML map by key.
#[derive(Debug, Clone, Default)]
pub(super) struct YamlText {
    /// Comments and blank lines before the first key.
    start: String,
    keys: Vec<YamlLines>,
}

/// The lines of a key.
#[derive(Debug, Clone)]
struct YamlLines {
    key: String,
    /// The lines with the key and its value.
    lines: String,
    /// The blank lines and comments after them.
    rest: String,
}

impl YamlText {
    /// Splits a text at its keys. `None` if two keys are on one line, or a key uses an anchor.
    pub(super) fn read(text: &str, map: &YamlMap) -> Option<Self> {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        // The block begins on line 2 of its file.
        let mut starts = map.entries().iter().map(|entry| entry.line.checked_sub(2));
        let starts = starts.by_ref().collect::<Option<Vec<usize>>>()?;
        if !starts.is_sorted_by(|one, next| one < next) || text.contains("<<:") {
            return None;
        }
        let ends = starts.iter().skip(1).copied().chain([lines.len()]);
        let keys = map.entries().iter().zip(starts.iter().copied().zip(ends));
        let keys = keys.map(|(entry, (start, end))| {
            let lines = lines.get(start..end)?;
            let is_spacing = |line: &&&str| {
                let line = line.trim();
                line.is_empty() || line.starts_with('#')
            };
            let spacing = lines.iter().rev().take_while(is_spacing).count();
            let (lines, rest) = lines.split_at(lines.len() - spacing);
            let is_plain = lines
                .first()?
                .starts_with(|letter: char| !letter.is_whitespace());
            is_plain.then(|| YamlLines {
                key: entry.key.clone(),
                lines: lines.concat(),
                rest: rest.concat(),
            })
        });
        Some(Self {
            start: lines[..starts.first().copied().unwrap_or(0)].concat(),
            keys: keys.collect::<Option<_>>()?,
        })
    }

    pub(super) fn contains(&self, key: &str) -> bool {
        self.keys.iter().any(|lines| lines.key == key)
    }

    pub(super) fn set(&mut self, key: &str, value: &Value) {
        let place = self.keys.iter().position(|lines| lines.key == key);
        if value.is_null() {
            if let Some(place) = place {
                let removed = self.keys.remove(place);
                let before = match place.checked_sub(1) {
                    Some(before) => &mut self.keys[before].rest,
                    None => &mut self.start,
                };
                before.push_str(&removed.rest);
            }
            return;
        }
        let end = self.line_end();
        let lines = format!("{}: {}{end}", scalar(key), written(value));
        match place {
            Some(place) => self.keys[place].lines = lines,
            None => self.keys.push(YamlLines {
                key: key.to_owned(),
                lines,
                rest: String::new(),
            }),
        }
    }

    fn line_end(&self) -> &'static str {
        let first = self.keys.first();
        if first.is_some_and(|first| first.lines.ends_with("\r\n")) {
            "\r\n"
        } else {
            "\n"
        }
    }

    pub(super) fn into_text(self) -> String {
        let keys = self.keys.into_iter();
        let keys = keys.map(|lines| format!("{}{}", lines.lines, lines.rest));
        format!("{}{}", self.start, keys.collect::<String>())
    }
}

/// Writes a value on one line.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(in_flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(map) => {
            let entries = map.iter().map(|(key, value)| {
                format!("{}: {}", in_flow(&key.as_str().into()), in_flow(value))
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// Commas and brackets end a plain text within a list or a map.
fn in_flow(value: &Value) -> String {
    match value {
        Value::String(text) if text.contains([',', '[', ']', '{', '}']) => quoted(text),
        value => written(value),
    }
}

/// Writes a text without quotes if it reads back as the same text.
fn scalar(text: &str) -> String {
    let line = format!("k: {text}\n");
    let is_same = parse_yaml(&line, 1).is_ok_and(|parsed| {
        let read = parsed.map.to_json();
        read.len() == 1 && read.get("k").and_then(Value::as_str) == Some(text)
    });
    // Readers of YAML 1.1 give these another type.
    let has_other_type = ["yes", "no", "on", "off", "y", "n"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
        || text.starts_with(|letter: char| letter.is_ascii_digit());
    if is_same && !has_other_type && !text.contains(": ") {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// A JSON string is a YAML text in double quotes.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
