use axum::extract::State;
use http::Uri;
use tintero_domain::{
    access::Caller,
    images::Images,
    page::{Page, PageRequest},
    values::SourcePath,
};

use super::ImageView;
use crate::{
    body::Built,
    extract::{Parameters, Params, Query, documented_params, page},
    problem::Problem,
    respond::{Audience, Listed},
    routes::posts::Flag,
};

/// The query string of `list_images`.
pub(super) struct ListImages {
    source_path: Option<SourcePath>,
    trashed: bool,
    page: PageRequest,
}

impl Parameters for ListImages {
    fn read(params: &mut Params) -> Built<Self> {
        let about = "Returns only the image with this source path, raw or percent-encoded. If there is none, returns \
            the image whose source path differs only in case.";
        let source_path = params.optional("source_path", about);
        let about = "Returns the images in the trash instead, those that are deleted last first.";
        let trashed = params.optional("trashed", about) == Some(Flag(true));
        let page = page(params);
        if source_path.is_some() && page.cursor.is_some() {
            let detail = "must not be combined with source_path";
            params.reject::<()>("cursor", "not_supported", detail);
        }
        if source_path.is_some() && trashed {
            let detail = "must not be combined with source_path";
            params.reject::<()>("trashed", "not_supported", detail);
        }
        Built::from(Self {
            source_path,
            trashed,
            page,
        })
    }
}

documented_params!(ListImages);

/// Lists images, newest first.
#[utoipa::path(get, path = "/v1/images", tag = "images", security(("bearer" = [])), params(ListImages))]
pub(super) async fn list_images(
    State(images): State<Images>,
    caller: Caller,
    Query(ListImages {
        source_path,
        trashed,
        page,
    }): Query<ListImages>,
    uri: Uri,
) -> Result<Listed<ImageView>, Problem> {
    let found = match source_path {
        Some(path) => Page {
            items: images
                .get_by_path(&caller, path)
                .await?
                .into_iter()
                .collect(),
            next: None,
        },
        None if trashed => images.list_trash(&caller, &page).await?,
        None => images.list(&caller, &page).await?,
    };
    let found = found.map(|image| ImageView::of(image, Some(&caller)));
    Ok(Listed::new::<ImageView>(found, &uri, Audience::Caller))
}
