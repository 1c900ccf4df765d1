//! The trash of images: deletion, restoration and the end of the stay.

use tintero_domain::{
    Error, Result,
    access::Role,
    error::Unique,
    images::{Image, ImageFilter, Images, TRASH_GRACE},
    page::PageRequest,
    values::{ImageId, VersionTag},
};
use tintero_embedded::faults::FaultAction;

use super::{from_path, images, path, png, upload};
use crate::site::{Site, body_patch, caller, draft, editor, site};

const PATH: &str = "assets/gato.png";

const DAY: i64 = 24 * 3_600_000;

async fn ready() -> (Site, Images) {
    let site = site().await;
    site.posts.record_earlier_uses(|| true).await.unwrap();
    let images = images(&site);
    (site, images)
}

async fn trash(images: &Images, image: &Image, force: bool) -> Result<()> {
    let base = VersionTag::of(image.version);
    images.trash(&editor(), image.id(), base, force).await
}

async fn restore(images: &Images, id: ImageId) -> Result<Image> {
    let image = images.get_for(Some(&editor()), id).await?;
    let base = VersionTag::of(image.version);
    images.restore(&editor(), id, base).await
}

async fn trashed(images: &Images) -> Vec<Image> {
    let page = images.list_trash(&editor(), &PageRequest::default()).await;
    page.unwrap().items
}

async fn listed(images: &Images) -> Vec<Image> {
    let page = images
        .list(&editor(), &ImageFilter::default(), &PageRequest::default())
        .await;
    page.unwrap().items
}

async fn require_consistency(site: &Site) {
    let found = site.doctor().examine(|_| ()).await.unwrap().findings;
    assert!(found.is_empty(), "{found:?}");
}

#[tokio::test]
async fn a_deleted_image_is_in_no_list_and_has_no_name_until_it_is_restored() {
    let (site, images) = ready().await;
    for place in [Some(PATH), None] {
        let uploaded = upload(&images, &editor(), png(5), place).await;
        let image = uploaded.unwrap().image;
        trash(&images, &image, false).await.unwrap();
        require_consistency(&site).await;
        assert!(listed(&images).await.is_empty());
        assert_eq!(trashed(&images).await[0].id(), image.id());
        let found = images.get(image.id()).await;
        assert!(matches!(found, Err(Error::NotFound(_))), "{found:?}");
        assert!(images.locate(&[path(PATH)]).await.unwrap().is_empty());
        let restored = restore(&images, image.id()).await.unwrap();
        require_consistency(&site).await;
        assert_eq!((restored.file, restored.trash), (image.file, None));
        assert_eq!(listed(&images).await, std::slice::from_ref(&restored));
        assert!(trashed(&images).await.is_empty());
        trash(&images, &restored, false).await.unwrap();
        site.clock.forward(31 * DAY);
        assert_eq!(images.empty_trash().await.unwrap(), 1);
    }
}

#[tokio::test]
async fn an_image_whose_name_was_taken_meanwhile_stays_in_the_trash() {
    let (site, images) = ready().await;
    let named = from_path(&images, 5, PATH).await;
    let nameless = upload(&images, &editor(), png(6), None).await;
    let nameless = nameless.unwrap().image;
    trash(&images, &named, false).await.unwrap();
    trash(&images, &nameless, false).await.unwrap();
    let other = from_path(&images, 7, PATH).await;
    let copy = upload(&images, &editor(), png(6), None).await.unwrap();
    assert!(copy.is_new, "no upload returns an image in the trash");
    for (id, taken) in [
        (named.id(), Unique::SourcePath(path(PATH))),
        (nameless.id(), Unique::ImageBytes),
    ] {
        let refused = restore(&images, id).await;
        let Err(Error::Taken { unique, .. }) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(unique, taken);
    }
    trash(&images, &other, false).await.unwrap();
    restore(&images, named.id()).await.unwrap();
    require_consistency(&site).await;
}

#[tokio::test]
async fn an_image_in_use_is_only_deleted_by_force_and_by_editors() {
    let (site, images) = ready().await;
    let author = caller(Role::Author, 2);
    let uploaded = upload(&images, &author, png(5), Some(PATH)).await;
    let image = uploaded.unwrap().image;
    let mut new = draft("Post");
    new.manuscript.body = format!("![](/{PATH})");
    let post = site.create(new).await.post;
    let base = VersionTag::of(image.version);
    let refused = images.trash(&author, image.id(), base, false).await;
    let Err(Error::ImageInUse(uses)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(uses.posts, [(post.state.id, post.content.title)]);
    assert!(!uses.has_more);
    for (who, force) in [(author, true), (caller(Role::Author, 3), false)] {
        let refused = images.trash(&who, image.id(), base, force).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    }
    trash(&images, &image, true).await.unwrap();
    let outdated = images.restore(&editor(), image.id(), base).await;
    assert!(matches!(outdated, Err(Error::Outdated(_))), "{outdated:?}");
    let grace = i64::try_from(TRASH_GRACE.as_millis()).unwrap();
    site.clock.forward(grace - 1);
    assert_eq!(images.empty_trash().await.unwrap(), 0);
    site.clock.forward(1);
    assert_eq!(images.empty_trash().await.unwrap(), 1);
    assert!(trashed(&images).await.is_empty());
    require_consistency(&site).await;
}

#[tokio::test]
async fn a_digest_finds_the_oldest_image_outside_of_the_trash() {
    let (_site, images) = ready().await;
    let digest = from_path(&images, 5, "a.png").await.file.sha256;
    let find = async || images.get_by_digest(&editor(), &digest).await;
    let old = find().await.unwrap();
    let new = from_path(&images, 5, "b.png").await;
    assert_eq!(find().await.unwrap(), old);
    trash(&images, &old, false).await.unwrap();
    assert_eq!(find().await.unwrap(), new);
    trash(&images, &new, false).await.unwrap();
    let found = find().await;
    assert!(matches!(found, Err(Error::NotFound(_))), "{found:?}");
}

#[tokio::test]
async fn a_featured_image_must_not_be_in_the_trash() {
    let (site, images) = ready().await;
    let image = from_path(&images, 5, PATH).await;
    trash(&images, &image, false).await.unwrap();
    let mut new = draft("Post");
    new.featured_image_id = Some(image.id());
    let refused = site.posts.create(&editor(), new).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn a_public_post_shows_an_image_after_it_is_restored() {
    let (site, images) = ready().await;
    let image = from_path(&images, 5, PATH).await;
    trash(&images, &image, false).await.unwrap();
    let mut new = draft("Post");
    new.manuscript.body = format!("![](/{PATH})");
    let copy = site.create(new).await;
    site.publish(&copy).await.unwrap();
    let source = image.file.path();
    assert!(!site.live("post").await.html.contains(&source));
    restore(&images, image.id()).await.unwrap();
    assert!(site.live("post").await.html.contains(&source));
}

#[tokio::test]
async fn an_image_that_a_post_uses_by_now_stays_in_the_trash() {
    let (site, images) = ready().await;
    let image = from_path(&images, 5, PATH).await;
    let copy = site.a_post("Post").await;
    trash(&images, &image, false).await.unwrap();
    let shown = body_patch(&format!("![](/{PATH})"));
    let copy = site.update(&copy, shown).await;
    site.clock.forward(31 * DAY);
    assert_eq!(images.empty_trash().await.unwrap(), 0);
    require_consistency(&site).await;
    site.update(&copy, body_patch("Sin imagen.")).await;
    assert_eq!(images.empty_trash().await.unwrap(), 0, "not before a day");
    assert_eq!(trashed(&images).await.len(), 1);
    site.clock.forward(DAY);
    assert_eq!(images.empty_trash().await.unwrap(), 1);
}

#[tokio::test]
async fn of_two_concurrent_deletions_or_restorations_at_most_one_fails() {
    let (site, images) = ready().await;
    let image = from_path(&images, 5, PATH).await;
    let (one, two) = tokio::join!(trash(&images, &image, false), trash(&images, &image, false));
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    require_consistency(&site).await;
    let (one, two) = tokio::join!(restore(&images, image.id()), restore(&images, image.id()));
    assert!(one.is_ok() || two.is_ok(), "{one:?} {two:?}");
    require_consistency(&site).await;
}

#[tokio::test]
async fn an_image_that_is_restored_while_the_trash_is_emptied_is_whole_or_gone() {
    let (site, images) = ready().await;
    let image = from_path(&images, 5, PATH).await;
    trash(&images, &image, false).await.unwrap();
    site.clock.forward(31 * DAY);
    let (restored, emptied) = tokio::join!(restore(&images, image.id()), images.empty_trash());
    match restored {
        Ok(restored) => assert_eq!(images.get(image.id()).await.unwrap(), restored),
        Err(error) => {
            assert!(matches!(error, Error::NotFound(_)), "{error:?}");
            assert_eq!(emptied.unwrap(), 1);
        }
    }
    require_consistency(&site).await;
}

#[tokio::test]
async fn a_deletion_that_stops_before_its_transaction_changes_nothing() {
    let (site, images) = ready().await;
    let image = from_path(&images, 5, PATH).await;
    site.wire.on(|call| match call.operation {
        "TransactWriteItems" => FaultAction::CrashBefore,
        _ => FaultAction::Pass,
    });
    assert!(trash(&images, &image, false).await.is_err());
    site.wire.clear();
    assert_eq!(listed(&images).await, [image]);
    require_consistency(&site).await;
}
