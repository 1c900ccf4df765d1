use std::collections::BTreeMap;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::json;
use tintero_domain::{
    access::Caller,
    posts::{ImportSource, Posts},
    values::PostId,
};
use utoipa::{
    IntoResponses, ToSchema as _,
    openapi::{Content, RefOr, Response as Documented, ResponseBuilder},
};

use super::{LivePost, PostView};
use crate::{
    body::{Built, Key, build},
    extract::{Parameters, Params, Path, Query, documented_params},
    problem::Problem,
    respond::{Private, Tagged, View, choice, field},
    routes::posts::copy_view::CopyView,
};

/// The query string of `get_post`.
pub(in crate::routes::posts) struct GetPostParams {
    view: Option<CopyView>,
}

impl Parameters for GetPostParams {
    fn read(params: &mut Params) -> Built<Self> {
        let about = "`live` returns the live copy; `working`, the default, the working copy.";
        Built::from(Self {
            view: params.optional("view", about),
        })
    }
}

documented_params!(GetPostParams);

/// The requested copy of a post.
pub(in crate::routes::posts) enum EitherCopy {
    Working(Box<Tagged<PostView>>),
    Live(Box<Private<LivePost>>),
}

impl IntoResponse for EitherCopy {
    fn into_response(self) -> Response {
        match self {
            Self::Working(copy) => copy.into_response(),
            Self::Live(copy) => copy.into_response(),
        }
    }
}

impl IntoResponses for EitherCopy {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let copies = [("working", PostView::name()), ("live", LivePost::name())];
        let copies = choice("view", copies, "A copy of a post. `view` identifies it.");
        let content = Content::builder()
            .schema(Some(copies))
            .example(Some(json!(PostView::example())));
        let response = ResponseBuilder::new()
            .description("The requested copy of the post")
            .content("application/json", content.build())
            .header(
                "ETag",
                field("The version. For If-Match, if the copy is the working copy"),
            );
        BTreeMap::from([("200".to_owned(), response.build().into())])
    }
}

/// Returns a post.
///
/// Returns the working copy with its version, or the live copy. Fails with 404 if the copy does not
/// exist or the caller has no permission to read it.
#[utoipa::path(get, path = "/v1/posts/{id}", tag = "posts", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The id of the post."), GetPostParams))]
pub(in crate::routes::posts) async fn get_post(
    State(posts): State<Posts>,
    caller: Caller,
    Path(id): Path<PostId>,
    Query(GetPostParams { view }): Query<GetPostParams>,
) -> Result<EitherCopy, Problem> {
    match view {
        Some(CopyView::Live) => {
            let copy = posts.get_live(&caller, id).await?;
            Ok(EitherCopy::Live(Box::new(Private(copy.into()))))
        }
        Some(CopyView::Working) | None => {
            let copy = posts.get(&caller, id).await?;
            Ok(EitherCopy::Working(Box::new(copy.into())))
        }
    }
}

/// The query string of `get_post_by_source`.
pub(super) struct SourceParams {
    import: String,
    path: String,
}

impl Parameters for SourceParams {
    fn read(params: &mut Params) -> Built<Self> {
        let about = "The name of the import.";
        let import = params.required::<Key<{ ImportSource::MAX_IMPORT }>>("import", about);
        let about = "The path of the file in the import.";
        let path = params.required::<Key<{ ImportSource::MAX_PATH }>>("path", about);
        build(move || {
            Some(Self {
                import: import?.0,
                path: path?.0,
            })
        })
    }
}

documented_params!(SourceParams);

/// Returns the post that was imported from a file.
#[utoipa::path(get, path = "/v1/posts/by-source", tag = "posts", security(("bearer" = [])), params(SourceParams))]
pub(super) async fn get_post_by_source(
    State(posts): State<Posts>,
    caller: Caller,
    Query(SourceParams { import, path }): Query<SourceParams>,
) -> Result<Tagged<PostView>, Problem> {
    let copy = posts.get_by_source(&caller, import, path).await?;
    Ok(copy.into())
}
