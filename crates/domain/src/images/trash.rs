//! The trash of images. Images leave it after a grace period, or when they are restored.

use std::time::Duration;

use super::{Image, ImageUse, Images, TRASH_GRACE, TrashStay};
use crate::{
    access::{Caller, Permission},
    audit_action::AuditAction,
    error::{Error, ImageUsages, Resource, Result},
    page::{Limit, Page, PageRequest},
    values::{ImageId, Timestamp, VersionTag},
    writes::WriteOutcome,
};

/// Time after which the deletion of an image is tried again if posts use it.
const POSTPONEMENT: Duration = Duration::from_hours(24);

/// Maximum number of uses in the refusal of a deletion.
const SHOWN_USES: usize = 10;

/// Number of recorded posts that a step of the search for uses reads.
const SEARCHED: u64 = 25;

/// Maximum number of steps of the search for uses. More records without a use are deleted after an hour.
const MAX_STEPS: usize = 40;

/// Number of images that a run of the cleanup deletes.
const CLEANED: usize = 25;

impl Images {
    /// Moves an image to the trash: its names become free, its file is not served any more, and posts show their
    /// text instead of it. With `force`, also if posts use it; this requires the permission to edit all posts.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Outdated`]; [`Error::ImageInUse`] if posts use the image;
    /// [`Error::Busy`] while the uses of earlier posts are being recorded.
    pub async fn trash(
        &self,
        caller: &Caller,
        id: ImageId,
        base: VersionTag,
        force: bool,
    ) -> Result<()> {
        let before = self.get(id).await?;
        before.require_update(caller)?;
        if force {
            caller.require(Permission::EditAnyPosts)?;
        }
        if before.version != base.version {
            return Err(Error::Outdated(before.version));
        }
        if !force {
            self.require_unused(&before).await?;
        }
        let now = self.clock.now();
        let stay = TrashStay {
            since: now,
            until: now.after(TRASH_GRACE),
            forced: force,
        };
        let after = before.written(Some(stay), now);
        let context = caller.context(AuditAction::TrashImage, self.ids.as_ref(), now);
        match self.store.update(&context, &before, &after).await? {
            WriteOutcome::Applied => Ok(()),
            WriteOutcome::Conflict => Err(self.outdated(id).await),
        }
    }

    /// Restores an image from the trash, and renders waiting posts again. Returns an image that is not in the trash
    /// unchanged.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Outdated`]; [`Error::Taken`] if another image has its
    /// source path or its bytes by now.
    pub async fn restore(&self, caller: &Caller, id: ImageId, base: VersionTag) -> Result<Image> {
        caller.require(Permission::ReadPosts)?;
        let before = self.find(id).await?;
        before.require_update(caller)?;
        if before.version != base.version {
            return Err(Error::Outdated(before.version));
        }
        if before.trash.is_none() {
            return Ok(before);
        }
        let now = self.clock.now();
        let after = before.written(None, now);
        let context = caller.context(AuditAction::RestoreImage, self.ids.as_ref(), now);
        if self.store.update(&context, &before, &after).await? == WriteOutcome::Conflict {
            return Err(self.outdated(id).await);
        }
        if let Some(path) = &after.source_path {
            self.listener.image_uploaded(path).await?;
        }
        Ok(after)
    }

    /// Lists the images in the trash, those that are deleted last first.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::BadCursor`].
    pub async fn list_trash(&self, caller: &Caller, page: &PageRequest) -> Result<Page<Image>> {
        caller.require(Permission::ReadPosts)?;
        self.store.list_trash(self.clock.now(), page).await
    }

    /// Permanently deletes images whose time in the trash has ended, and returns their number. An image that posts
    /// began to use while it was deleted stays a day longer, so that it can be restored.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the store does not respond.
    pub async fn empty_trash(&self) -> Result<usize> {
        let now = self.clock.now();
        let mut purged = 0;
        for image in self.store.find_purgeable(now, CLEANED).await? {
            let Some(stay) = image.trash else { continue };
            let is_used = !stay.forced
                && match self.require_unused(&image).await {
                    Ok(()) => false,
                    Err(Error::ImageInUse(_)) => true,
                    Err(error) => return Err(error),
                };
            let outcome = if is_used {
                let until = now.after(POSTPONEMENT);
                let after = image.written(Some(TrashStay { until, ..stay }), now);
                let context = self.background_context(AuditAction::TrashImage, now);
                self.store.update(&context, &image, &after).await?
            } else {
                let context = self.background_context(AuditAction::PurgeImage, now);
                let purge = self.store.purge(&context, &image).await?;
                if purge == WriteOutcome::Applied {
                    purged += 1;
                    self.remove_bytes_of(&image).await;
                }
                purge
            };
            // An image that was restored meanwhile stays.
            tracing::debug!(image = %image.id(), is_used, ?outcome, "the trash of images was emptied");
        }
        Ok(purged)
    }

    /// Removes the bytes of an image that was deleted. A failure is no error: a sweep finds them.
    async fn remove_bytes_of(&self, image: &Image) {
        let removed = match self.knows_digests().await {
            Ok(true) => self.remove_bytes(&image.file.sha256).await,
            known => known,
        };
        if let Err(error) = removed {
            tracing::warn!(image = %image.id(), %error, "the file of a deleted image was not removed");
        }
    }

    /// Fails with the first posts that use an image.
    async fn require_unused(&self, image: &Image) -> Result<()> {
        let mut page = PageRequest {
            limit: Limit::new(SEARCHED).unwrap_or_default(),
            cursor: None,
        };
        for _ in 0..MAX_STEPS {
            let found = self.uses.list_uses(image, &page).await?;
            if !found.items.is_empty() {
                return Err(in_use(found));
            }
            page.cursor = found.next;
            if page.cursor.is_none() {
                return Ok(());
            }
        }
        Err(Error::Busy)
    }

    pub(super) async fn find(&self, id: ImageId) -> Result<Image> {
        let found = self.store.find(id).await?;
        found.ok_or(Error::NotFound(Resource::Image))
    }

    pub(super) async fn outdated(&self, id: ImageId) -> Error {
        match self.find(id).await {
            Ok(image) => Error::Outdated(image.version),
            Err(error) => error,
        }
    }
}

fn in_use(found: Page<ImageUse>) -> Error {
    let has_more = found.next.is_some() || found.items.len() > SHOWN_USES;
    let posts = found.items.into_iter().take(SHOWN_USES);
    Error::ImageInUse(ImageUsages {
        posts: posts
            .map(|found| (found.post.state.id, found.post.content.title))
            .collect(),
        has_more,
    })
}

impl Image {
    /// The next version, in the trash or not.
    fn written(&self, trash: Option<TrashStay>, now: Timestamp) -> Self {
        Self {
            trash,
            updated_at: now.not_before(self.updated_at),
            version: self.version.next(),
            ..self.clone()
        }
    }
}
