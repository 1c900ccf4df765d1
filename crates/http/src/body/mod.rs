//! Request bodies: each names its members once, for the reader and for the OpenAPI document.
//!
//! A [`Record`] asks [`Members`] for one member after the other. While a request is read, it
//! gets values, and every problem is collected; while the document is made, it gets nothing
//! and leaves behind the schema of what it asked for.

mod members;
mod object;
mod text;
mod value;

use tintero_domain::FieldErrors;
use utoipa::openapi::{RefOr, Schema};

use crate::app::HttpConfig;

pub(crate) use members::{Members, pointer};
pub(crate) use object::parse;
pub(crate) use text::Text;
pub(crate) use value::{Extra, Key, Line, List, Member, Nested, RevisionNumber, Sha256, Verbatim};

/// A JSON object with known members.
pub(crate) trait Record: Sized {
    /// Asks for every member. `None` when a member that must be there is not, or is refused.
    fn read(members: &mut Members) -> Option<Self>;
}

/// A record that is the body of a request.
pub(crate) trait Body: Record {
    /// What its Content-Type may be.
    const MEDIA_TYPES: &'static [&'static str] = &["application/json"];
    /// True when no body at all stands for an empty object.
    const OPTIONAL: bool = false;
    /// False when a repetition is refused anyway, because of a unique name or a version, so that
    /// an `Idempotency-Key` would promise what is not kept.
    const KEYED: bool = true;

    /// How many bytes it may have.
    fn max_bytes(config: &HttpConfig) -> usize {
        config.max_body
    }
}

/// Lets the document show a record by its schema.
macro_rules! described {
    ($record:ty) => {
        impl utoipa::ToSchema for $record {}

        impl utoipa::PartialSchema for $record {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                crate::body::schema::<Self>()
            }
        }
    };
}

pub(crate) use described;

/// The schema of a record.
pub(crate) fn schema<R: Record>() -> RefOr<Schema> {
    let mut members = Members::describing();
    // Nothing is there to be read, so the record itself does not come about.
    let _ = R::read(&mut members);
    members.into_schema().into()
}

/// Reads a record out of an object, or says everything that is wrong with it.
pub(crate) fn read<R: Record>(
    object: serde_json::Map<String, serde_json::Value>,
    at: &str,
    errors: &mut FieldErrors,
) -> Option<R> {
    let mut members = Members::reading(object, at);
    let record = R::read(&mut members);
    members.finish(errors);
    record
}
