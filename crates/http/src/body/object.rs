//! Parses a body into one JSON object.

use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Deserializer, Map, Value, error::Category};
use tintero_domain::{
    FieldErrors,
    values::{Code, ValueError},
};

use super::pointer;
use crate::problem::{Problem, ProblemType};

/// The name that `serde_json` gives the only member of the map as which it passes a number that is not an integer
/// of 64 bits.
const NUMBER: &str = "$serde_json::private::Number";

/// Parses a body that must be one JSON object. Numbers keep their digits.
///
/// Rejects members that occur twice in one object, at any depth: two parsers could see different values otherwise
/// ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259#section-4)).
pub(crate) fn parse(bytes: &[u8]) -> Result<Map<String, Value>, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        malformed(format!("The body is not UTF-8: byte {at} is invalid."))
    })?;
    let (mut reader, mut walk) = (Deserializer::from_str(text), Walk::default());
    let value = StrictValue(&mut walk).deserialize(&mut reader);
    let value = value.and_then(|value| reader.end().map(|()| value));
    match value.map_err(|error| syntax(&error))? {
        Value::Object(object) => {
            walk.repeated.into_result()?;
            Ok(object)
        }
        _ => Err(FieldErrors::one("", Code::Type, "must be a JSON object").into()),
    }
}

fn syntax(error: &serde_json::Error) -> Problem {
    let place = format!("line {}, column {}", error.line(), error.column());
    let detail = match error.classify() {
        Category::Eof => format!("The JSON text ends early, at {place}."),
        Category::Io | Category::Syntax | Category::Data => {
            // The message of serde_json ends with its own form of the position.
            let text = error.to_string();
            let reason = text.split(" at line ").next().unwrap_or_default();
            format!("The body is not valid JSON at {place}: {reason}.")
        }
    };
    malformed(detail)
}

fn malformed(detail: String) -> Problem {
    Problem::new(ProblemType::MalformedBody).detail(detail)
}

/// The place of the parser, and the repeated members so far.
#[derive(Default)]
struct Walk {
    place: Vec<PathStep>,
    repeated: FieldErrors,
}

enum PathStep {
    Member(String),
    Index(usize),
}

impl Walk {
    /// Records that the member `name` at this place is repeated.
    fn repeat(&mut self, name: &str) {
        let parent = self
            .place
            .iter()
            .fold(String::new(), |at, step| match step {
                PathStep::Member(name) => pointer(&at, name),
                PathStep::Index(index) => format!("{at}/{index}"),
            });
        let error = ValueError::new(Code::Duplicate, "must not be repeated");
        self.repeated.push(pointer(&parent, name), error);
    }
}

/// A value whose objects have distinct members.
struct StrictValue<'a>(&'a mut Walk);

impl<'de> DeserializeSeed<'de> for StrictValue<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for StrictValue<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            if name == NUMBER {
                if !object.is_empty() {
                    return Err(A::Error::custom(format_args!(
                        "the name {NUMBER} is reserved"
                    )));
                }
                return number(access);
            }
            self.0.place.push(PathStep::Member(name));
            let value = access.next_value_seed(StrictValue(&mut *self.0))?;
            if let Some(PathStep::Member(name)) = self.0.place.pop() {
                if object.contains_key(&name) {
                    self.0.repeat(&name);
                } else {
                    object.insert(name, value);
                }
            }
        }
        Ok(Value::Object(object))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        loop {
            self.0.place.push(PathStep::Index(items.len()));
            let item = access.next_element_seed(StrictValue(&mut *self.0))?;
            self.0.place.pop();
            match item {
                Some(item) => items.push(item),
                None => return Ok(Value::Array(items)),
            }
        }
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(truth.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
}

/// Reads the rest of the map of a number.
fn number<'de, A: MapAccess<'de>>(mut access: A) -> Result<Value, A::Error> {
    let digits: String = access.next_value()?;
    let number = digits
        .parse()
        .map(Value::Number)
        .map_err(A::Error::custom)?;
    match access.next_key::<String>()? {
        None => Ok(number),
        Some(_) => Err(A::Error::custom(format_args!(
            "the name {NUMBER} is reserved"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rejection(bytes: &[u8]) -> (u64, String) {
        let document = parse(bytes).unwrap_err().document("", "");
        let detail = document["detail"].as_str().unwrap().to_owned();
        (document["status"].as_u64().unwrap(), detail)
    }

    #[test]
    fn invalid_json_is_rejected_with_its_position() {
        for (text, status, part) in [
            ("", 400, "ends early"),
            ("{\"a\": 1", 400, "ends early"),
            ("{\"a\": 1}\n x", 400, "line 2, column 2"),
            ("{a: 1}", 400, "line 1, column 2"),
        ] {
            let (found, detail) = rejection(text.as_bytes());
            assert_eq!(found, status, "{text}");
            assert!(detail.contains(part), "{detail}");
        }
        assert!(rejection(b"{\"a\": \"\xff\"}").1.contains("byte 7"));
    }

    #[test]
    fn members_that_occur_twice_are_rejected_at_every_depth() {
        for (text, expected) in [
            (r#"{"a": 1, "b": 2, "a": 3}"#, vec!["/a"]),
            (r#"{"a": {"b": [0, {"c": 1, "c": 1}]}}"#, vec!["/a/b/1/c"]),
            (r#"{"a": {"b/~": 1, "b\u002f~": 2}}"#, vec!["/a/b~1~0"]),
            (
                r#"{"a": {"x": 1, "x": 2}, "a": {"y": 1, "y": 2}}"#,
                vec!["/a/x", "/a/y", "/a"],
            ),
        ] {
            let document = parse(text.as_bytes()).unwrap_err().document("", "");
            assert_eq!(document["status"], 422, "{text}");
            let errors = document["errors"].as_array().unwrap().iter();
            let pointers: Vec<_> = errors
                .clone()
                .map(|error| error["pointer"].as_str().unwrap())
                .collect();
            assert_eq!(pointers, expected);
            assert!(
                errors.clone().all(|error| error["code"] == "duplicate"),
                "{document}"
            );
        }
        let apart = br#"{"a": {"x": 1}, "b": {"x": 1}, "c": [{"x": 1}, {"x": 1}]}"#;
        assert!(parse(apart).is_ok());
    }

    #[test]
    fn numbers_keep_their_digits() {
        let text = r#"{"a":[1e+400,0.1000000000000000055,12345678901234567890123,-1,1.50,1e+2]}"#;
        assert_eq!(
            serde_json::to_string(&parse(text.as_bytes()).unwrap()).unwrap(),
            text
        );
        // This name would turn a stored object into a number.
        for text in [
            r#"{"a": 1, "$serde_json::private::Number": "1"}"#,
            r#"{"b": {"$serde_json::private::Number": "1", "a": 1}}"#,
            r#"{"b": {"$serde_json::private::Number": "x"}}"#,
        ] {
            assert_eq!(rejection(text.as_bytes()).0, 400, "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_rejected() {
        let deep = format!("{{\"a\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(rejection(deep.as_bytes()).0, 400);
    }

    #[test]
    fn json_values_other_than_objects_are_rejected_with_422() {
        for text in [
            "[]",
            "[{\"a\": [1]}]",
            "\"a\"",
            "1",
            "-1",
            "1.5",
            "true",
            "null",
        ] {
            assert_eq!(rejection(text.as_bytes()).0, 422, "{text}");
        }
        assert!(parse(b" {\"a\": null} ").unwrap()["a"].is_null());
    }
}
