use serde::Serialize;
use serde_json::{Map, Value, json};
use tintero_domain::{
    access::Caller,
    posts::{Manuscript, Merged, Post, RenderedPost, Rendition, WorkingCopy, WriteResult},
};
use utoipa::ToSchema;

use super::{ImportOrigin, PostSummary, Reference, SeoView};
use crate::{
    respond::{Tagged, View},
    routes::posts::PostDiff,
};

/// The working copy of a post, for authors.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Post)]
pub(crate) struct PostView {
    #[serde(flatten)]
    summary: PostSummary,
    /// The text in Markdown.
    body: String,
    /// The text as sanitized HTML with root-relative URLs.
    html: String,
    /// The images, posts, files and links in the body, without duplicates, in order.
    references: Vec<Reference>,
    /// Title and description for search engines.
    #[schema(required)]
    seo: Option<SeoView>,
    /// Custom data of the site.
    #[schema(value_type = Object)]
    extra: Map<String, Value>,
    /// True if the update was merged with concurrent changes; absent otherwise.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    merged: Option<bool>,
    /// The concurrent changes, if `merged` is true. Absent in replayed responses after the base revision
    /// was deleted.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<PostDiff>,
}

impl From<RenderedPost> for PostView {
    fn from(rendered: RenderedPost) -> Self {
        let RenderedPost {
            copy: WorkingCopy { post, manuscript },
            rendition: Rendition {
                html, references, ..
            },
        } = rendered;
        let Manuscript {
            body,
            front_matter,
            site,
            seo,
            extra,
        } = manuscript;
        Self {
            summary: PostSummary::of(post, ImportOrigin { front_matter, site }),
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

impl From<WriteResult> for PostView {
    fn from(result: WriteResult) -> Self {
        let WriteResult {
            rendered,
            merged,
            replayed: _,
        } = result;
        Self {
            merged: merged.is_some().then_some(true),
            diff: match merged {
                Some(Merged::With(diff)) => Some(PostDiff::from(*diff)),
                Some(Merged::WithUnknown) | None => None,
            },
            ..rendered.into()
        }
    }
}

impl Tagged<PostView> {
    /// The response to a write, with what the caller may do with the post now.
    pub(in crate::routes::posts) fn written(result: WriteResult, caller: &Caller) -> Self {
        let allowed = result.rendered.copy.post.allowed_to(caller);
        let mut response = Self::from(result);
        response.view.summary.allow(allowed);
        response
    }

    /// The response to a read.
    pub(in crate::routes::posts) fn read(rendered: RenderedPost, caller: &Caller) -> Self {
        let result = WriteResult {
            rendered,
            merged: None,
            replayed: false,
        };
        Self::written(result, caller)
    }
}

impl View for PostView {
    fn example() -> Self {
        example().into()
    }
}

/// Returns an example for the OpenAPI document.
pub(in crate::routes::posts) fn example() -> RenderedPost {
    let content = json!({
        "title": "Programación en España", "slug": "programacion-en-espana", "locale": "es",
        "excerpt": "Un saludo.", "tags": ["Rust"],
    });
    let state = json!({
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
        post: Post {
            state: serde_json::from_value(state).expect("the example is a post state"),
            content: serde_json::from_value(content).expect("the example is a content"),
            text: serde_json::from_value(text).expect("the example is a reference"),
        },
        manuscript: Manuscript {
            body: "# Hola\n".to_owned(),
            ..Manuscript::default()
        },
    };
    let rendition = Rendition {
        html: "<h1 id=\"user-content-hola\">Hola</h1>\n".to_owned(),
        ..Rendition::default()
    };
    RenderedPost { copy, rendition }
}
