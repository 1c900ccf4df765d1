use serde::Serialize;
use tintero_domain::posts::{self, ReferenceKind, UnresolvedReason};
use utoipa::{
    ToSchema,
    openapi::{Object, ObjectBuilder, Type, schema::SchemaType},
};

/// A reference from the body of a post.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Reference {
    #[schema(inline)]
    kind: ReferenceType,
    /// The name as written in the body.
    name: String,
    /// The line of its first occurrence in the body, from 1.
    line: usize,
    /// The resolved URL; null if the reference cannot be resolved.
    #[schema(required)]
    url: Option<String>,
    /// Why the reference is not resolved; null if it is.
    #[schema(required, schema_with = reason)]
    reason: Option<&'static str>,
}

const UNKNOWN: &str = "unknown";
const NOT_PUBLIC: &str = "not_public";
const TOO_MANY: &str = "too_many";

fn reason() -> Object {
    let types = SchemaType::from_iter([Type::String, Type::Null]);
    let names = [Some(UNKNOWN), Some(NOT_PUBLIC), Some(TOO_MANY), None];
    let about = "Nothing has this name, the post is not public, or the body has more links than are looked up.";
    ObjectBuilder::new()
        .schema_type(types)
        .enum_values(Some(names))
        .description(Some(about))
        .build()
}

/// The type of a reference.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ReferenceType {
    /// An image.
    Image,
    /// A post.
    Post,
    /// A file of the imported site.
    File,
    /// A URL.
    Link,
}

impl From<posts::BodyReference> for Reference {
    fn from(reference: posts::BodyReference) -> Self {
        let posts::BodyReference {
            kind,
            name,
            line,
            count: _,
            url,
            reason,
            ..
        } = reference;
        Self {
            kind: match kind {
                ReferenceKind::Image => ReferenceType::Image,
                ReferenceKind::Post => ReferenceType::Post,
                ReferenceKind::File => ReferenceType::File,
                _ => ReferenceType::Link,
            },
            name,
            line,
            url,
            reason: reason.map(|reason| match reason {
                UnresolvedReason::Unknown => UNKNOWN,
                UnresolvedReason::NotPublic => NOT_PUBLIC,
                UnresolvedReason::TooMany => TOO_MANY,
            }),
        }
    }
}
