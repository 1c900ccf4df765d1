//! The JSON of attribute values, such as `{"S": "text"}` and `{"L": [{"N": "1"}]}`.

use std::borrow::Cow;
use std::collections::btree_map::Entry;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};

use super::value::MAX_DEPTH;
use super::{Map, Number, Value};
use crate::api_error::invalid_value;

const EMPTY: &str =
    "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
const SEVERAL: &str = "Supplied AttributeValue has more than one datatypes set, must contain \
                       exactly one of the supported datatypes";
const NOT_NULL: &str = "One or more parameter values were invalid: Null attribute value types must \
                        have the value of true";
const TOO_DEEP: &str = "Nesting Levels have exceeded supported limits: Attributes in the item have \
                        nested levels beyond supported limit";

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(1))?;
        let name = self.type_name();
        match self {
            Self::S(text) => object.serialize_entry(name, text),
            Self::N(number) => object.serialize_entry(name, number.as_str()),
            Self::B(bytes) => object.serialize_entry(name, &BASE64.encode(bytes)),
            Self::Bool(value) => object.serialize_entry(name, value),
            Self::Null => object.serialize_entry(name, &true),
            Self::L(elements) => object.serialize_entry(name, elements),
            Self::M(members) => object.serialize_entry(name, members),
            Self::Ss(texts) => object.serialize_entry(name, texts),
            Self::Ns(numbers) => {
                let numbers: Vec<_> = numbers.iter().map(Number::as_str).collect();
                object.serialize_entry(name, &numbers)
            }
            Self::Bs(binaries) => {
                let texts: Vec<_> = binaries.iter().map(|bytes| BASE64.encode(bytes)).collect();
                object.serialize_entry(name, &texts)
            }
        }?;
        object.end()
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        AtDepth(0).deserialize(deserializer)
    }
}

/// Reads the attributes of an item.
pub(super) fn map<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map, D::Error> {
    Members(AtDepth(0)).deserialize(deserializer)
}

/// The types of values.
#[derive(Clone, Copy, Deserialize)]
#[serde(field_identifier, rename_all = "UPPERCASE")]
enum Kind {
    S,
    N,
    B,
    Bool,
    Null,
    L,
    M,
    Ss,
    Ns,
    Bs,
    #[serde(other)]
    Unknown,
}

/// Reads a value at a depth of nesting.
#[derive(Clone, Copy)]
struct AtDepth(usize);

impl<'de> DeserializeSeed<'de> for AtDepth {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for AtDepth {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an attribute value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        if self.0 >= MAX_DEPTH {
            return Err(invalid_value(TOO_DEEP));
        }
        let inner = Self(self.0 + 1);
        let kind = object.next_key()?.ok_or_else(|| invalid_value(EMPTY))?;
        let value = match kind {
            Kind::S => Value::S(object.next_value()?),
            Kind::N => Value::N(number(&object.next_value::<Text<'_>>()?.0)?),
            Kind::B => Value::B(binary(&object.next_value::<Text<'_>>()?.0)?),
            Kind::Bool => Value::Bool(object.next_value()?),
            Kind::Null if object.next_value()? => Value::Null,
            Kind::Null => return Err(invalid_value(NOT_NULL)),
            Kind::L => Value::L(object.next_value_seed(Elements(inner))?),
            Kind::M => Value::M(object.next_value_seed(Members(inner))?),
            Kind::Ss => Value::Ss(texts(object.next_value()?)?),
            Kind::Ns => Value::Ns(numbers(&object.next_value::<Vec<Text<'_>>>()?)?),
            Kind::Bs => Value::Bs(binaries(&object.next_value::<Vec<Text<'_>>>()?)?),
            Kind::Unknown => return Err(invalid_value(EMPTY)),
        };
        match object.next_key::<IgnoredAny>()? {
            Some(_) => Err(invalid_value(SEVERAL)),
            None => Ok(value),
        }
    }
}

/// Reads the elements of a list.
struct Elements(AtDepth);

impl<'de> DeserializeSeed<'de> for Elements {
    type Value = Vec<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Value>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Elements {
    type Value = Vec<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of attribute values")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Value>, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element_seed(self.0)? {
            elements.push(element);
        }
        Ok(elements)
    }
}

/// Reads the members of a map.
struct Members(AtDepth);

impl<'de> DeserializeSeed<'de> for Members {
    type Value = Map;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Map, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members {
    type Value = Map;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of attribute values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Map, A::Error> {
        let mut members = Map::new();
        while let Some(name) = object.next_key::<String>()? {
            if name.is_empty() {
                return Err(invalid_value("Empty attribute name"));
            }
            let value = object.next_value_seed(self.0)?;
            match members.entry(name) {
                Entry::Vacant(free) => free.insert(value),
                Entry::Occupied(taken) => {
                    let reason = format_args!("the attribute {} occurs twice", taken.key());
                    return Err(de::Error::custom(reason));
                }
            };
        }
        Ok(members)
    }
}

/// A text that is copied only if its JSON has escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

fn number<E: de::Error>(text: &str) -> Result<Number, E> {
    Number::parse(text).map_err(|error| invalid_value(error.message))
}

fn binary<E: de::Error>(text: &str) -> Result<Vec<u8>, E> {
    BASE64
        .decode(text)
        .map_err(|error| de::Error::custom(format_args!("invalid base64: {error}")))
}

fn texts<E: de::Error>(mut texts: Vec<String>) -> Result<Vec<String>, E> {
    if texts.is_empty() {
        return Err(set_error("An string set  may not be empty"));
    }
    texts.sort_unstable();
    if has_duplicates(&texts) {
        return Err(set_error(format_args!(
            "Input collection {texts:?} contains duplicates."
        )));
    }
    Ok(texts)
}

fn numbers<E: de::Error>(texts: &[Text<'_>]) -> Result<Vec<Number>, E> {
    if texts.is_empty() {
        return Err(set_error("An number set  may not be empty"));
    }
    let numbers = texts.iter().map(|text| number(&text.0));
    let mut numbers: Vec<_> = numbers.collect::<Result<_, E>>()?;
    numbers.sort_unstable();
    if has_duplicates(&numbers) {
        return Err(set_error("Input collection contains duplicates."));
    }
    Ok(numbers)
}

fn binaries<E: de::Error>(texts: &[Text<'_>]) -> Result<Vec<Vec<u8>>, E> {
    if texts.is_empty() {
        return Err(set_error("Binary sets should not be empty"));
    }
    let binaries = texts.iter().map(|text| binary(&text.0));
    let mut binaries: Vec<_> = binaries.collect::<Result<_, E>>()?;
    binaries.sort_unstable();
    if has_duplicates(&binaries) {
        let shown: Vec<_> = binaries
            .iter()
            .map(|bytes| format!("\"{}\"", BASE64.encode(bytes)))
            .collect();
        return Err(set_error(format_args!(
            "Input collection [{}]of type BS contains duplicates.",
            shown.join(",")
        )));
    }
    Ok(binaries)
}

fn has_duplicates<T: PartialEq>(sorted: &[T]) -> bool {
    sorted.windows(2).any(|pair| pair[0] == pair[1])
}

fn set_error<E: de::Error>(reason: impl fmt::Display) -> E {
    invalid_value(format_args!(
        "One or more parameter values were invalid: {reason}"
    ))
}
