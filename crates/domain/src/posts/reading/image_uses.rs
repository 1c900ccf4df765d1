//! The images that posts use.
//!
//! A write of a post first records which images it may use, so a failed write leaves a superfluous record and no
//! write leaves an unrecorded use. The list of uses reads the recorded posts and returns those that use the image.

use std::{collections::BTreeSet, time::Duration};

use async_trait::async_trait;

use super::{
    Rendition,
    image_targets::{image_names, names_image},
};
use crate::{
    error::{Error, Result},
    images::{Image, ImageFilter, ImageName, ImagePlace, ImageUse, ImageUses, UseRecording},
    page::{Cursor, Limit, Page, PageRequest},
    posts::{Content, DeskFacet, Manuscript, Post, Posts},
    text_work::WorkShare,
    values::{PostId, Revision},
};

/// Maximum number of posts that a page of uses reads.
const MAX_READ: u64 = 25;

/// Age from which a record without a use is deleted. A younger one may belong to a write in progress.
const SETTLED: Duration = Duration::from_hours(1);

/// Number of posts or images that one step of [`Posts::record_earlier_uses`] records.
const STEP: u64 = 25;

#[async_trait]
impl ImageUses for Posts {
    async fn list_uses(&self, image: &Image, page: &PageRequest) -> Result<Page<ImageUse>> {
        let (images, now) = (&self.ports.images, self.ports.clock.now());
        if matches!(images.use_recording().await?, UseRecording::Posts(_)) {
            return Err(Error::Busy);
        }
        let most = Limit::new(MAX_READ).unwrap_or_default();
        let page = PageRequest {
            limit: if page.limit.get() > most.get() {
                most
            } else {
                page.limit
            },
            cursor: page.cursor.clone(),
        };
        let recorded = images.list_uses(image, now, &page).await?;
        let mut items = Vec::new();
        for id in recorded.items {
            match self.find_use(image, id).await? {
                Some(found) => items.push(found),
                None => images.forget_use(image, id, now.before(SETTLED)).await?,
            }
        }
        let next = recorded.next;
        Ok(Page { items, next })
    }
}

impl Posts {
    /// Records the images that a post may use after its next write. `rendition` is absent if the write keeps the
    /// body, and `before` is the content that it replaces.
    pub(in crate::posts) async fn record_uses(
        &self,
        id: PostId,
        (before, content): (Option<&Content>, &Content),
        rendition: Option<&Rendition>,
    ) -> Result<()> {
        let mut names = BTreeSet::new();
        if let Some(rendition) = rendition {
            let source = content.source.as_ref();
            names = image_names(source, &rendition.references, &self.base_path);
        }
        let kept = before.and_then(|before| before.featured_image_id);
        let image = content.featured_image_id.filter(|id| Some(*id) != kept);
        names.extend(image.map(ImageName::Id));
        if names.is_empty() {
            return Ok(());
        }
        let now = self.ports.clock.now();
        self.ports.images.add_uses(id, &names, now).await
    }

    async fn find_use(&self, image: &Image, id: PostId) -> Result<Option<ImageUse>> {
        let now = self.ports.clock.now();
        let Some(copy) = self.ports.store.find(id, now).await? else {
            return Ok(None);
        };
        let (post, text) = (copy.post, &copy.manuscript);
        let working = self.places(image, &post.content, text).await?;
        let mut live = BTreeSet::new();
        for revision in public_revisions(&post) {
            if revision == post.state.revision {
                live.extend(working.iter().copied());
                continue;
            }
            // A revision that was pruned meanwhile is not public any more.
            let kept = self.ports.history.find_revision(id, revision).await?;
            if let Some(kept) = kept {
                let places = self.places(image, &kept.content, &kept.manuscript);
                live.extend(places.await?);
            }
        }
        let is_used = !working.is_empty() || !live.is_empty();
        Ok(is_used.then_some(ImageUse {
            post,
            working,
            live,
        }))
    }

    /// The places of an image in a text. A text that exceeds a limit counts as a use, because its references are
    /// incomplete.
    async fn places(
        &self,
        image: &Image,
        content: &Content,
        text: &Manuscript,
    ) -> Result<BTreeSet<ImagePlace>> {
        let source = content.source.as_ref();
        let rendition = self.render(WorkShare(None), source, text).await?;
        let mut references = rendition.references.iter();
        let is_named = references.any(|it| names_image(source, it, image, &self.base_path));
        let in_body = is_named || rendition.exceeded.is_some();
        let is_featured = content.featured_image_id == Some(image.id());
        let featured = is_featured.then_some(ImagePlace::FeaturedImage);
        let body = in_body.then_some(ImagePlace::Body);
        Ok(featured.into_iter().chain(body).collect())
    }

    /// Records the uses of posts and the digests of images that an earlier version wrote, as far as `is_time_left`.
    /// Returns their number. Does nothing once all are recorded.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the store does not respond.
    pub async fn record_earlier_uses(&self, is_time_left: impl Fn() -> bool) -> Result<usize> {
        let mut recorded = 0;
        loop {
            let state = self.ports.images.use_recording().await?;
            let step = match &state {
                UseRecording::Posts(at) => self.record_posts(at.clone()).await,
                UseRecording::Images(at) => self.record_digests(at.clone()).await,
                UseRecording::Complete => return Ok(recorded),
            };
            let (count, next) = match (step, state) {
                (Ok(done), _) => done,
                // The position has expired.
                (Err(Error::BadCursor(_)), UseRecording::Posts(_)) => {
                    (0, UseRecording::Posts(None))
                }
                (Err(Error::BadCursor(_)), _) => (0, UseRecording::Images(None)),
                (Err(error), _) => return Err(error),
            };
            recorded += count;
            self.ports.images.advance_use_recording(&next).await?;
            if !is_time_left() {
                return Ok(recorded);
            }
        }
    }

    async fn record_posts(&self, cursor: Option<Cursor>) -> Result<(usize, UseRecording)> {
        let (query, now) = (DeskFacet::Updated.into(), self.ports.clock.now());
        let limit = Limit::new(STEP).unwrap_or_default();
        let page = PageRequest { limit, cursor };
        let found = self.ports.store.list_desk(&query, now, &page).await?;
        for post in &found.items {
            self.record_all_uses(post).await?;
        }
        let next = found.next.map(|next| UseRecording::Posts(Some(next)));
        Ok((
            found.items.len(),
            next.unwrap_or(UseRecording::Images(None)),
        ))
    }

    async fn record_digests(&self, cursor: Option<Cursor>) -> Result<(usize, UseRecording)> {
        let limit = Limit::new(STEP).unwrap_or_default();
        let page = PageRequest { limit, cursor };
        let images = &self.ports.images;
        let found = images
            .list(self.ports.clock.now(), &ImageFilter::default(), &page)
            .await?;
        images.add_digests(&found.items).await?;
        let next = found.next.map(|next| UseRecording::Images(Some(next)));
        Ok((found.items.len(), next.unwrap_or(UseRecording::Complete)))
    }

    /// Records the images that the working copy and the public copies of a post use.
    async fn record_all_uses(&self, post: &Post) -> Result<()> {
        let id = post.state.id;
        let mut revisions = public_revisions(post);
        revisions.insert(post.state.revision);
        for revision in revisions {
            let Some(kept) = self.ports.history.find_revision(id, revision).await? else {
                continue;
            };
            let source = kept.content.source.as_ref();
            let rendition = self.render(WorkShare(None), source, &kept.manuscript);
            let rendition = rendition.await?;
            let recorded = self.record_uses(id, (None, &kept.content), Some(&rendition));
            recorded.await?;
        }
        Ok(())
    }
}

/// The revisions that are public now, as scheduled or as archived.
fn public_revisions(post: &Post) -> BTreeSet<Revision> {
    let phases = post.state.status.phases().into_iter();
    phases.map(|phase| phase.value.revision).collect()
}
