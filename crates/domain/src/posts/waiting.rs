//! Live copies that wait for an image: it may be uploaded after the post that shows it.
//!
//! A publication notes what it could not resolve before it happens, and looks again afterwards;
//! an upload looks at the notes. So whichever of them comes second finds the other.

use async_trait::async_trait;

use super::{Claim, Commit, LiveCopy, Posts, rendering::missing_images};
use crate::{
    act::{Act, Action},
    error::{Error, Result},
    freshness::Freshness,
    images::Arrivals,
    values::{PostId, SourcePath},
};

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
            let store = &self.ports.store;
            let Some(post) = store.find_post(id, Freshness::Now).await? else {
                return Ok(true);
            };
            // What is not public yet may be so in a moment, and waits until then.
            let Some(live) = post.live().cloned() else {
                return Ok(false);
            };
            let Some(kept) = store.find_revision(id, live.revision).await? else {
                return Ok(false);
            };
            let claim = store.find_claim(&live.address, Freshness::Now).await?;
            let Some(Claim::Live(before)) = claim else {
                return Ok(false);
            };
            let source = kept.content.source.as_ref();
            let rendition = self.rendition(source, &kept.manuscript).await?;
            let missing = missing_images(source, &rendition.references);
            let resolved = !paths
                .iter()
                .any(|path| missing.iter().any(|other| other.folded() == path.folded()));
            if rendition.html == before.html {
                return Ok(resolved);
            }
            let copy = LiveCopy {
                html: rendition.html,
                ..*before
            };
            match store
                .replace_live_copy(&self.rendering(), &post, &copy)
                .await?
            {
                Commit::Done => return Ok(resolved),
                Commit::Stale => {}
            }
        }
        Err(Error::Contended)
    }

    /// The record of a rendering, which nobody asked for by name.
    fn rendering(&self) -> Act {
        Act {
            id: self.ports.ids.next(),
            actor: None,
            action: Action::RenderPost,
            at: self.ports.clock.now(),
            request_id: String::new(),
            key: None,
            idempotency: None,
            step: None,
        }
    }
}
