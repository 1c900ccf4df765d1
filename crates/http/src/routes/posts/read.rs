use std::collections::BTreeMap;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::json;
use tintero_domain::{
    access::Caller,
    posts::{Posts, Source},
    values::PostId,
};
use utoipa::{
    IntoParams, IntoResponses,
    openapi::{
        Content, OneOfBuilder, Ref, RefOr, Response as Documented, ResponseBuilder,
        path::{Parameter, ParameterIn},
    },
};

use super::{LivePost, Post, lists::Side};
use crate::{
    body::Key,
    extract::{Parameters, Params, Path, Query, parameters},
    problem::Problem,
    respond::{Private, Tagged, View},
};

/// Which copy of a post is wanted.
pub(super) struct WhichCopy(Option<Side>);

impl Parameters for WhichCopy {
    fn read(params: &mut Params) -> Option<Self> {
        let about = "`live` shows what the public sees; `working`, the default, what authors see.";
        Some(Self(params.optional("view", about)))
    }
}

impl IntoParams for WhichCopy {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        parameters::<Self>()
    }
}

/// One of the two copies of a post.
pub(super) enum EitherCopy {
    Working(Box<Tagged<Post>>),
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
        let copies = OneOfBuilder::new()
            .item(Ref::from_schema_name("Post"))
            .item(Ref::from_schema_name("LivePost"));
        let content = Content::builder()
            .schema(Some(copies))
            .example(Some(json!(Post::example())));
        let response = ResponseBuilder::new()
            .description("The wanted copy of the post")
            .content("application/json", content.build())
            .header(
                "ETag",
                crate::respond::field("The state; for If-Match when the copy is the working one"),
            );
        BTreeMap::from([("200".to_owned(), response.build().into())])
    }
}

/// Shows a post to those who work on it.
#[utoipa::path(get, path = "/v1/posts/{id}", tag = "posts", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The post."), WhichCopy))]
pub(super) async fn get_post(
    State(posts): State<Posts>,
    caller: Caller,
    Path(id): Path<PostId>,
    Query(WhichCopy(side)): Query<WhichCopy>,
) -> Result<EitherCopy, Problem> {
    match side {
        Some(Side::Live) => {
            let copy = posts.get_live(&caller, id).await?;
            Ok(EitherCopy::Live(Box::new(Private(copy.into()))))
        }
        Some(Side::Working) | None => {
            let copy = posts.get(&caller, id).await?;
            Ok(EitherCopy::Working(Box::new(copy.into())))
        }
    }
}

/// A file of an import.
pub(super) struct ImportedFile {
    import: String,
    path: String,
}

impl Parameters for ImportedFile {
    fn read(params: &mut Params) -> Option<Self> {
        let import = params.required::<Key<{ Source::MAX_IMPORT }>>("import", "The import's name.");
        let path = params.required::<Key<{ Source::MAX_PATH }>>("path", "The file within it.");
        Some(Self {
            import: import?.0,
            path: path?.0,
        })
    }
}

impl IntoParams for ImportedFile {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        parameters::<Self>()
    }
}

/// Finds the post that came from a file of an import.
#[utoipa::path(get, path = "/v1/posts/by-source", tag = "posts", security(("bearer" = [])), params(ImportedFile))]
pub(super) async fn get_post_by_source(
    State(posts): State<Posts>,
    caller: Caller,
    Query(ImportedFile { import, path }): Query<ImportedFile>,
) -> Result<Tagged<Post>, Problem> {
    let copy = posts.get_by_source(&caller, import, path).await?;
    Ok(copy.into())
}
