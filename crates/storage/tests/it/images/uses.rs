//! Uses of images: which posts name an image, and where.

use std::collections::BTreeSet;

use tintero_domain::{
    Error, Result,
    images::{Image, ImageName, ImagePlace, ImageUse, Images},
    page::{Limit, Page, PageRequest},
    posts::{NewPost, PostPatch, Transition},
    values::PostId,
};
use tintero_embedded::faults::FaultAction;
use tintero_storage::keys;

use super::{from_path, images, png, upload};
use crate::site::{Site, body_patch, draft, editor, site, title_patch};

const PATH: &str = "assets/Año nuevo.png";

const FEATURED: ImagePlace = ImagePlace::FeaturedImage;
const BODY: ImagePlace = ImagePlace::Body;

async fn recorded() -> Site {
    let site = site().await;
    let posts = site.posts.record_earlier_uses(|| true).await;
    assert_eq!(posts.unwrap(), 0);
    site
}

fn naming(body: &str) -> NewPost {
    let mut new = draft("Post");
    body.clone_into(&mut new.manuscript.body);
    new
}

async fn page(images: &Images, image: &Image, page: &PageRequest) -> Result<Page<ImageUse>> {
    images.list_uses(&editor(), image.id(), page).await
}

async fn uses(images: &Images, image: &Image) -> Vec<ImageUse> {
    let found = page(images, image, &PageRequest::default()).await;
    found.unwrap().items
}

/// The places in the working copy and in public copies of the only post that uses an image.
async fn places(images: &Images, image: &Image) -> (Vec<ImagePlace>, Vec<ImagePlace>) {
    let mut uses = uses(images, image).await;
    assert_eq!(uses.len(), 1, "{uses:?}");
    let ImageUse { working, live, .. } = uses.remove(0);
    (working.into_iter().collect(), live.into_iter().collect())
}

async fn is_recorded(site: &Site, image: &Image, post: PostId) -> bool {
    let key = keys::image_use(&ImageName::Id(image.id()), post);
    site.item("images", key).await.is_some()
}

#[tokio::test]
async fn a_post_uses_the_images_of_its_working_copy_and_of_its_public_copies() {
    let site = recorded().await;
    let images = images(&site);
    let image = from_path(&images, 5, PATH).await;
    let mut new = naming(&format!("![]({})", image.file.path()));
    new.featured_image_id = Some(image.id());
    let copy = site.create(new).await;
    assert_eq!(
        places(&images, &image).await,
        (vec![FEATURED, BODY], vec![])
    );
    let copy = site.publish(&copy).await.unwrap();
    let both = vec![FEATURED, BODY];
    assert_eq!(places(&images, &image).await, (both.clone(), both.clone()));
    let copy = site.update(&copy, body_patch("Sin imagen.")).await;
    assert_eq!(
        places(&images, &image).await,
        (vec![FEATURED], both.clone())
    );
    let without = PostPatch {
        featured_image_id: Some(None),
        ..PostPatch::default()
    };
    let copy = site.update(&copy, without).await;
    assert_eq!(places(&images, &image).await, (vec![], both));
    site.publish(&copy).await.unwrap();
    assert!(uses(&images, &image).await.is_empty());
}

#[tokio::test]
async fn a_path_names_an_image_in_any_letter_case_and_before_its_upload() {
    let site = recorded().await;
    let images = images(&site);
    let body = "![]({{ \"/ASSETS/A%C3%91O nuevo.png\" | relative_url }})";
    let copy = site.create(naming(body)).await;
    let image = from_path(&images, 5, PATH).await;
    assert_eq!(places(&images, &image).await, (vec![BODY], vec![]));
    // The same path in another letter case is another image.
    let exact = from_path(&images, 6, "ASSETS/AÑO nuevo.png").await;
    assert_eq!(places(&images, &exact).await, (vec![BODY], vec![]));
    assert!(uses(&images, &image).await.is_empty());
    let copy = site.transition(&copy, Transition::Trash).await;
    assert_eq!(uses(&images, &exact).await[0].post, copy.post);
}

#[tokio::test]
async fn a_link_to_the_file_of_an_image_is_a_use_and_other_text_is_none() {
    let site = recorded().await;
    let images = images(&site);
    let image = upload(&images, &editor(), png(5), None)
        .await
        .unwrap()
        .image;
    let path = image.file.path();
    site.create(naming(&format!("[grande]({path}), `{path}`")))
        .await;
    site.create(naming(&format!("`![]({path})`"))).await;
    assert_eq!(places(&images, &image).await, (vec![BODY], vec![]));
}

#[tokio::test]
async fn a_record_without_a_use_is_forgotten_after_an_hour() {
    let site = recorded().await;
    let images = images(&site);
    let image = from_path(&images, 5, PATH).await;
    let copy = site
        .create(naming(&format!("![]({})", image.file.path())))
        .await;
    let id = copy.post.state.id;
    let copy = site.update(&copy, body_patch("Sin imagen.")).await;
    assert!(uses(&images, &image).await.is_empty());
    assert!(
        is_recorded(&site, &image, id).await,
        "it may be a write in progress"
    );
    site.clock.forward(3_600_001);
    assert!(uses(&images, &image).await.is_empty());
    assert!(!is_recorded(&site, &image, id).await);
    site.update(&copy, body_patch(&format!("![]({})", image.file.path())))
        .await;
    assert_eq!(places(&images, &image).await, (vec![BODY], vec![]));
}

#[tokio::test]
async fn a_write_that_stops_at_any_request_leaves_no_unrecorded_use() {
    for nth in 1..=4 {
        for crash in [FaultAction::CrashBefore, FaultAction::CrashAfter] {
            let site = recorded().await;
            let images = images(&site);
            let image = from_path(&images, 5, PATH).await;
            let copy = site.create(naming("Sin imagen.")).await;
            let id = copy.post.state.id;
            let mut requests = 0;
            site.wire.on(move |_| {
                requests += 1;
                if requests == nth {
                    crash
                } else {
                    FaultAction::Pass
                }
            });
            let patch = body_patch(&format!("![]({})", image.file.path()));
            let saved = site.by(&editor()).update(&copy, patch).await;
            site.wire.clear();
            let body = site.read(id).await.manuscript.body;
            let is_used = body.contains("/media/");
            assert!(is_used || saved.is_err());
            let found = uses(&images, &image).await;
            assert_eq!(!found.is_empty(), is_used, "{crash:?} at request {nth}");
        }
    }
}

#[tokio::test]
async fn pages_of_uses_contain_every_post_once() {
    let site = recorded().await;
    let images = images(&site);
    let image = from_path(&images, 5, PATH).await;
    let mut wanted = BTreeSet::new();
    for number in 0..30 {
        // Some posts name the image twice, some in one way only.
        let bodies = [String::new(), format!("![](/{PATH})"), image.file.path()];
        let mut new = naming(&bodies[number % 3]);
        new.title = format!("Post {number}").parse().unwrap();
        new.featured_image_id = (number % 3 != 1).then_some(image.id());
        wanted.insert(site.create(new).await.post.state.id);
    }
    for limit in [1, 7, 25, 100] {
        let mut request = PageRequest {
            limit: Limit::new(limit).unwrap(),
            cursor: None,
        };
        let mut seen = Vec::new();
        loop {
            let page = page(&images, &image, &request).await.unwrap();
            seen.extend(page.items.into_iter().map(|found| found.post.state.id));
            request.cursor = page.next;
            if request.cursor.is_none() {
                break;
            }
        }
        assert!(seen.is_sorted_by(|one, two| one > two), "newest first");
        assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), wanted);
    }
}

#[tokio::test]
async fn the_uses_of_posts_of_an_earlier_version_are_recorded_before_they_are_listed() {
    let site = site().await;
    let images = images(&site);
    let image = from_path(&images, 5, PATH).await;
    for number in 0..60 {
        let mut new = naming(&format!("![]({})", image.file.path()));
        new.title = format!("Post {number}").parse().unwrap();
        let id = site.create(new).await.post.state.id;
        let key = keys::image_use(&ImageName::Id(image.id()), id);
        site.erase("images", key).await;
    }
    let digest = image.file.sha256;
    let key = keys::image_with_digest(&digest, image.id());
    site.erase("images", key).await;
    let found = images.get_by_digest(&editor(), &digest).await;
    assert!(matches!(found, Err(Error::NotFound(_))), "{found:?}");
    let refused = page(&images, &image, &PageRequest::default()).await;
    assert!(matches!(refused, Err(Error::Busy)), "{refused:?}");
    // Another process continues.
    assert_eq!(site.posts.record_earlier_uses(|| false).await.unwrap(), 25);
    let refused = page(&images, &image, &PageRequest::default()).await;
    assert!(matches!(refused, Err(Error::Busy)), "{refused:?}");
    assert_eq!(site.posts.record_earlier_uses(|| true).await.unwrap(), 36);
    assert_eq!(uses(&images, &image).await.len(), 20);
    let found = images.get_by_digest(&editor(), &digest).await;
    assert_eq!(found.unwrap(), image);
    assert_eq!(site.posts.record_earlier_uses(|| true).await.unwrap(), 0);
}

#[tokio::test]
async fn a_save_without_images_sends_no_additional_request() {
    let site = recorded().await;
    let copy = site.a_post("Post").await;
    let _ = site.wire.measure();
    let copy = site.update(&copy, body_patch("Otro texto.")).await;
    assert_eq!(site.wire.measure().requests, 2);
    site.update(&copy, title_patch("Otro")).await;
    assert_eq!(site.wire.measure().requests, 2);
}
