use axum::extract::State;
use http::Uri;
use tintero_domain::{
    access::Caller,
    images::Images,
    page::{Page, PageRequest},
    values::SourcePath,
};
use utoipa::{
    IntoParams,
    openapi::path::{Parameter, ParameterIn},
};

use super::Image;
use crate::{
    extract::{Parameters, Params, Query, page, parameters},
    problem::Problem,
    respond::{Audience, Listed},
};

/// Which images are wanted.
pub(super) struct ListImages {
    source_path: Option<SourcePath>,
    page: PageRequest,
}

impl Parameters for ListImages {
    fn read(params: &mut Params) -> Option<Self> {
        let about = "The one image that came from this path, raw or percent-encoded; when there \
            is none, the one whose path differs in letter case alone.";
        let source_path = params.optional("source_path", about);
        let page = page(params);
        if source_path.is_some() && page.cursor.is_some() {
            return params.refuse("cursor", "not_supported", "does not go with source_path");
        }
        Some(Self { source_path, page })
    }
}

impl IntoParams for ListImages {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        parameters::<Self>()
    }
}

/// Lists images, the newest first.
#[utoipa::path(get, path = "/v1/images", tag = "images", security(("bearer" = [])), params(ListImages))]
pub(super) async fn list_images(
    State(images): State<Images>,
    caller: Caller,
    Query(ListImages { source_path, page }): Query<ListImages>,
    uri: Uri,
) -> Result<Listed<Image>, Problem> {
    let found = match source_path {
        Some(path) => Page {
            items: images
                .get_by_path(&caller, path)
                .await?
                .into_iter()
                .collect(),
            next: None,
        },
        None => images.list(&caller, &page).await?,
    };
    Ok(Listed::new(found, &uri, Audience::Caller))
}
