use std::collections::BTreeSet;

use axum::extract::State;
use http::Uri;
use serde::Serialize;
use tintero_domain::{
    access::Caller,
    images::{ImagePlace, ImageUse, Images},
    values::ImageId,
};
use utoipa::{ToSchema, openapi::Array};
use uuid::Uuid;

use crate::{
    extract::{PageParams, Path, Query},
    problem::Problem,
    respond::{Audience, Listed, View, names},
    routes::posts::statuses,
};

/// A post that uses an image.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImageUsage)]
pub(crate) struct ImageUsageView {
    /// The id of the post.
    post_id: Uuid,
    /// The title of the working copy.
    title: String,
    /// The readable part of the URL.
    slug: String,
    /// The language (BCP 47).
    locale: String,
    #[schema(schema_with = statuses)]
    status: &'static str,
    #[schema(schema_with = working_places)]
    working: Vec<&'static str>,
    #[schema(schema_with = live_places)]
    live: Vec<&'static str>,
}

fn working_places() -> Array {
    places("The places of the image in the working copy.")
}

fn live_places() -> Array {
    places("The places of the image in the live copy, also if it is scheduled or archived.")
}

fn places(about: &str) -> Array {
    let place = names(
        ImagePlace::ALL.map(ImagePlace::as_str),
        "A place in a post.",
    );
    let mut places = Array::new(place);
    places.description = Some(about.to_owned());
    places.max_items = Some(ImagePlace::ALL.len());
    places
}

impl From<ImageUse> for ImageUsageView {
    fn from(found: ImageUse) -> Self {
        let ImageUse {
            post,
            working,
            live,
        } = found;
        let names = |places: BTreeSet<ImagePlace>| {
            let places = places.into_iter();
            places.map(ImagePlace::as_str).collect()
        };
        Self {
            post_id: post.state.id.uuid(),
            title: post.content.title.into(),
            slug: post.content.address.slug.into(),
            locale: post.content.address.locale.into(),
            status: post.state.status.name().as_str(),
            working: names(working),
            live: names(live),
        }
    }
}

impl View for ImageUsageView {
    fn example() -> Self {
        Self {
            post_id: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad7),
            title: "Programación en España".to_owned(),
            slug: "programacion-en-espana".to_owned(),
            locale: "es".to_owned(),
            status: "published",
            working: vec!["body"],
            live: vec!["featured_image", "body"],
        }
    }
}

/// Lists the posts that use an image, newest first.
///
/// A post uses an image that its working copy or a live copy names: as featured image, or in its body by the URL of
/// the file or by the path in the original site. Trashed posts count, earlier revisions do not. A page has at most 25
/// posts and can have fewer although more follow. Responds 503 `busy` for a short time after the update from a version
/// that did not record uses.
#[utoipa::path(get, path = "/v1/images/{id}/usages", tag = "images", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The id of the image."), PageParams))]
pub(super) async fn list_image_usages(
    State(images): State<Images>,
    caller: Caller,
    Path(id): Path<ImageId>,
    Query(PageParams(page)): Query<PageParams>,
    uri: Uri,
) -> Result<Listed<ImageUsageView>, Problem> {
    let page = images.list_uses(&caller, id, &page).await?;
    Ok(Listed::new(page, &uri, Audience::Caller))
}
