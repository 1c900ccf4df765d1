use serde::{Deserialize, Serialize};

use super::MediaType;
use crate::{
    posts::Set,
    values::{AltText, Digest, ImageId, SourcePath, Timestamp, UserId, Version, VersionTag},
};

/// What never changes of an image: its bytes, and what follows from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Which image.
    pub id: ImageId,
    /// What its bytes are.
    pub media_type: MediaType,
    /// How many they are.
    pub bytes: u64,
    /// Their digest.
    pub sha256: Digest,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

impl Picture {
    /// The path at which everybody gets the bytes: `/media/<id>.<extension>`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/media/{}", self.file_name())
    }

    /// The last segment of that path.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}.{}", self.id, self.media_type.extension())
    }
}

/// An image that posts can show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Its bytes.
    #[serde(flatten)]
    pub picture: Picture,
    /// What stands for it where it cannot be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt: Option<AltText>,
    /// Where it lay in the tree that it came from; unique.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_path: Option<SourcePath>,
    /// Who uploaded it.
    pub owner_id: UserId,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// When it was last written.
    pub updated_at: Timestamp,
    /// Counts accepted writes.
    pub version: Version,
}

impl Image {
    /// Which image.
    #[must_use]
    pub fn id(&self) -> ImageId {
        self.picture.id
    }

    /// The state that the next write is based on.
    #[must_use]
    pub fn tag(&self) -> VersionTag {
        VersionTag::of(self.version)
    }
}

/// What is said of an image when it is uploaded.
#[derive(Debug, Clone, Default)]
pub struct Description {
    /// What stands for it where it cannot be seen.
    pub alt: Option<AltText>,
    /// Where it lay in the tree that it came from.
    pub source_path: Option<SourcePath>,
}

/// A change to what is said of an image.
#[derive(Debug, Clone, Default)]
pub struct ImagePatch {
    /// Another text in its stead; none when the inner option is `None`.
    pub alt: Set<Option<AltText>>,
}
