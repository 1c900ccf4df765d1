//! Reads type and size of an image from its first bytes. File names and declared types are ignored.

use imagesize::{Compression, ImageType};
use tintero_domain::images::MediaType;

use crate::defect::Defect;

/// Default of the maximum number of pixels: 50 million.
pub const MAX_PIXELS: u64 = 50_000_000;

/// Type and size of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MediaHeader {
    pub(crate) media_type: MediaType,
    /// Width and height in pixels as stored. SVG has its size anywhere, so it is read later.
    pub(crate) size: Option<(u32, u32)>,
    /// Maximum memory for decoding a pixel in bytes; `None` for types that are not decoded.
    pub(crate) pixel_memory: Option<u64>,
}

impl MediaHeader {
    /// Reads type and size. Rejects images of more than `most` pixels.
    pub(crate) fn of(head: &[u8], most: u64) -> Result<Self, Defect> {
        if head.is_empty() {
            return Err(Defect::Empty);
        }
        let Some(media_type) = media_type(head) else {
            return Self::of_markup(head);
        };
        let (width, height) = size(head).ok_or(Defect::NoSize)?;
        if u64::from(width) * u64::from(height) > most {
            return Err(Defect::TooManyPixels {
                most,
                width,
                height,
            });
        }
        let pixel_memory = match media_type {
            MediaType::Jpeg if is_progressive(head) => Some(12),
            MediaType::Jpeg | MediaType::Gif => Some(5),
            // With 16 bits for each of four channels, and a copy of the pixels without transparency.
            MediaType::Png if head.get(24) == Some(&16) => Some(16),
            MediaType::Png | MediaType::Webp => Some(8),
            MediaType::Avif | MediaType::Svg => None,
        };
        Ok(Self {
            media_type,
            size: Some((width, height)),
            pixel_memory,
        })
    }

    fn of_markup(head: &[u8]) -> Result<Self, Defect> {
        let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
        if !text.trim_ascii_start().starts_with(b"<") {
            return Err(Defect::UnknownType);
        }
        let is_svg = head
            .windows(4)
            .any(|four| four == b"<svg" || four == b":svg");
        if !is_svg {
            return Err(Defect::Markup);
        }
        Ok(Self {
            media_type: MediaType::Svg,
            size: None,
            pixel_memory: None,
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

/// Whether the first frame header of a JPEG is progressive. Decoders keep all coefficients of such
/// images in memory.
fn is_progressive(head: &[u8]) -> bool {
    let mut rest = head.get(2..).unwrap_or_default();
    while let [0xFF, marker, high, low, ..] = *rest {
        match marker {
            0xC2 | 0xC6 | 0xCA | 0xCE => return true,
            0xC0 | 0xC1 | 0xC3 | 0xC5 | 0xC7 | 0xC9 | 0xCB | 0xCD | 0xCF => return false,
            _ => {}
        }
        let length = 2 + usize::from(u16::from_be_bytes([high, low]));
        rest = rest.get(length..).unwrap_or_default();
    }
    true
}

#[cfg(test)]
mod tests;
