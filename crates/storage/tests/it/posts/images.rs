//! Images in bodies: found by where they came from, whenever they come.

use std::sync::Arc;

use tintero_domain::posts::{Found, PostPatch, Source};
use tintero_embedded::faults::FaultAction;

use crate::{
    images::{images, png, upload},
    site::{Site, draft, editor, site, slug},
};

const BODY: &str = "![Tablas]({{ \"/assets/Diagrama de tablas.png\" | relative_url }})\n\n{{ site.title }}, {{ page.layout }}\n";

async fn public_html(site: &Site) -> String {
    let Found::Here(copy) = site
        .posts
        .get_public(slug("post"), None)
        .await
        .unwrap()
        .what
    else {
        panic!("moved")
    };
    copy.html
}

fn illustrated() -> tintero_domain::posts::NewPost {
    let mut new = draft("Post");
    BODY.clone_into(&mut new.manuscript.body);
    new.manuscript.front_matter = Some("---\nlayout: entrada\n---\n".to_owned());
    new.manuscript.site = serde_json::json!({"title": "Blog"}).as_object().cloned();
    new.source = Some(Source {
        import: "blog".into(),
        path: "_posts/a.md".into(),
        sha256: "0".repeat(64),
    });
    new
}

#[tokio::test]
async fn an_image_that_was_there_before_is_shown_and_the_body_is_untouched() {
    let site = site().await;
    let image = upload(
        &images(&site),
        &editor(),
        png(7),
        Some("assets/Diagrama de tablas.png"),
    )
    .await
    .unwrap()
    .image;
    let shown = site
        .posts
        .create(&editor(), illustrated())
        .await
        .unwrap()
        .shown;
    let url = image.picture.path();
    assert!(
        shown.rendition.html.contains(&format!("src=\"{url}\"")),
        "{}",
        shown.rendition.html
    );
    assert!(
        shown.rendition.html.contains("Blog, entrada"),
        "{}",
        shown.rendition.html
    );
    assert_eq!(
        shown.rendition.references[0].url.as_deref(),
        Some(url.as_str())
    );
    assert_eq!(shown.copy.manuscript.body, BODY);
    site.publish(&shown.copy).await.unwrap();
    assert!(public_html(&site).await.contains(&url));
}

#[tokio::test]
async fn an_image_that_comes_later_is_brought_into_what_is_public() {
    let site = site().await;
    let copy = site
        .posts
        .create(&editor(), illustrated())
        .await
        .unwrap()
        .shown
        .copy;
    let copy = site.publish(&copy).await.unwrap();
    assert!(!public_html(&site).await.contains("/media/"));
    // Meanwhile the author goes on; nothing of that may come along.
    let patch = PostPatch {
        body: Some("otro".into()),
        ..PostPatch::default()
    };
    let edited = site
        .posts
        .update(&editor(), copy.post.state.id, copy.post.tag(), patch)
        .await
        .unwrap()
        .shown
        .copy;
    // Another spelling of the same path: letter case does not matter.
    let image = upload(
        &images(&site),
        &editor(),
        png(7),
        Some("assets/diagrama de tablas.PNG"),
    )
    .await
    .unwrap()
    .image;
    let html = public_html(&site).await;
    assert!(
        html.contains(&image.picture.path()) && !html.contains("otro"),
        "{html}"
    );
    let seen = site
        .posts
        .get(&editor(), copy.post.state.id)
        .await
        .unwrap()
        .copy;
    assert_eq!(seen, edited, "rendering again is no write of the author's");
}

#[tokio::test]
async fn an_upload_that_died_before_it_told_the_posts_is_completed_by_its_repetition() {
    let site = site().await;
    let copy = site
        .posts
        .create(&editor(), illustrated())
        .await
        .unwrap()
        .shown
        .copy;
    site.publish(&copy).await.unwrap();
    site.wire.on(|call| match (call.operation, call.nth) {
        // The first query after the image is written looks for waiting posts.
        ("Query", 1) => FaultAction::CrashBefore,
        _ => FaultAction::Pass,
    });
    let images = images(&site);
    let path = Some("assets/Diagrama de tablas.png");
    assert!(upload(&images, &editor(), png(7), path).await.is_err());
    site.wire.clear();
    assert!(!public_html(&site).await.contains("/media/"));
    let again = upload(&images, &editor(), png(7), path).await.unwrap();
    assert!(!again.is_new);
    assert!(
        public_html(&site)
            .await
            .contains(&again.image.picture.path())
    );
}

#[tokio::test]
async fn a_body_without_images_asks_for_none() {
    let site = site().await;
    let copy = site.a_post("Post").await;
    let _ = site.wire.measure();
    site.posts
        .get(&editor(), copy.post.state.id)
        .await
        .unwrap();
    assert_eq!(site.wire.measure().requests, 1);
}

#[tokio::test]
async fn an_image_that_comes_between_the_notes_and_the_publication_is_found_afterwards() {
    let site = Arc::new(site().await);
    let copy = site
        .posts
        .create(&editor(), illustrated())
        .await
        .unwrap()
        .shown
        .copy;
    let uploader = Arc::clone(&site);
    let handle = tokio::runtime::Handle::current();
    let mut upload_once = true;
    let (sender, mut arrival) = tokio::sync::mpsc::unbounded_channel();
    site.wire.on(move |call| {
        // The publication is about to be written: the image comes now, and finds a draft.
        if call.operation == "TransactWriteItems" && upload_once {
            upload_once = false;
            let (uploader, sender) = (Arc::clone(&uploader), sender.clone());
            handle.spawn(async move {
                let path = Some("assets/Diagrama de tablas.png");
                let image = upload(&images(&uploader), &editor(), png(7), path).await;
                sender.send(image.unwrap().image).unwrap();
            });
            return FaultAction::TransactionConflict;
        }
        FaultAction::Pass
    });
    site.publish(&copy).await.unwrap();
    let image = arrival.recv().await.unwrap();
    site.wire.clear();
    assert!(public_html(&site).await.contains(&image.picture.path()));
}
