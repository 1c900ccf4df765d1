use serde::Serialize;
use serde_json::json;
use tintero_domain::posts::{Post, PublicSummary};
use utoipa::ToSchema;

use super::{LivePostSummary, PostSummary, source::Origin};
use crate::respond::View;

/// A row of a list; `view` says of which kind.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum PostRow {
    /// In public lists.
    Live(Box<LivePostSummary>),
    /// In desk lists.
    Working(Box<PostSummary>),
}

impl From<PublicSummary> for PostRow {
    fn from(summary: PublicSummary) -> Self {
        Self::Live(Box::new(summary.into()))
    }
}

impl From<Post> for PostRow {
    fn from(post: Post) -> Self {
        Self::Working(Box::new(PostSummary::of(post, Origin::default())))
    }
}

impl View for PostRow {
    fn example() -> Self {
        let summary = json!({
            "id": "01912d68-783e-7a03-8467-5661c1243ad4",
            "title": "Programación en España", "slug": "programacion-en-espana", "locale": "es",
            "excerpt": "Un saludo.", "tags": ["Rust"],
            "published_at": "2026-11-22T10:00:00.000Z", "updated_at": "2026-11-22T10:00:00.000Z",
        });
        let summary: PublicSummary =
            serde_json::from_value(summary).expect("the example is a summary");
        summary.into()
    }
}
