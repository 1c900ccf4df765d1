use serde::{Deserialize, Serialize};

use super::{Look, MediaType, TrashStay};
use crate::{
    access::{Caller, Permission, ResourceAction},
    error::Result,
    posts::Set,
    values::{
        AltText, Caption, Credit, Digest, FocalPoint, ImageId, OriginalName, SourcePath, Timestamp,
        UserId, Version, VersionTag,
    },
};

/// The immutable part of an image: its bytes and facts derived from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ImageFile {
    /// Id of the image.
    pub id: ImageId,
    /// Type of the image.
    pub media_type: MediaType,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes.
    pub sha256: Digest,
    /// SHA-256 of the uploaded file, if it differs from the stored bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uploaded_sha256: Option<Digest>,
    /// Width as shown, in pixels.
    pub width: u32,
    /// Height as shown, in pixels.
    pub height: u32,
}

/// Length of an id in a file name.
const ID: usize = 36;

impl ImageFile {
    /// Splits the file name of an image or of a rendition into the id and the rest.
    #[must_use]
    pub fn split_name(name: &str) -> Option<(ImageId, &str)> {
        let (id, rest) = name.split_at_checked(ID)?;
        Some((id.parse().ok()?, rest))
    }

    /// Public path of the bytes: `/media/<id>.<extension>`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/media/{}", self.file_name())
    }

    /// SHA-256 of the uploaded file.
    #[must_use]
    pub fn uploaded(&self) -> Digest {
        self.uploaded_sha256.unwrap_or(self.sha256)
    }

    /// Last segment of the public path.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}.{}", self.id, self.media_type.extension())
    }
}

/// An image and its metadata.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Immutable part.
    #[serde(flatten)]
    pub file: ImageFile,
    /// How it looks, for types that are decoded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<Look>,
    /// Text alternative.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt: Option<AltText>,
    /// Text below the image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<Caption>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<Credit>,
    /// Name of the uploaded file.
    #[serde(rename = "file_name", default, skip_serializing_if = "Option::is_none")]
    pub name: Option<OriginalName>,
    /// The point that crops keep visible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focal_point: Option<FocalPoint>,
    /// Path in the imported site; unique.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_path: Option<SourcePath>,
    /// The stay in the trash, if the image is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trash: Option<TrashStay>,
    /// The uploader.
    pub owner_id: UserId,
    /// Time of the upload.
    pub created_at: Timestamp,
    /// Time of the last write.
    pub updated_at: Timestamp,
    /// Number of accepted writes.
    pub version: Version,
}

impl Image {
    /// Id of the image.
    #[must_use]
    pub fn id(&self) -> ImageId {
        self.file.id
    }

    /// The actions that the caller may perform on the image now.
    #[must_use]
    pub fn allowed_to(&self, caller: &Caller) -> &'static [ResourceAction] {
        match (self.require_update(caller), self.trash) {
            (Ok(()), None) => &[ResourceAction::Update, ResourceAction::Delete],
            (Ok(()), Some(_)) => &[ResourceAction::Restore],
            (Err(_), _) => &[],
        }
    }

    /// Fails unless the caller may update the metadata. Images of other users require the permission to edit
    /// all posts.
    pub(super) fn require_update(&self, caller: &Caller) -> Result<()> {
        let (own, any) = (Permission::UploadImages, Permission::EditAnyPosts);
        caller.require_for(self.owner_id, own, any)
    }

    /// Version tag for the next write.
    #[must_use]
    pub fn tag(&self) -> VersionTag {
        VersionTag::of(self.version)
    }
}

/// Metadata sent with an upload.
#[derive(Debug, Clone, Default)]
pub struct ImageMetadata {
    /// Text alternative.
    pub alt: Option<AltText>,
    /// Text below the image.
    pub caption: Option<Caption>,
    /// Who made it.
    pub credit: Option<Credit>,
    /// Name of the uploaded file.
    pub name: Option<OriginalName>,
    /// Path in the imported site.
    pub source_path: Option<SourcePath>,
}

/// A change to an image's metadata.
#[derive(Debug, Clone, Default)]
pub struct ImagePatch {
    /// New text alternative; cleared if the inner option is `None`.
    pub alt: Set<Option<AltText>>,
    /// New caption; cleared if the inner option is `None`.
    pub caption: Set<Option<Caption>>,
    /// New credit; cleared if the inner option is `None`.
    pub credit: Set<Option<Credit>>,
    /// New focal point; cleared if the inner option is `None`.
    pub focal_point: Set<Option<FocalPoint>>,
}
