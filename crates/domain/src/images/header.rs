//! Reads type and size of an image from its bytes. File names and declared types are ignored.

use imagesize::{Compression, ImageType};
use serde::{Deserialize, Serialize};

use crate::{
    error::{FieldErrors, Result},
    values::Code,
};

/// Maximum number of pixels: 50 million.
pub const MAX_PIXELS: u64 = 50_000_000;

/// Number of leading bytes to examine. Cameras write up to some hundred kilobytes of metadata
/// and previews before the image size.
pub(super) const HEAD: usize = 512 * 1024;

/// Supported image types: all browsers display them, and none contains scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MediaType {
    /// [PNG](https://www.w3.org/TR/png-3/).
    #[serde(rename = "image/png")]
    Png,
    /// [JPEG](https://www.w3.org/Graphics/JPEG/itu-t81.pdf).
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// [GIF](https://www.w3.org/Graphics/GIF/spec-gif89a.txt).
    #[serde(rename = "image/gif")]
    Gif,
    /// [WebP](https://www.rfc-editor.org/rfc/rfc9649).
    #[serde(rename = "image/webp")]
    Webp,
    /// [AVIF](https://aomediacodec.github.io/av1-avif/).
    #[serde(rename = "image/avif")]
    Avif,
}

impl MediaType {
    /// All types.
    pub const ALL: [Self; 5] = [Self::Png, Self::Jpeg, Self::Gif, Self::Webp, Self::Avif];

    /// Media type.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
        }
    }

    /// File name extension.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Gif => "gif",
            Self::Webp => "webp",
            Self::Avif => "avif",
        }
    }
}

/// Type and size of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ImageHeader {
    pub(super) media_type: MediaType,
    pub(super) width: u32,
    pub(super) height: u32,
}

impl ImageHeader {
    /// Reads type and size from the first bytes of an image.
    pub(super) fn of(head: &[u8]) -> Result<Self> {
        if head.is_empty() {
            return refused(Code::TooShort, "must not be empty");
        }
        let Some(media_type) = media_type(head) else {
            return if is_markup(head) {
                refused(
                    Code::Format,
                    "must not be SVG or other markup, because it can contain scripts",
                )
            } else {
                refused(Code::Format, "must be a PNG, JPEG, GIF, WebP or AVIF image")
            };
        };
        let Some((width, height)) = size(head) else {
            return refused(Code::Format, "must be an image with a readable size");
        };
        if u64::from(width) * u64::from(height) > MAX_PIXELS {
            let detail =
                format!("must have at most {MAX_PIXELS} pixels, and has {width} × {height}");
            return refused(Code::OutOfRange, &detail);
        }
        Ok(Self {
            media_type,
            width,
            height,
        })
    }
}

fn media_type(head: &[u8]) -> Option<MediaType> {
    match imagesize::image_type(head).ok()? {
        ImageType::Png => Some(MediaType::Png),
        ImageType::Jpeg => Some(MediaType::Jpeg),
        ImageType::Gif => Some(MediaType::Gif),
        ImageType::Webp => Some(MediaType::Webp),
        ImageType::Heif(Compression::Av1) => Some(MediaType::Avif),
        _ => None,
    }
}

/// Width and height in pixels, both positive.
fn size(head: &[u8]) -> Option<(u32, u32)> {
    let size = imagesize::blob_size(head).ok()?;
    let pixels = |length| u32::try_from(length).ok().filter(|length| *length > 0);
    Some((pixels(size.width)?, pixels(size.height)?))
}

fn is_markup(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    text.trim_ascii_start().starts_with(b"<")
}

fn refused<T>(code: Code, detail: &str) -> Result<T> {
    Err(FieldErrors::one("/file", code, detail).into())
}

#[cfg(test)]
mod tests;
