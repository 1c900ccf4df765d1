//! Request bodies.
//!
//! A [`RequestObject`] declares its fields once, on a [`FieldReader`]. The same declarations read
//! requests and generate the schemas of the OpenAPI document.

mod api_key;
mod build;
mod codes;
mod object;
mod reader;
mod text;
mod value;
mod verbatim;

use tintero_domain::FieldErrors;
use utoipa::openapi::{RefOr, Schema};

use crate::app::HttpConfig;

pub(crate) use api_key::Seconds;
pub(crate) use build::{Built, build};
pub(crate) use object::parse;
pub(crate) use reader::{FieldReader, pointer};
pub(crate) use text::{Choice, Text};
pub(crate) use value::{Extra, FieldValue, Nested, RevisionNumber, UniqueList};
pub(crate) use verbatim::{Key, NewPassword, SingleLine, Verbatim};

/// A JSON object with known fields.
pub(crate) trait RequestObject: Sized {
    /// Declares every field and builds the object from their values.
    fn read(fields: &mut FieldReader) -> Built<Self>;
}

/// An object that is the body of a request.
pub(crate) trait Body: RequestObject {
    /// Accepted values of `Content-Type`.
    const MEDIA_TYPES: &'static [&'static str] = &["application/json"];
    /// Whether an absent body is read as an empty object.
    const OPTIONAL: bool = false;
    /// Whether the operation supports an `Idempotency-Key`. False if a unique name or a version
    /// already rejects repeated requests.
    const KEYED: bool = true;

    /// Whether the response contains a secret, which is not stored for a replay.
    const SECRET: bool = false;

    /// Maximum size in bytes.
    fn max_bytes(config: &HttpConfig) -> usize {
        config.max_body
    }
}

/// Media types of merge patches ([RFC 7396](https://www.rfc-editor.org/rfc/rfc7396)). The OpenAPI document has only the first
/// one, because clients generated for two types of one body are invalid.
pub(crate) const MERGE_PATCH: &[&str] = &["application/merge-patch+json", "application/json"];

/// Implements `ToSchema` for a request object, under its own name or the given one.
macro_rules! described {
    ($object:ident) => {
        crate::body::described!($object as $object);
    };
    ($object:ident as $name:ident) => {
        impl utoipa::ToSchema for $object {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }

        impl utoipa::PartialSchema for $object {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                crate::body::schema::<Self>()
            }
        }
    };
}

pub(crate) use described;

/// Returns the schema of a request object.
pub(crate) fn schema<R: RequestObject>() -> RefOr<Schema> {
    let mut fields = FieldReader::describing();
    // Without values, only the declarations matter.
    let _ = R::read(&mut fields).into_option();
    fields.into_schema().into()
}

/// Reads a request object; adds all violations to `errors`.
pub(crate) fn read<R: RequestObject>(
    object: serde_json::Map<String, serde_json::Value>,
    at: &str,
    errors: &mut FieldErrors,
) -> Option<R> {
    let mut fields = FieldReader::reading(object, at);
    let value = R::read(&mut fields).into_option();
    fields.finish(errors);
    value
}
