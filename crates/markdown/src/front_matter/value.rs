use std::collections::BTreeMap;

use serde_json::Number;

/// A scalar as text, with quotes and escapes resolved and without a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text.
    pub text: String,
    /// Whether it has no quotes, so that `yes` or `2018` can have another type than text.
    pub plain: bool,
}

impl Scalar {
    /// Whether this is an empty plain scalar, `~` or `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.plain && matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }

    /// Converts by the core schema of YAML 1.2. A number that JSON cannot represent exactly (leading
    /// zeros, more than 64 bits, infinities) stays text.
    fn to_json(&self) -> serde_json::Value {
        let text = self.text.as_str();
        match text {
            _ if self.is_null() => serde_json::Value::Null,
            "true" | "True" | "TRUE" if self.plain => true.into(),
            "false" | "False" | "FALSE" if self.plain => false.into(),
            _ => number(text)
                .filter(|_| self.plain)
                .map_or_else(|| text.into(), serde_json::Value::Number),
        }
    }
}

fn number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.") {
        return None;
    }
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let unsigned = text.strip_prefix('+').unwrap_or(text);
        return unsigned
            .parse::<i64>()
            .map(Number::from)
            .or_else(|_| unsigned.parse::<u64>().map(Number::from))
            .ok();
    }
    let is_float = digits.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && digits.contains(|digit: char| digit.is_ascii_digit())
        && digits
            .chars()
            .all(|digit| digit.is_ascii_digit() || matches!(digit, '.' | 'e' | 'E' | '-' | '+'));
    text.parse()
        .ok()
        .filter(|_| is_float)
        .and_then(Number::from_f64)
}

/// A value of front matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum YamlValue {
    /// A scalar.
    Scalar(Scalar),
    /// Values in order.
    List(Vec<YamlValue>),
    /// Keys in order.
    Map(YamlMap),
}

impl YamlValue {
    /// Returns the text of a scalar that is not null.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Scalar(scalar) if !scalar.is_null() => Some(&scalar.text),
            _ => None,
        }
    }

    /// Whether this is a null scalar.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Scalar(scalar) if scalar.is_null())
    }

    /// Converts to JSON with the types of the YAML 1.2 core schema.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Scalar(scalar) => scalar.to_json(),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Map(map) => serde_json::Value::Object(map.to_json()),
        }
    }

    /// The number of nodes and bytes of text, which limits the expansion of aliases.
    pub(super) fn weight(&self) -> usize {
        1 + match self {
            Self::Scalar(scalar) => scalar.text.len(),
            Self::List(items) => items.iter().map(Self::weight).sum(),
            Self::Map(map) => map
                .entries()
                .iter()
                .map(|entry| entry.key.len() + entry.value.weight())
                .sum(),
        }
    }

    /// The number of levels of lists and maps.
    pub(super) fn depth(&self) -> usize {
        match self {
            Self::Scalar(_) => 0,
            Self::List(items) => 1 + items.iter().map(Self::depth).max().unwrap_or(0),
            Self::Map(map) => {
                1 + map
                    .entries()
                    .iter()
                    .map(|entry| entry.value.depth())
                    .max()
                    .unwrap_or(0)
            }
        }
    }
}

/// One key and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlEntry {
    /// The key.
    pub key: String,
    /// The line of the key in the whole file, counted from one.
    pub line: usize,
    /// The value.
    pub value: YamlValue,
}

/// A map that keeps the order of its keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct YamlMap {
    entries: Vec<YamlEntry>,
    places: BTreeMap<String, usize>,
}

impl YamlMap {
    /// The entries in order.
    #[must_use]
    pub fn entries(&self) -> &[YamlEntry] {
        &self.entries
    }

    /// The entry of a key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&YamlEntry> {
        self.places.get(key).map(|place| &self.entries[*place])
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&YamlValue> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The text of a key with a scalar that is not null.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(YamlValue::text)
    }

    /// Converts to JSON, see [`YamlValue::to_json`].
    #[must_use]
    pub fn to_json(&self) -> serde_json::Map<String, serde_json::Value> {
        self.entries
            .iter()
            .map(|entry| (entry.key.clone(), entry.value.to_json()))
            .collect()
    }

    /// Sets a key and keeps its first position. Returns whether the key was present.
    pub fn set(&mut self, entry: YamlEntry) -> bool {
        if let Some(place) = self.places.get(&entry.key) {
            self.entries[*place] = entry;
            return true;
        }
        self.places.insert(entry.key.clone(), self.entries.len());
        self.entries.push(entry);
        false
    }
}

impl FromIterator<YamlEntry> for YamlMap {
    fn from_iter<I: IntoIterator<Item = YamlEntry>>(entries: I) -> Self {
        let mut map = Self::default();
        for entry in entries {
            map.set(entry);
        }
        map
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn plain(text: &str) -> serde_json::Value {
        YamlValue::Scalar(Scalar {
            text: text.to_owned(),
            plain: true,
        })
        .to_json()
    }

    #[test]
    fn plain_scalars_have_the_types_of_the_core_schema() {
        assert_eq!(plain("true"), json!(true));
        assert_eq!(plain("~"), json!(null));
        assert_eq!(plain("42"), json!(42));
        assert_eq!(plain("-1.5e3"), json!(-1500.0));
    }

    #[test]
    fn other_plain_scalars_stay_text() {
        for text in [
            "yes",
            "no",
            "08001",
            "2018-02-06",
            "inf",
            "nan",
            ".",
            "1.2.3",
            "99999999999999999999",
        ] {
            assert_eq!(plain(text), json!(text));
        }
    }

    #[test]
    fn quoted_scalars_are_text() {
        let quoted = Scalar {
            text: "true".to_owned(),
            plain: false,
        };
        assert_eq!(quoted.to_json(), json!("true"));
    }
}
