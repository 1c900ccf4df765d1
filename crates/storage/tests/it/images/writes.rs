use tintero_domain::{
    Error,
    access::{Permission, Role},
    images::ImagePatch,
    page::{Limit, PageRequest},
};
use tintero_embedded::faults::FaultAction;

use super::{from_path, images, path, png, upload};
use crate::site::{caller, editor, site};

fn alt(text: Option<&str>) -> ImagePatch {
    ImagePatch {
        alt: Some(text.map(|text| text.parse().unwrap())),
    }
}

#[tokio::test]
async fn of_two_uploads_at_once_one_makes_the_image_and_both_get_it() {
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
    let all = images.list(&editor, &PageRequest::default()).await.unwrap();
    assert_eq!(all.items.len(), 2);
}

#[tokio::test]
async fn an_upload_that_dies_between_bytes_and_image_leaves_nothing_to_be_seen() {
    let site = site().await;
    let images = images(&site);
    site.wire.on(|call| match call.operation {
        "TransactWriteItems" => FaultAction::CrashBefore,
        _ => FaultAction::Pass,
    });
    let died = upload(&images, &editor(), png(5), Some("gato.png")).await;
    assert!(matches!(died, Err(Error::Unavailable(_))), "{died:?}");
    site.wire.clear();
    assert!(images.locate(&[path("gato.png")]).await.unwrap().is_empty());
    let all = images
        .list(&editor(), &PageRequest::default())
        .await
        .unwrap();
    assert!(all.items.is_empty());
    from_path(&images, 5, "gato.png").await;
}

#[tokio::test]
async fn an_upload_whose_answer_is_lost_is_made_once() {
    let site = site().await;
    let images = images(&site);
    site.wire.on(|call| match (call.operation, call.nth) {
        ("TransactWriteItems", 1) => FaultAction::LoseResponse,
        _ => FaultAction::Pass,
    });
    from_path(&images, 5, "gato.png").await;
    let all = images
        .list(&editor(), &PageRequest::default())
        .await
        .unwrap();
    assert_eq!(all.items.len(), 1);
}

#[tokio::test]
async fn images_are_listed_from_the_newest_on() {
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
        let found = images.list(&editor(), &page).await.unwrap();
        widths.extend(found.items.iter().map(|image| image.picture.width));
        page.cursor = found.next;
        if page.cursor.is_none() {
            break;
        }
    }
    assert_eq!(widths, [5, 4, 3, 2, 1]);
}

#[tokio::test]
async fn a_change_shows_by_id_and_in_the_list_and_is_based_on_a_state() {
    let site = site().await;
    let images = images(&site);
    let image = from_path(&images, 5, "gato.png").await;
    let changed = images
        .update(&editor(), image.id(), image.tag(), alt(None))
        .await
        .unwrap();
    assert_eq!((changed.alt.as_ref(), changed.version.0), (None, 2));
    assert_eq!(images.get(image.id()).await.unwrap(), changed);
    let all = images
        .list(&editor(), &PageRequest::default())
        .await
        .unwrap();
    assert_eq!(all.items, [changed]);
    let late = images
        .update(&editor(), image.id(), image.tag(), alt(Some("Tarde")))
        .await;
    assert!(
        matches!(late, Err(Error::Outdated(version)) if version.0 == 2),
        "{late:?}"
    );
}

#[tokio::test]
async fn of_two_changes_at_once_one_is_accepted() {
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
async fn authors_change_their_own_images_and_readers_see_them_only() {
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
    assert_eq!(
        images
            .list(&reader, &PageRequest::default())
            .await
            .unwrap()
            .items
            .len(),
        1
    );
}
