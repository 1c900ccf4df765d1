use serde::Serialize;
use tintero_domain::posts::{self, ReferenceKind};
use utoipa::ToSchema;

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
        }
    }
}
