use axum::extract::State;
use http::Uri;
use tintero_domain::{
    access::Caller,
    images::{ImageFilter, Images},
    page::{Page, PageRequest},
    values::{Code, SourcePath},
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
    filter: ImageFilter,
    page: PageRequest,
}

/// Reads the filters.
fn filter(params: &mut Params) -> ImageFilter {
    let flag = |params: &mut Params, name, about| params.optional(name, about) == Some(Flag(true));
    ImageFilter {
        media_type: params.optional("type", "Images of this media type."),
        missing_alt: flag(params, "missing_alt", "Images without alternative text."),
        unused: flag(
            params,
            "unused",
            "Images that no post uses. Then `limit` is at most 25.",
        ),
        q: params.optional(
            "q",
            "Images whose `file_name` or `source_path` contains this text. Ignores letter case.",
        ),
        created_after: params.optional("created_after", "Images that were uploaded later."),
        created_before: params.optional("created_before", "Images that were uploaded earlier."),
    }
}

impl Parameters for ListImages {
    fn read(params: &mut Params) -> Built<Self> {
        let about = "Returns only the image with this source path, raw or percent-encoded. If there is none, returns \
            the image whose source path differs only in case.";
        let source_path = params.optional("source_path", about);
        let about = "Returns the images in the trash instead, those that are deleted last first.";
        let trashed = params.optional("trashed", about) == Some(Flag(true));
        let filter = filter(params);
        let page = page(params);
        let is_filtered = filter != ImageFilter::default();
        if is_filtered && (source_path.is_some() || trashed) {
            let other = if trashed { "trashed" } else { "source_path" };
            let detail = "must not be combined with filters of the list";
            params.reject::<()>(other, "not_supported", detail);
        }
        let most = ImageFilter::MAX_UNUSED_PAGE;
        if filter.unused && page.limit.get() as u64 > most {
            let detail = format!("must be at most {most} with unused");
            params.reject::<()>("limit", Code::OutOfRange.as_str(), detail);
        }
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
            filter,
            page,
        })
    }
}

documented_params!(ListImages);

/// Lists images, newest first.
///
/// Filters can be combined. A page can be short or empty although more images follow: `page.has_next` tells.
#[utoipa::path(get, path = "/v1/images", tag = "images", security(("bearer" = [])), params(ListImages))]
pub(super) async fn list_images(
    State(images): State<Images>,
    caller: Caller,
    Query(ListImages {
        source_path,
        trashed,
        filter,
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
        None => images.list(&caller, &filter, &page).await?,
    };
    let found = found.map(|image| ImageView::of(image, Some(&caller)));
    Ok(Listed::new::<ImageView>(found, &uri, Audience::Caller))
}
