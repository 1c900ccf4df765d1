use serde::Serialize;
use tintero_domain::posts::{self, ReferenceKind};
use utoipa::ToSchema;

/// Something outside the body that the body names.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Reference {
    #[schema(inline)]
    kind: Kind,
    /// The name, as the body spells it.
    name: String,
    /// The line of the body on which it stands first, from 1.
    line: usize,
    /// The URL that it became; null when nobody knows what is meant.
    #[schema(required)]
    url: Option<String>,
}

/// What is named.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// An image.
    Image,
    /// A post.
    Post,
    /// A file of the imported site.
    File,
    /// An address.
    Link,
}

impl From<posts::Reference> for Reference {
    fn from(reference: posts::Reference) -> Self {
        let posts::Reference {
            kind,
            name,
            line,
            count: _,
            url,
            ..
        } = reference;
        Self {
            kind: match kind {
                ReferenceKind::Image => Kind::Image,
                ReferenceKind::Post => Kind::Post,
                ReferenceKind::File => Kind::File,
                _ => Kind::Link,
            },
            name,
            line,
            url,
        }
    }
}
