//! Filters of the list of images.

use tintero_domain::{
    Error,
    images::{Image, ImageFilter, ImageMetadata, Images, MediaType},
    page::{Limit, PageRequest},
    values::Timestamp,
};

use super::{images, path, png};
use crate::site::{Site, draft, editor, site};

const GIF: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\0\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

async fn ready() -> (Site, Images) {
    let site = site().await;
    site.posts.record_earlier_uses(|| true).await.unwrap();
    let images = images(&site);
    (site, images)
}

/// Uploads an image, a second after the previous one.
async fn add(site: &Site, images: &Images, file: &[u8], described: ImageMetadata) -> Image {
    site.clock.forward(1000);
    let mut sent = images.receive(&editor()).await.unwrap();
    sent.write(file.to_vec().into()).await.unwrap();
    let uploaded = images.upload(&editor(), sent, described).await;
    uploaded.unwrap().image
}

fn from(source: &str) -> ImageMetadata {
    ImageMetadata {
        source_path: Some(path(source)),
        ..ImageMetadata::default()
    }
}

/// All images that a filter accepts, in pages of two.
async fn found(images: &Images, filter: &ImageFilter) -> Vec<Image> {
    let mut page = PageRequest {
        limit: Limit::new(2).unwrap(),
        cursor: None,
    };
    let mut all = Vec::new();
    loop {
        let found = images.list(&editor(), filter, &page).await.unwrap();
        all.extend(found.items);
        page.cursor = found.next;
        if page.cursor.is_none() {
            return all;
        }
    }
}

#[tokio::test]
async fn a_list_has_the_images_that_meet_all_conditions() {
    let (site, images) = ready().await;
    let described = ImageMetadata {
        alt: Some("Un gato".parse().unwrap()),
        name: Some("El Año.png".parse().unwrap()),
        ..from("a/uno.png")
    };
    let one = add(&site, &images, &png(1), described).await;
    let two = add(&site, &images, &png(2), from("a/dos.png")).await;
    let three = add(&site, &images, GIF, from("b/tres.gif")).await;
    let four = add(&site, &images, &png(4), from("b/año.png")).await;
    let at = |image: &Image| -> Option<Timestamp> { Some(image.created_at) };
    let named = |text: &str| Some(text.parse().unwrap());
    let all = ImageFilter::default();
    let cases = [
        (all.clone(), vec![&four, &three, &two, &one]),
        (
            ImageFilter {
                media_type: Some(MediaType::Png),
                ..all.clone()
            },
            vec![&four, &two, &one],
        ),
        (
            ImageFilter {
                missing_alt: true,
                ..all.clone()
            },
            vec![&four, &three, &two],
        ),
        (
            ImageFilter {
                q: named("AÑO"),
                ..all.clone()
            },
            vec![&four, &one],
        ),
        (
            ImageFilter {
                q: named("a/"),
                ..all.clone()
            },
            vec![&two, &one],
        ),
        (
            ImageFilter {
                created_after: at(&one),
                created_before: at(&four),
                ..all.clone()
            },
            vec![&three, &two],
        ),
        (
            ImageFilter {
                created_after: at(&one),
                media_type: Some(MediaType::Png),
                q: named("b/"),
                ..all.clone()
            },
            vec![&four],
        ),
        (
            ImageFilter {
                created_after: at(&four),
                created_before: at(&one),
                ..all
            },
            vec![],
        ),
    ];
    for (filter, expected) in cases {
        let expected: Vec<_> = expected.into_iter().cloned().collect();
        assert_eq!(found(&images, &filter).await, expected, "{filter:?}");
    }
}

#[tokio::test]
async fn a_list_of_unused_images_omits_those_that_posts_use() {
    let (site, images) = ready().await;
    let one = add(&site, &images, &png(1), from("uno.png")).await;
    let two = add(&site, &images, &png(2), from("dos.png")).await;
    let three = add(&site, &images, &png(3), from("tres.png")).await;
    let mut new = draft("Post");
    new.manuscript.body = "![](/uno.png)".to_owned();
    new.featured_image_id = Some(three.id());
    site.create(new).await;
    let unused = ImageFilter {
        unused: true,
        ..ImageFilter::default()
    };
    assert_eq!(found(&images, &unused).await, [two]);
    let named = ImageFilter {
        q: Some("uno".parse().unwrap()),
        ..unused
    };
    assert!(found(&images, &named).await.is_empty());
    assert_eq!(one.name, None);
}

#[tokio::test]
async fn a_cursor_belongs_to_the_filter_of_its_list() {
    let (site, images) = ready().await;
    for n in 1..=3 {
        add(&site, &images, &png(n), from(&format!("{n}.png"))).await;
    }
    let filter = ImageFilter {
        missing_alt: true,
        ..ImageFilter::default()
    };
    let mut page = PageRequest {
        limit: Limit::new(1).unwrap(),
        cursor: None,
    };
    page.cursor = images.list(&editor(), &filter, &page).await.unwrap().next;
    let other = images.list(&editor(), &ImageFilter::default(), &page).await;
    assert!(matches!(other, Err(Error::BadCursor(_))), "{other:?}");
}
