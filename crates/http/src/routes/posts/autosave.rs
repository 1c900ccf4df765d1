use axum::extract::State;
use serde::Serialize;
use serde_json::{Map, Value};
use tintero_domain::{
    access::Caller,
    posts::{self, Posts, Unsaved},
    values::{PostId, Revision, Timestamp},
};
use utoipa::ToSchema;

use super::create::Markdown;
use crate::{
    body::{Body, Extra, Members, Record, RevisionNumber, Verbatim, described},
    extract::{NoQuery, Path, Unversioned},
    problem::Problem,
    respond::{NoContent, Private, View},
};

type Line = Verbatim<{ Unsaved::MAX_LINE }>;

/// What shall be put aside.
pub(crate) struct PutAutosave {
    base_revision: Revision,
    unsaved: Unsaved,
}

impl Record for PutAutosave {
    fn read(members: &mut Members) -> Option<Self> {
        let base = "The revision from which the author started.";
        let base = members.required::<RevisionNumber>("base_revision", base);
        let title = members.optional::<Line>("title", "The title, finished or not.");
        let slug = members.optional::<Line>("slug", "The slug, finished or not.");
        let excerpt = members.optional::<Line>("excerpt", "The excerpt, finished or not.");
        let body = members.optional::<Markdown>("body", "Markdown, at most 1 MiB.");
        let form = "Whatever else the editor wants back, at most 64 KiB.";
        let form = members.optional::<Extra>("form", form);
        Some(Self {
            base_revision: base?.0,
            unsaved: Unsaved {
                title: title.map(|text| text.0),
                slug: slug.map(|text| text.0),
                excerpt: excerpt.map(|text| text.0),
                body: body.map(|text| text.0),
                form: form.map(|form| form.0).unwrap_or_default(),
            },
        })
    }
}

impl Body for PutAutosave {
    const KEYED: bool = false;
}

described!(PutAutosave);

/// What the caller has put aside for a post and not saved.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Autosave {
    /// The revision from which the author started.
    base_revision: u64,
    /// The revision at which the post is; another one than the base when it moved on.
    current_revision: u64,
    /// When it was put aside.
    #[schema(format = DateTime)]
    saved_at: String,
    /// The title; null when none was put aside.
    #[schema(required)]
    title: Option<String>,
    /// The slug, likewise.
    #[schema(required)]
    slug: Option<String>,
    /// The excerpt, likewise.
    #[schema(required)]
    excerpt: Option<String>,
    /// The body, likewise.
    #[schema(required)]
    body: Option<String>,
    /// Whatever else was put aside.
    #[schema(value_type = Object)]
    form: Map<String, Value>,
}

impl From<(posts::Autosave, Revision)> for Autosave {
    fn from((autosave, current): (posts::Autosave, Revision)) -> Self {
        let posts::Autosave {
            base_revision,
            saved_at,
            unsaved,
        } = autosave;
        let Unsaved {
            title,
            slug,
            excerpt,
            body,
            form,
        } = unsaved;
        Self {
            base_revision: base_revision.0,
            current_revision: current.0,
            saved_at: saved_at.into(),
            title,
            slug,
            excerpt,
            body,
            form,
        }
    }
}

impl View for Autosave {
    fn example() -> Self {
        let autosave = posts::Autosave {
            base_revision: Revision(2),
            saved_at: Timestamp::from_millis(1_795_341_600_000),
            unsaved: Unsaved {
                body: Some("# Hola\n\nA med".to_owned()),
                ..Unsaved::default()
            },
        };
        (autosave, Revision(3)).into()
    }
}

/// Puts aside what the caller has written and not saved, in place of what was there.
///
/// The post stays as it is: its version, its lists and its history know nothing of it. The next
/// save of the caller clears it. It may be half-written; only its size is limited: once compressed,
/// to 300 KiB.
#[utoipa::path(put, path = "/v1/posts/{id}/autosave", tag = "posts", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The post.")),
    request_body(content = PutAutosave, example = json!({"base_revision": 2, "body": "# Hola\n\nA med"})))]
pub(super) async fn put_post_autosave(
    State(posts): State<Posts>,
    Unversioned { caller, id, body }: Unversioned<PutAutosave>,
) -> Result<Private<Autosave>, Problem> {
    let PutAutosave {
        base_revision,
        unsaved,
    } = body;
    let kept = posts
        .put_autosave(&caller, id, base_revision, unsaved)
        .await?;
    Ok(Private(kept.into()))
}

/// Shows what the caller has put aside for a post.
#[utoipa::path(get, path = "/v1/posts/{id}/autosave", tag = "posts", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The post.")))]
pub(super) async fn get_post_autosave(
    State(posts): State<Posts>,
    caller: Caller,
    Path(id): Path<PostId>,
    _: NoQuery,
) -> Result<Private<Autosave>, Problem> {
    Ok(Private(posts.get_autosave(&caller, id).await?.into()))
}

/// Forgets what the caller has put aside for a post, if anything.
#[utoipa::path(delete, path = "/v1/posts/{id}/autosave", tag = "posts", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The post.")))]
pub(super) async fn delete_post_autosave(
    State(posts): State<Posts>,
    caller: Caller,
    Path(id): Path<PostId>,
    _: NoQuery,
) -> Result<NoContent, Problem> {
    posts.remove_autosave(&caller, id).await?;
    Ok(NoContent)
}
