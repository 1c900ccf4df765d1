use std::collections::BTreeMap;
use std::rc::Rc;

use crate::front_matter::{YamlMap, YamlValue};

/// A value of Liquid. Values of the site and the page are borrowed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum LiquidValue<'a> {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Rc<str>),
    List(Rc<[LiquidValue<'a>]>),
    /// The first and the last integer.
    Range(i64, i64),
    Items(&'a [YamlValue]),
    Map(&'a YamlMap),
    /// The parameters of a snippet, or the state of a loop.
    Fields(Rc<BTreeMap<String, LiquidValue<'a>>>),
    /// The keyword `blank` or `empty`.
    Blank,
    /// A value that only the generator of the site knows.
    Unknown,
}

impl<'a> LiquidValue<'a> {
    pub(super) fn text(text: impl Into<Rc<str>>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn list(items: Vec<Self>) -> Self {
        Self::List(items.into())
    }

    pub(super) fn of_yaml(value: &'a YamlValue) -> Self {
        match value {
            YamlValue::Scalar(scalar) if scalar.plain => of_plain(&scalar.text, value),
            YamlValue::Scalar(scalar) => Self::text(scalar.text.as_str()),
            YamlValue::List(items) => Self::Items(items),
            YamlValue::Map(map) => Self::Map(map),
        }
    }

    pub(super) fn is_true(&self) -> bool {
        !matches!(self, Self::Nil | Self::Bool(false))
    }

    /// Whether the value is nil, false or empty.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Text(text) => text.trim().is_empty(),
            Self::Nil | Self::Bool(false) | Self::Blank => true,
            value => value.size() == Some(0),
        }
    }

    /// The number of items or characters.
    pub(super) fn size(&self) -> Option<usize> {
        match self {
            Self::Text(text) => Some(text.chars().count()),
            Self::List(items) => Some(items.len()),
            Self::Items(items) => Some(items.len()),
            Self::Map(map) => Some(map.entries().len()),
            Self::Fields(fields) => Some(fields.len()),
            Self::Range(first, last) => {
                usize::try_from(last.saturating_sub(*first).saturating_add(1)).ok()
            }
            _ => None,
        }
    }

    /// The item at `index`.
    pub(super) fn item(&self, index: usize) -> Option<Self> {
        match self {
            Self::List(items) => items.get(index).cloned(),
            Self::Items(items) => items.get(index).map(Self::of_yaml),
            Self::Range(first, last) => {
                let number = first.checked_add(i64::try_from(index).ok()?)?;
                (number <= *last).then_some(Self::Int(number))
            }
            Self::Map(map) => map.entries().get(index).map(|entry| {
                let pair = vec![Self::text(entry.key.as_str()), Self::of_yaml(&entry.value)];
                Self::list(pair)
            }),
            _ => None,
        }
    }

    /// The value of a key, an index or one of the properties `size`, `first` and `last`.
    pub(super) fn get(&self, key: &str) -> Self {
        let found = match self {
            Self::Unknown => Some(Self::Unknown),
            Self::Map(map) => map.get(key).map(Self::of_yaml),
            Self::Fields(fields) => fields.get(key).cloned(),
            _ => None,
        };
        let property = || match key {
            "size" => self
                .size()
                .and_then(|size| Some(Self::Int(i64::try_from(size).ok()?))),
            "first" => self.item(0),
            "last" => self.item(self.size()?.checked_sub(1)?),
            _ => {
                let index: i64 = key.parse().ok()?;
                let length = i64::try_from(self.size()?).ok()?;
                let place = if index < 0 { index + length } else { index };
                self.item(usize::try_from(place).ok()?)
            }
        };
        found.or_else(property).unwrap_or(Self::Nil)
    }

    /// The text that an output shows. Maps have none.
    pub(super) fn to_text(&self) -> Option<Rc<str>> {
        Some(match self {
            Self::Nil | Self::Blank => "".into(),
            Self::Bool(value) => if *value { "true" } else { "false" }.into(),
            Self::Int(number) => number.to_string().into(),
            Self::Float(number) => format!("{number:?}").into(),
            Self::Text(text) => text.clone(),
            Self::Range(first, last) => format!("{first}..{last}").into(),
            Self::List(_) | Self::Items(_) => self.joined()?.into(),
            Self::Map(_) | Self::Fields(_) | Self::Unknown => return None,
        })
    }

    /// The texts of the items of a list without a separator, or `None` if they are long.
    fn joined(&self) -> Option<String> {
        const MAX_LENGTH: usize = 64 * 1024;
        let mut text = String::new();
        for item in self.items()? {
            text.push_str(&item.to_text()?);
            if text.len() > MAX_LENGTH {
                return None;
            }
        }
        Some(text)
    }

    /// The items of a list, at most as many as a filter accepts.
    pub(super) fn items(&self) -> Option<Vec<Self>> {
        const MAX_ITEMS: usize = 10_000;
        let length = match self {
            Self::List(_) | Self::Items(_) | Self::Range(..) => self.size()?,
            Self::Map(_) | Self::Fields(_) | Self::Unknown => return None,
            Self::Nil | Self::Blank => return Some(Vec::new()),
            other => return Some(vec![other.clone()]),
        };
        (length <= MAX_ITEMS).then(|| (0..length).filter_map(|at| self.item(at)).collect())
    }

    pub(super) fn number(&self) -> Option<f64> {
        match self {
            #[expect(
                clippy::cast_precision_loss,
                reason = "Liquid compares numbers this way"
            )]
            Self::Int(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Blank, value) | (value, Self::Blank) => value.is_blank(),
            (Self::Items(_) | Self::List(_), Self::Items(_) | Self::List(_)) => {
                self.size() == other.size() && self.to_text() == other.to_text()
            }
            _ => match (self.number(), other.number()) {
                (Some(one), Some(two)) => one.total_cmp(&two).is_eq(),
                _ => self == other,
            },
        }
    }

    /// The steps of a comparison with `other`.
    pub(super) fn comparison_steps(&self, other: &Self) -> usize {
        let length = |value: &Self| match value {
            Self::Text(text) => text.len(),
            _ => 0,
        };
        match self {
            Self::Text(text) => text.len(),
            Self::Nil | Self::Bool(_) | Self::Int(_) | Self::Float(_) => 0,
            _ => self.size().unwrap_or(0).saturating_mul(64 + length(other)),
        }
    }

    pub(super) fn contains(&self, other: &Self) -> bool {
        match self {
            Self::Text(text) => other
                .to_text()
                .is_some_and(|part| *other != LiquidValue::Nil && text.contains(&*part)),
            Self::Map(map) => matches!(other, Self::Text(key) if map.get(key).is_some()),
            _ => self
                .items()
                .is_some_and(|items| items.iter().any(|item| item.equals(other))),
        }
    }
}

/// Reads a plain scalar with the types of YAML 1.1, which Jekyll reads.
fn of_plain<'a>(text: &'a str, value: &'a YamlValue) -> LiquidValue<'a> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "on" => return LiquidValue::Bool(true),
        "no" | "off" => return LiquidValue::Bool(false),
        _ => {}
    }
    match value.to_json() {
        serde_json::Value::Null => LiquidValue::Nil,
        serde_json::Value::Bool(value) => LiquidValue::Bool(value),
        serde_json::Value::Number(number) => number
            .as_i64()
            .map(LiquidValue::Int)
            .or_else(|| number.as_f64().map(LiquidValue::Float))
            .unwrap_or_else(|| LiquidValue::text(text)),
        _ => LiquidValue::text(text),
    }
}
