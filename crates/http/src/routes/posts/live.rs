use serde::Serialize;
use serde_json::{Map, Value, json};
use tintero_domain::posts::LiveCopy;
use utoipa::ToSchema;

use super::{LivePostSummary, Seo};
use crate::respond::View;

/// A published post: what everybody sees.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LivePost {
    #[serde(flatten)]
    summary: LivePostSummary,
    /// Markdown as written.
    body: String,
    /// The body as safe HTML with root-relative URLs.
    html: String,
    /// What search engines are told.
    #[schema(required)]
    seo: Option<Seo>,
    /// Members of the site's own.
    #[schema(value_type = Object)]
    extra: Map<String, Value>,
    /// True when it stands in no list any more.
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
