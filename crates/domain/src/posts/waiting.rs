//! Live copies that wait for an image: it may be uploaded after the post that shows it.
//!
//! A publication notes what it could not resolve before it happens, and looks again afterwards;
//! an upload looks at the notes. So whichever of them comes second finds the other.

use async_trait::async_trait;

use super::{Commit, LiveCopy, Posts};
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
            self.render_again(id).await?;
            self.ports.store.end_waiting(id, path).await?;
        }
        Ok(())
    }
}

impl Posts {
    /// Notes the images that a post about to be published lacks.
    pub(super) async fn note_missing(&self, id: PostId, missing: &[SourcePath]) -> Result<()> {
        for path in missing {
            self.ports.store.begin_waiting(id, path).await?;
        }
        Ok(())
    }

    /// Renders a live copy again when one of these images has come meanwhile.
    pub(super) async fn look_again(&self, id: PostId, missing: &[SourcePath]) -> Result<()> {
        if missing.is_empty() || self.ports.images.find_by_paths(missing).await?.is_empty() {
            return Ok(());
        }
        self.render_again(id).await
    }

    /// Replaces the live copy of a post by the same with the images that are there now.
    async fn render_again(&self, id: PostId) -> Result<()> {
        for _ in 0..ATTEMPTS {
            let Some(post) = self.ports.store.find_post(id, Freshness::Now).await? else {
                return Ok(());
            };
            let Some(live) = post.live().cloned() else {
                return Ok(());
            };
            let Some(kept) = self.ports.store.find_revision(id, live.revision).await? else {
                return Ok(());
            };
            let Some(shown) = self.ports.store.find_claim(&live.address).await? else {
                return Ok(());
            };
            let super::Claim::Live(before) = shown else {
                return Ok(());
            };
            let rendition = self
                .rendition(kept.content.source.as_ref(), &kept.manuscript)
                .await?;
            if rendition.html == before.html {
                return Ok(());
            }
            let copy = LiveCopy {
                html: rendition.html,
                ..*before
            };
            let act = Act {
                id: self.ports.ids.next(),
                actor: None,
                action: Action::RenderPost,
                at: self.ports.clock.now(),
                request_id: String::new(),
                key: None,
                idempotency: None,
            };
            match self
                .ports
                .store
                .replace_live_copy(&act, &post, &copy)
                .await?
            {
                Commit::Done => return Ok(()),
                Commit::Stale => {}
            }
        }
        Err(Error::Contended)
    }
}
