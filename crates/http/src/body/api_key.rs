//! Values of requests about API keys.

use serde_json::Value;
use tintero_domain::{FieldErrors, access::Scopes, values::Code};
use utoipa::openapi::{ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};

use super::{
    text::string,
    value::{FieldValue, reject},
};

/// A number of seconds from 0 to `MAX`.
pub(crate) struct Seconds<const MAX: u64>(pub(crate) u64);

impl<const MAX: u64> FieldValue for Seconds<MAX> {
    fn schema() -> Schema {
        let format = SchemaFormat::KnownFormat(KnownFormat::Int64);
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(format))
            .minimum(Some(0))
            .maximum(Some(MAX))
            .into()
    }

    fn read(value: Value, at: &str, errors: &mut FieldErrors) -> Option<Self> {
        if let Some(seconds) = value.as_u64().filter(|seconds| *seconds <= MAX) {
            Some(Self(seconds))
        } else {
            let detail = format!("must be a number of seconds from 0 to {MAX}");
            reject(at, errors, Code::OutOfRange, &detail)
        }
    }
}

/// The scopes of an API key: names of permissions.
impl FieldValue for Scopes {
    fn schema() -> Schema {
        ArrayBuilder::new()
            .items(string())
            .min_items(Some(1))
            .max_items(Some(MAX_SCOPES))
            .unique_items(true)
            .build()
            .into()
    }

    fn read(value: Value, at: &str, errors: &mut FieldErrors) -> Option<Self> {
        let detail = "must be an array of at most 100 names of permissions";
        let Value::Array(values) = value else {
            return reject(at, errors, Code::Type, detail);
        };
        if values.len() > MAX_SCOPES {
            return reject(at, errors, Code::TooLong, detail);
        }
        let names = values.into_iter().map(|value| match value {
            Value::String(name) => Some(name),
            _ => None,
        });
        let Some(names) = names.collect::<Option<Vec<_>>>() else {
            return reject(at, errors, Code::Type, detail);
        };
        Self::try_from(names)
            .map_err(|error| errors.push(at, error))
            .ok()
    }
}

/// Maximum number of scopes in a request.
const MAX_SCOPES: usize = 100;
