//! Texts that were stored before they exceeded a limit.

use std::sync::Arc;

use async_trait::async_trait;
use tintero_domain::{
    Error, Result,
    posts::{InlineRenderer, Ports, Posts, RenderInput, Rendered, Renderer},
    text_work::{TextJob, TextLimit, TextWorkers, TooComplex, WorkShare},
};
use tintero_storage::{CursorKey, CursorKeys, DynamoImageStore};

use crate::site::{Site, body_patch, draft, editor, site, title_patch};

/// Renders without limits, as an earlier version did.
struct Unlimited;

#[async_trait]
impl TextWorkers for Unlimited {
    async fn run(&self, share: WorkShare, job: TextJob) -> Result<()> {
        InlineRenderer.run(share, job).await
    }
}

#[async_trait]
impl Renderer for Unlimited {
    async fn render(&self, share: WorkShare, input: RenderInput) -> Result<Rendered> {
        let rendered = InlineRenderer.render(share, input).await?;
        Ok(Rendered {
            exceeded: None,
            ..rendered
        })
    }
}

fn earlier(site: &Site) -> Posts {
    let store = Arc::new(site.post_store());
    let cursors = CursorKeys::new(CursorKey([7; 32]), None);
    let ports = Ports {
        store: store.clone(),
        history: store.clone(),
        links: store,
        images: Arc::new(DynamoImageStore::new(site.dynamo.clone(), cursors)),
        site: site.sites.clone(),
        renderer: Arc::new(Unlimited),
        clock: site.clock.clone(),
        ids: site.ids.clone(),
    };
    Posts::new(ports)
}

#[tokio::test]
async fn a_stored_text_above_a_limit_is_readable_and_can_be_replaced() {
    let (site, editor) = (site().await, editor());
    let created = earlier(&site)
        .create(&editor, draft("Largo"))
        .await
        .unwrap();
    let (id, tag) = {
        let post = &created.rendered.copy.post;
        (post.state.id, post.tag())
    };
    let body = "*".repeat(250_001);
    let patch = body_patch(&body);
    let written = earlier(&site)
        .update(&editor, id, tag, patch)
        .await
        .unwrap();
    let tag = written.rendered.copy.post.tag();

    let read = site.posts.get(&editor, id).await.unwrap();
    assert_eq!(read.copy.manuscript.body, body);
    assert!(read.rendition.html.starts_with("<pre>***"));
    let limit = TextLimit::Marks;
    let published = site.posts.publish(&editor, id, tag, None).await;
    assert!(
        matches!(published, Err(Error::TooComplex(TooComplex { limit: found })) if found == limit)
    );
    let titled = site
        .posts
        .update(&editor, id, tag, title_patch("Otro"))
        .await;
    let tag = titled.unwrap().rendered.copy.post.tag();
    let replaced = site
        .posts
        .update(&editor, id, tag, body_patch("Corto"))
        .await;
    assert_eq!(replaced.unwrap().rendered.copy.manuscript.body, "Corto");
}
