use axum::extract::State;
use serde::Serialize;
use serde_json::{Map, Value};
use tintero_domain::{
    access::Caller,
    posts::{self, Posts, Unsaved},
    values::{PostId, Revision, Timestamp},
};
use utoipa::ToSchema;

use super::fields::Markdown;
use crate::{
    body::{
        Body, Built, Extra, FieldReader, RequestObject, RevisionNumber, Verbatim, build, described,
    },
    extract::{NoQuery, Path, Unversioned},
    problem::Problem,
    respond::{NoContent, Private, View},
};

type DraftText = Verbatim<{ Unsaved::MAX_LINE }>;

/// The unsaved content of an editor.
pub(crate) struct PutAutosave {
    base_revision: Revision,
    unsaved: Unsaved,
}

impl RequestObject for PutAutosave {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let base = "The revision on which the changes are based.";
        let base = fields.required::<RevisionNumber>("base_revision", base);
        let title = fields.optional::<DraftText>("title", "The unsaved title. Can be invalid.");
        let slug = fields.optional::<DraftText>("slug", "The unsaved slug. Can be invalid.");
        let excerpt =
            fields.optional::<DraftText>("excerpt", "The unsaved excerpt. Can be invalid.");
        let body = fields.optional::<Markdown>("body", "The unsaved Markdown, at most 1 MiB.");
        let form = "Other state of the editor, at most 64 KiB.";
        let form = fields.optional::<Extra>("form", form);
        build(move || {
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
        })
    }
}

impl Body for PutAutosave {
    const KEYED: bool = false;
}

described!(PutAutosave);

/// The unsaved changes of the caller to a post.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Autosave)]
pub(crate) struct AutosaveView {
    /// The revision on which the changes are based.
    base_revision: u64,
    /// The current revision of the post. Differs from the base if the post has changed since.
    current_revision: u64,
    /// Time of the autosave.
    #[schema(format = DateTime)]
    saved_at: String,
    /// The unsaved title; null if it was not sent.
    #[schema(required)]
    title: Option<String>,
    /// The unsaved slug; null if it was not sent.
    #[schema(required)]
    slug: Option<String>,
    /// The unsaved excerpt; null if it was not sent.
    #[schema(required)]
    excerpt: Option<String>,
    /// The unsaved Markdown; null if it was not sent.
    #[schema(required)]
    body: Option<String>,
    /// Other state of the editor.
    #[schema(value_type = Object)]
    form: Map<String, Value>,
}

impl From<(posts::Autosave, Revision)> for AutosaveView {
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

impl View for AutosaveView {
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

/// Saves an autosave.
///
/// Stores the unsaved changes of the caller and replaces the previous autosave. The post itself, its
/// version and its revisions do not change. The next update by the caller deletes the autosave. Values
/// can be invalid; only their size is limited: 300 KiB after compression.
#[utoipa::path(put, path = "/v1/posts/{id}/autosave", tag = "posts", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The post.")),
    request_body(content = PutAutosave, example = json!({"base_revision": 2, "body": "# Hola\n\nA med"})))]
pub(in crate::routes::posts) async fn put_post_autosave(
    State(posts): State<Posts>,
    Unversioned { caller, id, body }: Unversioned<PutAutosave>,
) -> Result<Private<AutosaveView>, Problem> {
    let PutAutosave {
        base_revision,
        unsaved,
    } = body;
    let autosave = posts
        .put_autosave(&caller, id, base_revision, unsaved)
        .await?;
    Ok(Private(autosave.into()))
}

/// Returns the autosave of the caller for a post.
#[utoipa::path(get, path = "/v1/posts/{id}/autosave", tag = "posts", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The post.")))]
pub(in crate::routes::posts) async fn get_post_autosave(
    State(posts): State<Posts>,
    caller: Caller,
    Path(id): Path<PostId>,
    _: NoQuery,
) -> Result<Private<AutosaveView>, Problem> {
    Ok(Private(posts.get_autosave(&caller, id).await?.into()))
}

/// Deletes the autosave of the caller for a post, if any.
#[utoipa::path(delete, path = "/v1/posts/{id}/autosave", tag = "posts", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The post.")))]
pub(in crate::routes::posts) async fn delete_post_autosave(
    State(posts): State<Posts>,
    caller: Caller,
    Path(id): Path<PostId>,
    _: NoQuery,
) -> Result<NoContent, Problem> {
    posts.remove_autosave(&caller, id).await?;
    Ok(NoContent)
}
