//! Images in bodies: found by their source path, before or after the publication.

use std::sync::Arc;

use tintero_domain::posts::ImportSource;
use tintero_embedded::faults::FaultAction;

use crate::{
    images::{images, png, upload},
    site::{Site, body_patch, draft, editor, site},
};

const BODY: &str = "![Tablas]({{ \"/assets/Diagrama de tablas.png\" | relative_url }})\n\n{{ site.title }}, {{ page.layout }}\n";

const PATH: Option<&str> = Some("assets/Diagrama de tablas.png");

async fn public_html(site: &Site) -> String {
    site.live("post").await.html
}

fn illustrated() -> tintero_domain::posts::NewPost {
    let mut new = draft("Post");
    BODY.clone_into(&mut new.manuscript.body);
    new.manuscript.front_matter = Some("---\nlayout: entrada\n---\n".to_owned());
    new.manuscript.site = serde_json::json!({"title": "Blog"}).as_object().cloned();
    new.source = Some(ImportSource {
        import: "blog".into(),
        path: "_posts/a.md".into(),
        sha256: "0".repeat(64),
    });
    new
}

#[tokio::test]
async fn an_existing_image_is_rendered_and_the_body_is_unchanged() {
    let site = site().await;
    let image = upload(&images(&site), &editor(), png(7), PATH).await;
    let image = image.unwrap().image;
    let created = site.posts.create(&editor(), illustrated()).await;
    let rendered = created.unwrap().rendered;
    let url = image.file.path();
    assert!(
        rendered.rendition.html.contains(&format!("src=\"{url}\"")),
        "{}",
        rendered.rendition.html
    );
    assert!(
        rendered.rendition.html.contains("Blog, entrada"),
        "{}",
        rendered.rendition.html
    );
    assert_eq!(
        rendered.rendition.references[0].url.as_deref(),
        Some(url.as_str())
    );
    assert_eq!(rendered.copy.manuscript.body, BODY);
    site.publish(&rendered.copy).await.unwrap();
    assert!(public_html(&site).await.contains(&url));
}

#[tokio::test]
async fn an_image_uploaded_later_is_added_to_the_live_copy() {
    let site = site().await;
    let copy = site.create(illustrated()).await;
    let copy = site.publish(&copy).await.unwrap();
    assert!(!public_html(&site).await.contains("/media/"));
    // A later edit must not become public with the image.
    let edited = site.update(&copy, body_patch("otro")).await;
    // The same path in another letter case.
    let other = Some("assets/diagrama de tablas.PNG");
    let image = upload(&images(&site), &editor(), png(7), other).await;
    let image = image.unwrap().image;
    let html = public_html(&site).await;
    assert!(
        html.contains(&image.file.path()) && !html.contains("otro"),
        "{html}"
    );
    let seen = site.read(copy.post.state.id).await;
    assert_eq!(seen, edited, "rendering does not change the working copy");
}

#[tokio::test]
async fn a_repeated_upload_updates_the_posts_that_an_interrupted_one_did_not() {
    let site = site().await;
    let copy = site.create(illustrated()).await;
    site.publish(&copy).await.unwrap();
    site.wire.on(|call| match (call.operation, call.nth) {
        // The first query after the write of the image finds the posts that lack it.
        ("Query", 1) => FaultAction::CrashBefore,
        _ => FaultAction::Pass,
    });
    let images = images(&site);
    assert!(upload(&images, &editor(), png(7), PATH).await.is_err());
    site.wire.clear();
    assert!(!public_html(&site).await.contains("/media/"));
    let again = upload(&images, &editor(), png(7), PATH).await.unwrap();
    assert!(!again.is_new);
    assert!(public_html(&site).await.contains(&again.image.file.path()));
}

#[tokio::test]
async fn a_body_without_images_causes_no_lookup() {
    let site = site().await;
    let copy = site.a_post("Post").await;
    let _ = site.wire.measure();
    site.posts.get(&editor(), copy.post.state.id).await.unwrap();
    assert_eq!(site.wire.measure().requests, 1);
}

#[tokio::test]
async fn an_image_uploaded_during_the_publication_is_added_afterwards() {
    let site = Arc::new(site().await);
    let copy = site.create(illustrated()).await;
    let uploader = Arc::clone(&site);
    let handle = tokio::runtime::Handle::current();
    let mut upload_once = true;
    let (sender, mut arrival) = tokio::sync::mpsc::unbounded_channel();
    site.wire.on(move |call| {
        // Uploads the image immediately before the publication, when the post is still a draft.
        if call.operation == "TransactWriteItems" && upload_once {
            upload_once = false;
            let (uploader, sender) = (Arc::clone(&uploader), sender.clone());
            handle.spawn(async move {
                let image = upload(&images(&uploader), &editor(), png(7), PATH).await;
                sender.send(image.unwrap().image).unwrap();
            });
            return FaultAction::TransactionConflict;
        }
        FaultAction::Pass
    });
    site.publish(&copy).await.unwrap();
    let image = arrival.recv().await.unwrap();
    site.wire.clear();
    assert!(public_html(&site).await.contains(&image.file.path()));
}
