use std::collections::HashSet;

use serde_json::{Map, Value};
use tintero_domain::{
    FieldErrors,
    posts::Manuscript,
    values::{BylineId, CategoryId, Code, EmbedHost, Locale, OldPath, Revision, Tag, ValueError},
};
use utoipa::openapi::{
    ArrayBuilder, ObjectBuilder, RefOr, Schema, Type, schema::AdditionalProperties,
};

use super::{RequestObject, Text, read, schema, text::revision, verbatim::at_most};

/// The value of a field.
pub(crate) trait FieldValue: Sized {
    /// Returns the schema: type, format and limits.
    fn schema() -> Schema;

    /// Converts a value that is not null; adds violations to `errors`.
    fn read(value: Value, at: &str, errors: &mut FieldErrors) -> Option<Self>;
}

impl<T: Text> FieldValue for T {
    fn schema() -> Schema {
        T::schema().build().into()
    }

    fn read(value: Value, at: &str, errors: &mut FieldErrors) -> Option<Self> {
        let Value::String(text) = value else {
            return reject(at, errors, Code::Type, "must be a string");
        };
        T::parse(&text).map_err(|error| errors.push(at, error)).ok()
    }
}

impl FieldValue for bool {
    fn schema() -> Schema {
        ObjectBuilder::new().schema_type(Type::Boolean).into()
    }

    fn read(value: Value, at: &str, errors: &mut FieldErrors) -> Option<Self> {
        match value {
            Value::Bool(truth) => Some(truth),
            _ => reject(at, errors, Code::Type, "must be true or false"),
        }
    }
}

/// A list of at most `MAX` distinct items.
pub(crate) struct UniqueList<T, const MAX: usize>(Vec<T>);

impl<T, const MAX: usize> From<UniqueList<T, MAX>> for Vec<T> {
    fn from(list: UniqueList<T, MAX>) -> Self {
        list.0
    }
}

/// An item of a [`UniqueList`].
pub(crate) trait UniqueItem: Text {
    /// Two items with equal identities are duplicates.
    fn identity(&self) -> String;
}

impl UniqueItem for Tag {
    fn identity(&self) -> String {
        self.folded()
    }
}

macro_rules! unique_by_text {
    ($($item:ty),*) => {$(
        impl UniqueItem for $item {
            fn identity(&self) -> String {
                self.to_string()
            }
        }
    )*};
}

unique_by_text!(OldPath, CategoryId, BylineId, EmbedHost, Locale);

impl<T: UniqueItem, const MAX: usize> FieldValue for UniqueList<T, MAX> {
    fn schema() -> Schema {
        ArrayBuilder::new()
            .items(<T as Text>::schema())
            .max_items(Some(MAX))
            .unique_items(true)
            .build()
            .into()
    }

    fn read(value: Value, at: &str, errors: &mut FieldErrors) -> Option<Self> {
        let Value::Array(values) = value else {
            return reject(at, errors, Code::Type, "must be an array");
        };
        if values.len() > MAX {
            let detail = format!("must have at most {MAX} items; it has {}", values.len());
            errors.push(at, ValueError::new(Code::TooLong, detail));
        }
        let mut seen = HashSet::new();
        let items = values.into_iter().enumerate().filter_map(|(index, value)| {
            let at = format!("{at}/{index}");
            let item = T::read(value, &at, errors)?;
            if seen.insert(item.identity()) {
                return Some(item);
            }
            reject(&at, errors, Code::Duplicate, "must be unique")
        });
        Some(Self(items.collect()))
    }
}

/// An object inside of a body.
pub(crate) struct Nested<R>(pub(crate) R);

impl<R: RequestObject> FieldValue for Nested<R> {
    fn schema() -> Schema {
        match schema::<R>() {
            RefOr::T(schema) => schema,
            RefOr::Ref(_) => ObjectBuilder::new().into(),
        }
    }

    fn read(value: Value, at: &str, errors: &mut FieldErrors) -> Option<Self> {
        match value {
            Value::Object(object) => read(object, at, errors).map(Self),
            _ => reject(at, errors, Code::Type, "must be an object"),
        }
    }
}

/// A revision number.
pub(crate) struct RevisionNumber(pub(crate) Revision);

impl FieldValue for RevisionNumber {
    fn schema() -> Schema {
        revision().build().into()
    }

    fn read(value: Value, at: &str, errors: &mut FieldErrors) -> Option<Self> {
        let known = Revision::FIRST.0..=Revision::LAST.0;
        match value.as_u64().filter(|number| known.contains(number)) {
            Some(number) => Some(Self(Revision(number))),
            None => reject(at, errors, Code::Type, "must be a revision number"),
        }
    }
}

/// An object with any members, for data of the site.
pub(crate) struct Extra(pub(crate) Map<String, Value>);

impl Extra {
    /// Maximum nesting depth.
    const MAX_DEPTH: usize = 32;
}

impl FieldValue for Extra {
    fn schema() -> Schema {
        ObjectBuilder::new()
            .additional_properties(Some(AdditionalProperties::FreeForm(true)))
            .build()
            .into()
    }

    fn read(value: Value, at: &str, errors: &mut FieldErrors) -> Option<Self> {
        if depth(&value) > Self::MAX_DEPTH {
            let detail = "must be nested at most 32 levels deep";
            return reject(at, errors, Code::TooLong, detail);
        }
        if let Err(error) = at_most(
            value.to_string().len(),
            Manuscript::MAX_EXTRA,
            "bytes of JSON",
        ) {
            errors.push(at, error);
            return None;
        }
        match value {
            Value::Object(object) => Some(Self(object)),
            _ => reject(at, errors, Code::Type, "must be an object"),
        }
    }
}

/// Returns the nesting depth. The parser has already limited the recursion.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

pub(super) fn reject<T>(at: &str, errors: &mut FieldErrors, code: Code, detail: &str) -> Option<T> {
    errors.push(at, ValueError::new(code, detail));
    None
}
