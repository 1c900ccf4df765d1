use serde::Serialize;
use serde_json::{Map, Value, json};
use tintero_domain::posts::{Effect, Manuscript, Post as Stored, WorkingCopy};
use utoipa::ToSchema;

use super::{PostSummary, Seo};
use crate::respond::{Tagged, View};

/// The working copy of a post: what its authors see.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Post {
    #[serde(flatten)]
    summary: PostSummary,
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
}

impl From<WorkingCopy> for Post {
    fn from(copy: WorkingCopy) -> Self {
        let html = copy.html();
        let WorkingCopy { post, manuscript } = copy;
        let Manuscript {
            body,
            front_matter,
            seo,
            extra,
        } = manuscript;
        Self {
            summary: PostSummary::of(post, front_matter),
            body,
            html,
            seo: seo.map(Into::into),
            extra,
        }
    }
}

impl From<Effect> for Post {
    fn from(effect: Effect) -> Self {
        effect.copy.into()
    }
}

impl From<WorkingCopy> for Tagged<Post> {
    fn from(copy: WorkingCopy) -> Self {
        Self::from(Effect {
            copy,
            replayed: false,
        })
    }
}

impl View for Post {
    fn example() -> Self {
        let content = json!({
            "title": "Programación en España", "slug": "programacion-en-espana", "locale": "es",
            "excerpt": "Un saludo.", "tags": ["Rust"],
        });
        let standing = json!({
            "id": "01912d68-783e-7a03-8467-5661c1243ad4",
            "owner_id": "01912d68-783e-7a03-8467-5661c1243ad5",
            "status": "draft", "review": "none",
            "created_at": "2026-11-22T10:00:00.000Z", "updated_at": "2026-11-22T10:00:00.000Z",
            "version": 1, "revision": 1,
        });
        let text = json!({
            "revision": 1, "chunks": 1, "write": "01912d68-783e-7a03-8467-5661c1243ad6",
        });
        WorkingCopy {
            post: Stored {
                standing: serde_json::from_value(standing).expect("the example is a standing"),
                content: serde_json::from_value(content).expect("the example is a content"),
                text: serde_json::from_value(text).expect("the example is a reference"),
            },
            manuscript: Manuscript {
                body: "# Hola\n".to_owned(),
                ..Manuscript::default()
            },
        }
        .into()
    }
}
