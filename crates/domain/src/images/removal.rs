//! Removes the bytes of images that do not exist any more.
//!
//! Several images can have the same bytes, and an upload of the same bytes can happen at the same time. So a
//! removal is announced first, and no image with the bytes is created after that: an upload stores its bytes again
//! and takes the announcement away in the transaction that creates its image. The removal then looks for images.

use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Images, StoredKind, UseRecording, rendition};
use crate::{
    error::Result,
    values::{Digest, Timestamp},
};

/// Time after which a removal that did not complete has stopped.
const LONGEST: Duration = Duration::from_mins(10);

/// The removal of bytes. It stays after its completion, because an upload that stored the bytes before may still
/// create its image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByteRemoval {
    /// Digest of the bytes.
    pub sha256: Digest,
    /// Identifies the removal.
    #[serde(rename = "act")]
    pub removal: Uuid,
    /// Time of the announcement.
    pub began_at: Timestamp,
    /// Whether the bytes are removed.
    #[serde(rename = "done", default, skip_serializing_if = "std::ops::Not::not")]
    pub is_complete: bool,
}

impl ByteRemoval {
    /// Whether nothing removes the bytes any more.
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        self.is_complete || self.began_at < now.before(LONGEST)
    }
}

/// Stores which bytes are being removed.
#[async_trait]
pub trait ByteRemovalStore: Send + Sync {
    /// Whether an image has these bytes, also one in the trash. Consistent.
    async fn has_image(&self, digest: &Digest) -> Result<bool>;

    /// Announces a removal. Returns `false` if another one has not completed that began after `old`.
    async fn begin_removal(&self, removal: &ByteRemoval, old: Timestamp) -> Result<bool>;

    /// Marks a removal as complete, unless an upload took it away.
    async fn complete_removal(&self, removal: &ByteRemoval) -> Result<()>;

    /// Forgets a removal.
    async fn forget_removal(&self, removal: &ByteRemoval) -> Result<()>;

    /// Lists the first `limit` removals with digests after `after`, in the order of their digests.
    async fn list_removals(&self, after: Option<&Digest>, limit: usize)
    -> Result<Vec<ByteRemoval>>;
}

impl Images {
    /// Removes bytes and their renditions, unless an image has the bytes. Returns whether they are removed.
    pub(super) async fn remove_bytes(&self, digest: &Digest) -> Result<bool> {
        if self.store.has_image(digest).await? {
            return Ok(false);
        }
        let now = self.clock.now();
        let removal = ByteRemoval {
            sha256: *digest,
            removal: self.ids.next(),
            began_at: now,
            is_complete: false,
        };
        let old = now.before(LONGEST);
        if !self.store.begin_removal(&removal, old).await? {
            return Ok(false);
        }
        if self.store.has_image(digest).await? {
            self.store.forget_removal(&removal).await?;
            return Ok(false);
        }
        let name = digest.stored_name();
        self.objects.remove_file(StoredKind::Object, &name).await?;
        self.remove_renditions(digest).await?;
        self.store.complete_removal(&removal).await?;
        Ok(true)
    }

    async fn remove_renditions(&self, digest: &Digest) -> Result<()> {
        let mut last = digest.stored_name();
        loop {
            let found = self
                .objects
                .list_files(StoredKind::Rendition, Some(&last))
                .await?;
            if found.is_empty() {
                return Ok(());
            }
            for file in found {
                if rendition::stored_digest(&file.name) != Some(*digest) {
                    return Ok(());
                }
                self.objects
                    .remove_file(StoredKind::Rendition, &file.name)
                    .await?;
                last = file.name;
            }
        }
    }

    /// Whether the digests of all images are recorded, those of earlier versions included.
    pub(super) async fn knows_digests(&self) -> Result<bool> {
        Ok(self.store.use_recording().await? == UseRecording::Complete)
    }
}
