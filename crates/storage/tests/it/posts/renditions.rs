//! The writes that render a text.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use tintero_domain::{
    Result,
    posts::{
        InlineRenderer, Ports, Posts, RenderInput, Rendered, Renderer, Transition, WorkingCopy,
    },
    text_work::{TextJob, TextWorkers, WorkShare},
};
use tintero_storage::{CursorKey, CursorKeys, DynamoImageStore};

use crate::site::{Site, body_patch, draft, editor, site, title_patch};

#[derive(Default)]
struct CountingRenderer(AtomicUsize);

#[async_trait]
impl TextWorkers for CountingRenderer {
    async fn run(&self, share: WorkShare, job: TextJob) -> Result<()> {
        InlineRenderer.run(share, job).await
    }
}

#[async_trait]
impl Renderer for CountingRenderer {
    async fn render(&self, share: WorkShare, input: RenderInput) -> Result<Rendered> {
        self.0.fetch_add(1, Ordering::Relaxed);
        InlineRenderer.render(share, input).await
    }
}

impl CountingRenderer {
    /// The number of renderings since the last call.
    fn take(&self) -> usize {
        self.0.swap(0, Ordering::Relaxed)
    }
}

fn posts(site: &Site) -> (Posts, Arc<CountingRenderer>) {
    let renderer = Arc::new(CountingRenderer::default());
    let store = Arc::new(site.post_store());
    let cursors = CursorKeys::new(CursorKey([7; 32]), None);
    let ports = Ports {
        store: store.clone(),
        history: store.clone(),
        links: store,
        images: Arc::new(DynamoImageStore::new(site.dynamo.clone(), cursors)),
        site: site.sites.clone(),
        renderer: renderer.clone(),
        clock: site.clock.clone(),
        ids: site.ids.clone(),
    };
    (Posts::new(ports), renderer)
}

async fn edit(
    posts: &Posts,
    copy: &WorkingCopy,
    patch: tintero_domain::posts::PostPatch,
) -> WorkingCopy {
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    let edited = posts.update(&editor(), id, tag, patch).await.unwrap();
    edited.rendered.copy
}

#[tokio::test]
async fn writes_without_renditions_render_only_new_and_public_texts() {
    let site = site().await;
    let (all, renderer) = posts(&site);
    let (posts, editor) = (all.without_renditions(), editor());
    let created = posts.create(&editor, draft("Hola")).await.unwrap();
    assert_eq!(renderer.take(), 1, "a new text is checked");
    let copy = edit(&posts, &created.rendered.copy, title_patch("Adiós")).await;
    assert_eq!(renderer.take(), 0, "an unchanged text");
    let copy = edit(&posts, &copy, body_patch("Otro texto.\n")).await;
    assert_eq!(renderer.take(), 1, "a changed text is checked");
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    let published = posts.publish(&editor, id, tag, None).await.unwrap();
    assert_eq!(renderer.take(), 1, "a live copy contains HTML");
    let tag = published.rendered.copy.post.tag();
    let withdrawn = posts.transition(&editor, id, tag, Transition::Unpublish);
    let copy = withdrawn.await.unwrap().rendered.copy;
    assert_eq!(renderer.take(), 0, "no copy stays public");
    let edited = all.update(&editor, id, copy.post.tag(), title_patch("Hola"));
    let rendition = edited.await.unwrap().rendered.rendition;
    assert_eq!(renderer.take(), 1, "the answer contains HTML");
    assert_eq!(rendition.html, "<p>Otro texto.</p>\n");
}

#[tokio::test]
async fn a_text_whose_file_moves_is_rendered_again() {
    let site = site().await;
    let (all, renderer) = posts(&site);
    let posts = all.without_renditions();
    let mut new = draft("Hola");
    "![](gato.png)\n".clone_into(&mut new.manuscript.body);
    let created = posts.create(&editor(), new).await.unwrap();
    renderer.take();
    let source = tintero_domain::posts::SourcePatch {
        import: Some("blog".to_owned()),
        path: Some("_posts/hola.md".to_owned()),
        sha256: Some("0".repeat(64)),
        ..Default::default()
    };
    let patch = tintero_domain::posts::PostPatch {
        source: Some(Some(source)),
        ..Default::default()
    };
    edit(&posts, &created.rendered.copy, patch).await;
    assert_eq!(renderer.take(), 1);
}
