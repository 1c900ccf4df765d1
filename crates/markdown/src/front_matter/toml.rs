use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    FilePosition, FrontMatterError, ParsedYaml, Scalar, YamlEntry, YamlMap, YamlValue,
    yaml::{MAX_BYTES, MAX_DEPTH},
};

/// Reads a TOML text that begins on line `first_line` of its file. As in [`super::parse_yaml`], scalars keep
/// their source text; only texts in quotes are not plain.
///
/// # Errors
/// See [`FrontMatterError`].
pub fn parse_toml(text: &str, first_line: usize) -> Result<ParsedYaml, FrontMatterError> {
    if text.len() > MAX_BYTES {
        return Err(FrontMatterError::TooLong {
            bytes: text.len(),
            limit: MAX_BYTES,
        });
    }
    let lines = Lines { text, first_line };
    let table = DeTable::parse(text).map_err(|error| FrontMatterError::Syntax {
        at: lines.position(error.span().map_or(0, |span| span.start)),
        reason: error.message().trim().to_owned(),
    })?;
    let map = lines.map(table.get_ref());
    let value = YamlValue::Map(map);
    if value.depth() > MAX_DEPTH {
        return Err(FrontMatterError::TooDeep {
            at: lines.position(0),
            limit: MAX_DEPTH,
        });
    }
    match value {
        YamlValue::Map(map) => Ok(ParsedYaml {
            map,
            warnings: Vec::new(),
        }),
        _ => Ok(ParsedYaml::default()),
    }
}

/// Converts positions in a text to those in its file.
struct Lines<'a> {
    text: &'a str,
    first_line: usize,
}

impl Lines<'_> {
    fn position(&self, at: usize) -> FilePosition {
        let before = &self.text[..self.text.floor_char_boundary(at)];
        let last = before.rsplit('\n').next().unwrap_or_default();
        FilePosition {
            line: self.first_line + before.matches('\n').count(),
            column: 1 + last.chars().count(),
        }
    }

    fn map(&self, table: &DeTable<'_>) -> YamlMap {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let entries = entries.into_iter().map(|(key, value)| YamlEntry {
            key: key.get_ref().to_string(),
            line: self.position(key.span().start).line,
            value: self.value(value),
        });
        entries.collect()
    }

    fn value(&self, value: &Spanned<DeValue<'_>>) -> YamlValue {
        let plain = |text: String| YamlValue::Scalar(Scalar { text, plain: true });
        match value.get_ref() {
            DeValue::String(text) => YamlValue::Scalar(Scalar {
                text: text.to_string(),
                plain: false,
            }),
            DeValue::Integer(number) if number.radix() == 10 => plain(number.as_str().to_owned()),
            DeValue::Integer(number) => {
                let value = i64::from_str_radix(number.as_str(), number.radix());
                plain(value.map_or_else(|_| number.to_string(), |value| value.to_string()))
            }
            DeValue::Float(number) => plain(number.as_str().to_owned()),
            DeValue::Boolean(value) => plain(value.to_string()),
            DeValue::Datetime(time) => plain(time.to_string()),
            DeValue::Array(items) => {
                YamlValue::List(items.iter().map(|item| self.value(item)).collect())
            }
            DeValue::Table(table) => YamlValue::Map(self.map(table)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_type_is_read_in_the_order_of_the_file() {
        let text = "title = 'A'\nweight = 1_000\nmask = 0x1F\nratio = 0.5\ndraft = false\n\
                    date = 2024-01-02T03:04:05+01:00\nday = 2024-1-2\ntags = [\n  'b',\n  'a',\n]\n\
                    [extra]\nz = 1\na.b = 2\n";
        let error = parse_toml(text, 2).unwrap_err();
        assert_eq!(error.position().map(|at| at.line), Some(8));
        let parsed = parse_toml(&text.replace("2024-1-2", "2024-01-02"), 2).unwrap();
        assert_eq!(
            serde_json::Value::Object(parsed.map.to_json()),
            json!({
                "title": "A", "weight": 1000, "mask": 31, "ratio": 0.5, "draft": false,
                "date": "2024-01-02T03:04:05+01:00", "day": "2024-01-02", "tags": ["b", "a"],
                "extra": {"z": 1, "a": {"b": 2}},
            })
        );
        let lines = ["title", "tags", "extra"].map(|key| parsed.map.entry(key).unwrap().line);
        assert_eq!(lines, [2, 9, 13]);
    }

    #[test]
    fn a_syntax_error_has_a_position() {
        let error = parse_toml("title = 'A'\ndate = ?\n", 2).unwrap_err();
        let at = FilePosition { line: 3, column: 8 };
        assert_eq!(error.position(), Some(at));
        assert!(parse_toml("a = 1\na = 2\n", 2).is_err());
    }

    #[test]
    fn deep_and_long_texts_are_rejected() {
        let deep = format!("a = {}1{}", "[".repeat(40), "]".repeat(40));
        assert!(parse_toml(&deep, 1).is_err());
        let long = format!("a = '{}'", "x".repeat(MAX_BYTES));
        assert!(matches!(
            parse_toml(&long, 1),
            Err(FrontMatterError::TooLong { .. })
        ));
    }
}
