//! Nested objects of a post in responses.

use serde::Serialize;
use serde_json::{Map, Value};
use tintero_domain::posts::{self, ImportSource};
use utoipa::ToSchema;

/// Data of an imported post that is stored with its text.
#[derive(Default)]
pub(in crate::routes::posts) struct ImportOrigin {
    pub(in crate::routes::posts) front_matter: Option<String>,
    pub(in crate::routes::posts) site: Option<Map<String, Value>>,
}

/// The file from which a post was imported.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PostSource {
    /// The name of the import.
    import: String,
    /// The path of the file in the import.
    path: String,
    /// The SHA-256 digest of the imported file.
    sha256: String,
    /// The front matter of the file, including its delimiters. Absent in lists.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    front_matter: Option<String>,
    /// The `site.*` values at the time of the import. Absent in lists.
    #[schema(value_type = Option<Object>, nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    site: Option<Map<String, Value>>,
}

impl PostSource {
    pub(in crate::routes::posts) fn of(source: ImportSource, origin: ImportOrigin) -> Self {
        let ImportOrigin { front_matter, site } = origin;
        let ImportSource {
            import,
            path,
            sha256,
        } = source;
        Self {
            import,
            path,
            sha256,
            front_matter,
            site,
        }
    }
}

/// Title and description for search engines.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Seo)]
pub(crate) struct SeoView {
    /// Replaces the title.
    #[schema(required)]
    title: Option<String>,
    /// Replaces the excerpt.
    #[schema(required)]
    description: Option<String>,
}

impl From<posts::Seo> for SeoView {
    fn from(seo: posts::Seo) -> Self {
        let posts::Seo { title, description } = seo;
        Self { title, description }
    }
}
