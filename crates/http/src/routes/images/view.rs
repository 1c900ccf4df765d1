use serde::Serialize;
use tintero_domain::{
    images::{self, Picture},
    values::Digest,
};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::{Tagged, View};

/// An image that posts can show.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Image {
    /// Which image.
    id: Uuid,
    /// The path at which everybody gets its bytes; they never change.
    #[schema(format = "uri-reference")]
    url: String,
    /// What its bytes are.
    media_type: &'static str,
    /// How many they are.
    bytes: u64,
    /// Their SHA-256 in lower-case hexadecimal.
    sha256: String,
    /// In pixels.
    width: u32,
    /// In pixels.
    height: u32,
    /// What stands for it where it cannot be seen.
    #[schema(required)]
    alt: Option<String>,
    /// Where it lay in the tree that it came from; unique.
    #[schema(required)]
    source_path: Option<String>,
    /// Smaller copies of it; there are none yet.
    #[schema(value_type = Vec<Object>, max_items = 0)]
    renditions: [(); 0],
    /// When it was uploaded.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last written.
    #[schema(format = DateTime)]
    updated_at: String,
    /// Counts accepted writes.
    version: u64,
}

impl From<images::Image> for Image {
    fn from(image: images::Image) -> Self {
        let images::Image {
            picture,
            alt,
            source_path,
            // Images are for everybody, and who works here is not.
            owner_id: _,
            created_at,
            updated_at,
            version,
        } = image;
        let url = picture.path();
        let Picture {
            id,
            media_type,
            bytes,
            sha256,
            width,
            height,
        } = picture;
        Self {
            id: id.uuid(),
            url,
            media_type: media_type.as_str(),
            bytes,
            sha256: sha256.to_string(),
            width,
            height,
            alt: alt.map(Into::into),
            source_path: source_path.map(Into::into),
            renditions: [],
            created_at: created_at.into(),
            updated_at: updated_at.into(),
            version: version.0,
        }
    }
}

impl From<images::Image> for Tagged<Image> {
    fn from(image: images::Image) -> Self {
        Self {
            tag: image.tag(),
            modified: image.updated_at,
            replayed: false,
            embeds: false,
            view: image.into(),
        }
    }
}

impl View for Image {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad7),
            url: "/media/01912d68-783e-7a03-8467-5661c1243ad7.png".to_owned(),
            media_type: "image/png",
            bytes: 48_213,
            sha256: Digest::of(b"").to_string(),
            width: 1200,
            height: 630,
            alt: Some("Un gato sobre un teclado".to_owned()),
            source_path: Some("assets/images/gato.png".to_owned()),
            renditions: [],
            created_at: "2026-11-22T10:00:00.000Z".to_owned(),
            updated_at: "2026-11-22T10:00:00.000Z".to_owned(),
            version: 1,
        }
    }
}
