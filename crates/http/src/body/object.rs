//! Parses a body into one JSON object.

use std::fmt;

use serde::{
    Deserializer as _,
    de::{Error as _, MapAccess, Visitor},
};
use serde_json::{Deserializer, Map, Value, error::Category};
use tintero_domain::{FieldErrors, values::Code};

use crate::problem::{Problem, ProblemType};

/// Parses a body that must be one JSON object.
///
/// Rejects duplicate names: two parsers could see different values otherwise
/// ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259#section-4)).
pub(crate) fn parse(bytes: &[u8]) -> Result<Map<String, Value>, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        malformed(format!("The body is not UTF-8: byte {at} is invalid."))
    })?;
    let mut reader = Deserializer::from_str(text);
    let object = reader.deserialize_any(TopLevel).and_then(|object| {
        reader.end()?;
        Ok(object)
    });
    match object {
        Ok(Some(object)) => Ok(object),
        Ok(None) => Err(FieldErrors::one("", Code::Type, "must be a JSON object").into()),
        Err(error) => Err(syntax(&error)),
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

/// Returns `None` for well-formed values that are not objects.
struct TopLevel;

impl<'de> Visitor<'de> for TopLevel {
    type Value = Option<Map<String, Value>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, value)) = access.next_entry::<String, Value>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(format_args!(
                    "the member {name:?} is repeated"
                )));
            }
            object.insert(name, value);
        }
        Ok(Some(object))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(
        self,
        mut access: A,
    ) -> Result<Self::Value, A::Error> {
        while access.next_element::<Value>()?.is_some() {}
        Ok(None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
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
            ("{\"a\": 1, \"a\": 2}", 400, "\"a\" is repeated"),
        ] {
            let (found, detail) = rejection(text.as_bytes());
            assert_eq!(found, status, "{text}");
            assert!(detail.contains(part), "{detail}");
        }
        assert!(rejection(b"{\"a\": \"\xff\"}").1.contains("byte 7"));
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
