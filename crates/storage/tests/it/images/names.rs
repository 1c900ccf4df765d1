use std::collections::HashMap;

use tintero_domain::{Error, error::Unique, images::Images, values::ImageId};
use tintero_embedded::faults::FaultAction;

use super::{from_path, images, path, png, upload};
use crate::site::{editor, site};

/// The images with these paths.
async fn located(images: &Images, paths: &[&str]) -> HashMap<String, ImageId> {
    let paths: Vec<_> = paths.iter().map(|text| path(text)).collect();
    let found = images.locate(&paths).await.unwrap();
    found
        .into_iter()
        .map(|(path, file)| (path.into(), file.id))
        .collect()
}

#[tokio::test]
async fn an_image_is_found_by_every_spelling_of_its_path() {
    let site = site().await;
    let images = images(&site);
    let image = from_path(&images, 7, "assets/Año nuevo.png").await;
    for spelling in [
        "assets/Año nuevo.png",
        "/assets/Año nuevo.png",
        "assets/An\u{303}o nuevo.png",
        "assets/A%C3%B1o%20nuevo.png",
        "assets/año nuevo.PNG",
        "/ASSETS/AN%CC%83O%20NUEVO.png",
    ] {
        let found = located(&images, &[spelling]).await;
        assert_eq!(
            found.into_values().collect::<Vec<_>>(),
            [image.id()],
            "{spelling}"
        );
    }
    assert!(
        located(&images, &["assets/Ano nuevo.png", "nuevo.png"])
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn a_path_that_matches_two_images_in_other_letter_case_finds_neither() {
    let site = site().await;
    let images = images(&site);
    let small = from_path(&images, 1, "a/gato.png").await;
    let large = from_path(&images, 2, "a/Gato.png").await;
    let found = located(&images, &["a/gato.png", "a/Gato.png", "a/GATO.png"]).await;
    assert_eq!(found.len(), 2);
    assert_eq!(found["a/gato.png"], small.id());
    assert_eq!(found["a/Gato.png"], large.id());
}

#[tokio::test]
async fn a_hundred_paths_are_found_with_one_request() {
    let site = site().await;
    let images = images(&site);
    let mut paths = Vec::new();
    for width in 1..=100 {
        let path = format!("assets/{width}.png");
        from_path(&images, width, &path).await;
        paths.push(path);
    }
    paths.push("/assets/1.png".to_owned());
    let paths: Vec<_> = paths.iter().map(String::as_str).collect();
    let _ = site.wire.measure();
    assert_eq!(located(&images, &paths).await.len(), 100);
    let cost = site.wire.measure();
    assert_eq!(cost.requests, 1, "{cost:?}");
}

#[tokio::test]
async fn unprocessed_keys_of_a_batch_are_requested_again() {
    let site = site().await;
    let images = images(&site);
    for (width, path) in [(1, "1.png"), (2, "2.png"), (3, "3.png")] {
        from_path(&images, width, path).await;
    }
    site.wire.on(|call| match (call.operation, call.nth) {
        ("BatchGetItem", 1) => FaultAction::Unprocessed,
        _ => FaultAction::Pass,
    });
    assert_eq!(
        located(&images, &["1.png", "2.png", "3.png"]).await.len(),
        3
    );
    site.wire.on(|_| FaultAction::Unprocessed);
    let refused = images.locate(&[path("1.png")]).await;
    assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
}

#[tokio::test]
async fn the_same_bytes_from_one_path_are_one_image() {
    let site = site().await;
    let images = images(&site);
    for place in [Some("gato.png"), None] {
        let first = upload(&images, &editor(), png(9), place).await.unwrap();
        let again = upload(&images, &editor(), png(9), place).await.unwrap();
        assert_eq!((first.is_new, again.is_new), (true, false));
        assert_eq!(again.image, first.image);
    }
}

#[tokio::test]
async fn the_same_bytes_from_two_paths_are_two_images() {
    let site = site().await;
    let images = images(&site);
    let one = from_path(&images, 9, "one.png").await;
    let two = from_path(&images, 9, "two.png").await;
    assert_ne!(one.id(), two.id());
    assert_eq!(one.file.sha256, two.file.sha256);
}

#[tokio::test]
async fn other_bytes_from_a_used_path_are_rejected() {
    let site = site().await;
    let images = images(&site);
    from_path(&images, 1, "gato.png").await;
    match upload(&images, &editor(), png(2), Some("/gato.png")).await {
        Err(Error::Taken {
            unique: Unique::SourcePath(taken),
            ..
        }) => assert_eq!(taken, path("gato.png")),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_path_in_a_seventeenth_letter_case_is_rejected() {
    let site = site().await;
    let images = images(&site);
    let spelling = |n: u32| -> String {
        let letter = |bit: u32| if n >> bit & 1 == 1 { 'A' } else { 'a' };
        (0..5).map(letter).collect()
    };
    for n in 0..16 {
        from_path(&images, n + 1, &spelling(n)).await;
    }
    let refused = upload(&images, &editor(), png(99), Some(&spelling(16))).await;
    assert!(matches!(refused, Err(Error::Taken { .. })), "{refused:?}");
}
