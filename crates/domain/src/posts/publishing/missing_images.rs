//! Public copies whose images are missing: an image can be uploaded after the post that shows it.
//!
//! A publication records its missing images before the write and looks them up again after it; an
//! upload reads the records. So the later of the two always finds the other.

use async_trait::async_trait;

use crate::{
    audit_action::AuditAction,
    error::Result,
    freshness::Freshness,
    images::UploadListener,
    posts::{LiveCopy, Post, Posts, missing_images},
    retry::retry_on_conflict,
    text_work::WorkShare,
    values::{PostId, SourcePath},
};

#[async_trait]
impl UploadListener for Posts {
    async fn image_uploaded(&self, path: &SourcePath) -> Result<()> {
        for id in self.ports.store.find_posts_missing(path).await? {
            match self.rerender(id, std::slice::from_ref(path)).await {
                Ok(true) => self.ports.store.remove_missing_image(id, path).await?,
                Ok(false) => {}
                // The record remains, and the other posts are still rendered.
                Err(error) => {
                    tracing::warn!(post_id = %id, %error, "could not render the public copies again");
                }
            }
        }
        Ok(())
    }
}

impl Posts {
    /// Renders the public copies of a post that was just published again if one of these images exists by
    /// now. A failure is no error: the publication succeeded, and the record of missing images remains.
    pub(in crate::posts) async fn rerender_published(&self, id: PostId, missing: &[SourcePath]) {
        if let Err(error) = self.rerender_if_found(id, missing).await {
            tracing::warn!(post_id = %id, %error, "could not render the public copies again");
        }
    }

    async fn rerender_if_found(&self, id: PostId, missing: &[SourcePath]) -> Result<()> {
        if missing.is_empty() || self.ports.images.find_by_paths(missing).await?.is_empty() {
            return Ok(());
        }
        self.rerender(id, missing).await.map(drop)
    }

    /// Renders the public copies of a post again. Returns `true` if none of them misses an image
    /// from these paths any more.
    async fn rerender(&self, id: PostId, paths: &[SourcePath]) -> Result<bool> {
        retry_on_conflict(async || self.try_rerender(id, paths).await).await
    }

    async fn try_rerender(&self, id: PostId, paths: &[SourcePath]) -> Result<Option<bool>> {
        let store = &self.ports.store;
        let Some(post) = self.find_post(id, Freshness::Now).await? else {
            return Ok(Some(true));
        };
        // The record remains for a post without public copies: a concurrent publication may
        // create them.
        let Some(before) = store.find_live_copies(&post).await? else {
            return Ok(Some(false));
        };
        if before.is_empty() {
            return Ok(Some(false));
        }
        let (copies, is_complete) = self.rendered_again(&post, &before, paths).await?;
        if copies == before {
            return Ok(Some(is_complete));
        }
        let context = self.background_context(AuditAction::RenderPost);
        let outcome = store.replace_live_copies(&context, &post, &copies).await?;
        Ok(outcome.applied(is_complete))
    }

    /// Returns the copies with new HTML, and whether none of them misses an image from `paths`.
    pub(super) async fn rendered_again(
        &self,
        post: &Post,
        before: &[LiveCopy],
        paths: &[SourcePath],
    ) -> Result<(Vec<LiveCopy>, bool)> {
        let (mut copies, mut is_complete) = (before.to_vec(), true);
        for (phase, copy) in post.state.status.phases().iter().zip(&mut copies) {
            let (id, revision) = (post.state.id, phase.value.revision);
            let Some(kept) = self.ports.history.find_revision(id, revision).await? else {
                return Ok((before.to_vec(), false));
            };
            let source = kept.content.source.as_ref();
            let (share, now) = (WorkShare(None), Freshness::Now);
            let rendition = self.render_as_of(now, share, source, &kept.manuscript);
            let rendition = rendition.await?;
            let missing = missing_images(source, &rendition.references, &self.base_path);
            is_complete &= !paths
                .iter()
                .any(|path| missing.iter().any(|other| other.folded() == path.folded()));
            // A copy that was published before a limit existed keeps its HTML.
            if rendition.exceeded.is_none() {
                copy.html = rendition.html;
            }
        }
        Ok((copies, is_complete))
    }
}
