use serde::Serialize;
use serde_json::{Map, Value, json};
use tintero_domain::posts::{
    Effect, Manuscript, Merged, Post as Stored, Rendition, Shown, WorkingCopy,
};
use utoipa::ToSchema;

use super::{PostDiff, PostSummary, Reference, Seo, source::Origin};
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
    /// The images, posts and files that the body names, each once, in its order.
    references: Vec<Reference>,
    /// What search engines are told.
    #[schema(required)]
    seo: Option<Seo>,
    /// Members of the site's own.
    #[schema(value_type = Object)]
    extra: Map<String, Value>,
    /// True when the write was merged with what others had changed meanwhile; else absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    merged: Option<bool>,
    /// What others had changed meanwhile; present with `merged`, unless a repeated answer comes so
    /// late that the revision is forgotten on which the write was based.
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<PostDiff>,
}

impl From<Shown> for Post {
    fn from(shown: Shown) -> Self {
        let Shown {
            copy: WorkingCopy { post, manuscript },
            rendition: Rendition { html, references },
        } = shown;
        let Manuscript {
            body,
            front_matter,
            site,
            seo,
            extra,
        } = manuscript;
        Self {
            summary: PostSummary::of(post, Origin { front_matter, site }),
            body,
            html,
            references: references.into_iter().map(Into::into).collect(),
            seo: seo.map(Into::into),
            extra,
            merged: None,
            diff: None,
        }
    }
}

impl From<Effect> for Post {
    fn from(effect: Effect) -> Self {
        let Effect {
            shown,
            merged,
            replayed: _,
        } = effect;
        Self {
            merged: merged.is_some().then_some(true),
            diff: match merged {
                Some(Merged::With(diff)) => Some(PostDiff::from(*diff)),
                Some(Merged::WithForgotten) | None => None,
            },
            ..shown.into()
        }
    }
}

impl From<Shown> for Tagged<Post> {
    fn from(shown: Shown) -> Self {
        Self::from(Effect {
            shown,
            merged: None,
            replayed: false,
        })
    }
}

impl View for Post {
    fn example() -> Self {
        example().into()
    }
}

/// A post as it could be.
pub(super) fn example() -> Shown {
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
    let copy = WorkingCopy {
        post: Stored {
            standing: serde_json::from_value(standing).expect("the example is a standing"),
            content: serde_json::from_value(content).expect("the example is a content"),
            text: serde_json::from_value(text).expect("the example is a reference"),
        },
        manuscript: Manuscript {
            body: "# Hola\n".to_owned(),
            ..Manuscript::default()
        },
    };
    let rendition = Rendition {
        html: "<h1 id=\"hola\">Hola</h1>\n".to_owned(),
        references: Vec::new(),
    };
    Shown { copy, rendition }
}
