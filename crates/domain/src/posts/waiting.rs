//! Live copies that wait for an image: it may be uploaded after the post that shows it.
//!
//! A publication notes what it could not resolve before it happens, and looks again afterwards;
//! an upload looks at the notes. So whichever of them comes second finds the other.

use async_trait::async_trait;

use super::{rendering::missing_images, LiveCopy, Post, Posts};
use crate::{audit::AuditAction, error::{Error, Result}, freshness::Freshness, images::Arrivals, values::{PostId, SourcePath}, writes::WriteOutcome};

/// How often a live copy is rendered again when its post changes meanwhile.
const ATTEMPTS: usize = 5;

#[async_trait]
impl Arrivals for Posts {
    async fn arrived(&self, path: &SourcePath) -> Result<()> {
        for id in self.ports.store.find_waiting(path).await? {
            // One post that cannot be rendered now keeps its note and holds up no other.
            if let Ok(true) = self.render_again(id, std::slice::from_ref(path)).await {
                self.ports.store.end_waiting(id, path).await?;
            }
        }
        Ok(())
    }
}

impl Posts {
    /// Renders a live copy again when one of these images has come meanwhile.
    pub(super) async fn look_again(&self, id: PostId, missing: &[SourcePath]) -> Result<()> {
        if missing.is_empty() || self.ports.images.find_by_paths(missing).await?.is_empty() {
            return Ok(());
        }
        self.render_again(id, missing).await.map(drop)
    }

    /// Replaces the live copy of a post by the same with the images that are there now. True when
    /// nothing of it waits for these paths any more.
    async fn render_again(&self, id: PostId, paths: &[SourcePath]) -> Result<bool> {
        for _ in 0..ATTEMPTS {
            let (store, now) = (&self.ports.store, self.ports.clock.now());
            let Some(post) = store.find_post(id, Freshness::Now, now).await? else {
                return Ok(true);
            };
            // What nobody has planned to show may be shown in a moment, and waits until then.
            let Some(before) = store.find_copies(&post).await? else {
                return Ok(false);
            };
            if before.is_empty() {
                return Ok(false);
            }
            let (copies, resolved) = self.rendered_again(&post, &before, paths).await?;
            if copies == before {
                return Ok(resolved);
            }
            let context = self.unasked(AuditAction::RenderPost);
            match store.replace_copies(&context, &post, &copies).await? {
                WriteOutcome::Applied => return Ok(resolved),
                WriteOutcome::Conflict => {}
            }
        }
        Err(Error::Contended)
    }

    /// The copies with the HTML that their texts give now, and whether none of them lacks an image
    /// from one of these paths.
    async fn rendered_again(
        &self,
        post: &Post,
        before: &[LiveCopy],
        paths: &[SourcePath],
    ) -> Result<(Vec<LiveCopy>, bool)> {
        let (mut copies, mut resolved) = (before.to_vec(), true);
        for (phase, copy) in post.state.status.phases().iter().zip(&mut copies) {
            let (id, revision) = (post.state.id, phase.what.revision);
            let Some(kept) = self.ports.history.find_revision(id, revision).await? else {
                return Ok((before.to_vec(), false));
            };
            let source = kept.content.source.as_ref();
            let rendition = self.rendition(source, &kept.manuscript).await?;
            let missing = missing_images(source, &rendition.references);
            resolved &= !paths
                .iter()
                .any(|path| missing.iter().any(|other| other.folded() == path.folded()));
            copy.html = rendition.html;
        }
        Ok((copies, resolved))
    }
}
