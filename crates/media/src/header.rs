//! Reads type and size of an image from its first bytes. File names and declared types are ignored.

use imagesize::{Compression, ImageType};
use tintero_domain::images::MediaType;

use crate::{defect::Defect, jpeg::JpegFrame, pixels::Reduction};

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
    /// The frame of a JPEG that can be decoded to a smaller size.
    pub(crate) frame: Option<JpegFrame>,
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
        let frame = match media_type {
            MediaType::Jpeg => JpegFrame::of(head),
            _ => None,
        };
        let pixel_memory = match media_type {
            MediaType::Jpeg if frame.is_none_or(|frame| frame.is_progressive) => Some(12),
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
            frame,
        })
    }

    /// Memory for decoding the image to a reduced size, in bytes; `None` for types that are not decoded.
    pub(crate) fn memory(&self, reduction: Reduction) -> Option<u64> {
        let (width, height) = self.size?;
        let pixels = u64::from(width) * u64::from(height);
        let scaled = self.frame.and_then(|frame| frame.memory(reduction));
        scaled.or_else(|| Some(pixels * self.pixel_memory?))
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
            frame: None,
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

#[cfg(test)]
mod tests;
