use serde::Serialize;
use serde_json::{Map, Value, json};
use tintero_domain::posts::LiveCopy;
use utoipa::ToSchema;

use super::{LivePostSummary, SeoView};
use crate::respond::View;

/// The live copy of a post, which is public.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LivePost {
    #[serde(flatten)]
    summary: LivePostSummary,
    /// The text in Markdown.
    body: String,
    /// The text as sanitized HTML with root-relative URLs.
    html: String,
    /// Title and description for search engines.
    #[schema(required)]
    seo: Option<SeoView>,
    /// Custom data of the site.
    #[schema(value_type = Object)]
    extra: Map<String, Value>,
    /// True if the post is archived: public, but not in lists.
    archived: bool,
}

impl From<LiveCopy> for LivePost {
    fn from(copy: LiveCopy) -> Self {
        let LiveCopy {
            summary,
            body,
            html,
            seo,
            extra,
            archived,
        } = copy;
        Self {
            summary: summary.into(),
            body,
            html,
            seo: seo.map(Into::into),
            extra,
            archived,
        }
    }
}

impl View for LivePost {
    fn example() -> Self {
        let copy = json!({
            "id": "01912d68-783e-7a03-8467-5661c1243ad4",
            "title": "Programación en España", "slug": "programacion-en-espana", "locale": "es",
            "body": "# Hola\n", "html": "<h1>Hola</h1>\n", "tags": ["Rust"],
            "published_at": "2026-11-22T10:00:00.000Z", "updated_at": "2026-11-22T10:00:00.000Z",
        });
        let copy: LiveCopy = serde_json::from_value(copy).expect("the example is a live copy");
        copy.into()
    }
}
