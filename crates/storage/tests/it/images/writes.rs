use tintero_domain::{
    Error,
    access::{Permission, Role},
    images::{Image, ImageFilter, ImagePatch, Images},
    page::{Limit, PageRequest},
};
use tintero_embedded::faults::FaultAction;

use super::{from_path, images, path, png, upload};
use crate::site::{caller, editor, site};

fn alt(text: Option<&str>) -> ImagePatch {
    ImagePatch {
        alt: Some(text.map(|text| text.parse().unwrap())),
        ..ImagePatch::default()
    }
}

async fn all(images: &Images) -> Vec<Image> {
    let page = images
        .list(&editor(), &ImageFilter::default(), &PageRequest::default())
        .await;
    page.unwrap().items
}

#[tokio::test]
async fn two_concurrent_uploads_of_the_same_bytes_return_one_image() {
    let site = site().await;
    let images = images(&site);
    let editor = editor();
    for place in [Some("gato.png"), None] {
        let (one, two) = tokio::join!(
            upload(&images, &editor, png(5), place),
            upload(&images, &editor, png(5), place),
        );
        let (one, two) = (one.unwrap(), two.unwrap());
        assert_ne!(one.is_new, two.is_new);
        assert_eq!(one.image, two.image);
    }
    let all = all(&images).await;
    assert_eq!(all.len(), 2);
}

#[tokio::test]
async fn an_upload_that_fails_before_the_transaction_creates_no_image() {
    let site = site().await;
    let images = images(&site);
    site.wire.on(|call| match call.operation {
        "TransactWriteItems" => FaultAction::CrashBefore,
        _ => FaultAction::Pass,
    });
    let failed = upload(&images, &editor(), png(5), Some("gato.png")).await;
    assert!(matches!(failed, Err(Error::Unavailable(_))), "{failed:?}");
    site.wire.clear();
    assert!(images.locate(&[path("gato.png")]).await.unwrap().is_empty());
    let all = all(&images).await;
    assert!(all.is_empty());
    from_path(&images, 5, "gato.png").await;
}

#[tokio::test]
async fn an_upload_with_a_lost_response_creates_one_image() {
    let site = site().await;
    let images = images(&site);
    site.wire.on(|call| match (call.operation, call.nth) {
        ("TransactWriteItems", 1) => FaultAction::LoseResponse,
        _ => FaultAction::Pass,
    });
    from_path(&images, 5, "gato.png").await;
    let all = all(&images).await;
    assert_eq!(all.len(), 1);
}

#[tokio::test]
async fn images_are_listed_newest_first() {
    let site = site().await;
    let images = images(&site);
    for width in 1..=5 {
        from_path(&images, width, &format!("{width}.png")).await;
        site.clock.forward(1);
    }
    let mut page = PageRequest {
        limit: Limit::new(2).unwrap(),
        cursor: None,
    };
    let mut widths = Vec::new();
    loop {
        let found = images
            .list(&editor(), &ImageFilter::default(), &page)
            .await
            .unwrap();
        widths.extend(found.items.iter().map(|image| image.file.width));
        page.cursor = found.next;
        if page.cursor.is_none() {
            break;
        }
    }
    assert_eq!(widths, [5, 4, 3, 2, 1]);
}

#[tokio::test]
async fn an_update_is_visible_by_id_and_in_the_list_and_a_stale_one_fails() {
    let site = site().await;
    let images = images(&site);
    let image = from_path(&images, 5, "gato.png").await;
    let changed = images
        .update(&editor(), image.id(), image.tag(), alt(None))
        .await
        .unwrap();
    assert_eq!((changed.alt.as_ref(), changed.version.0), (None, 2));
    assert_eq!(images.get(image.id()).await.unwrap(), changed);
    let all = all(&images).await;
    assert_eq!(all, [changed]);
    let late = images
        .update(&editor(), image.id(), image.tag(), alt(Some("Tarde")))
        .await;
    assert!(
        matches!(late, Err(Error::Outdated(version)) if version.0 == 2),
        "{late:?}"
    );
}

#[tokio::test]
async fn one_of_two_concurrent_updates_fails() {
    let site = site().await;
    let images = images(&site);
    let image = from_path(&images, 5, "gato.png").await;
    let editor = editor();
    let (one, two) = tokio::join!(
        images.update(&editor, image.id(), image.tag(), alt(Some("Uno"))),
        images.update(&editor, image.id(), image.tag(), alt(Some("Dos"))),
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
}

#[tokio::test]
async fn authors_update_their_own_images_and_readers_only_list() {
    let site = site().await;
    let images = images(&site);
    let (author, other) = (caller(Role::Author, 2), caller(Role::Author, 3));
    let uploaded = upload(&images, &author, png(5), None).await.unwrap();
    let (id, tag) = (uploaded.image.id(), uploaded.image.tag());
    let refused = images.update(&other, id, tag, alt(None)).await;
    assert!(matches!(
        refused,
        Err(Error::Forbidden(Permission::EditAnyPosts))
    ));
    images.update(&author, id, tag, alt(None)).await.unwrap();
    let reader = caller(Role::Reader, 4);
    let refused = images.receive(&reader).await.err();
    assert!(matches!(
        refused,
        Some(Error::Forbidden(Permission::UploadImages))
    ));
    let listed = images
        .list(&reader, &ImageFilter::default(), &PageRequest::default())
        .await;
    assert_eq!(listed.unwrap().items.len(), 1);
}
