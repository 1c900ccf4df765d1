//! Decodes pixels within a limit of memory.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, metadata::Orientation,
};
use tintero_domain::images::MediaType;

/// The pixels of an image as stored.
pub(crate) struct Pixels {
    pub(crate) image: DynamicImage,
    /// How the pixels are to be turned for display.
    pub(crate) orientation: Orientation,
    /// The ICC profile that defines the colours, if it is not sRGB.
    pub(crate) profile: Option<Vec<u8>>,
}

/// The decoder of a type; `None` for types that are not decoded.
pub(crate) fn format(media_type: MediaType) -> Option<ImageFormat> {
    match media_type {
        MediaType::Png => Some(ImageFormat::Png),
        MediaType::Jpeg => Some(ImageFormat::Jpeg),
        MediaType::Gif => Some(ImageFormat::Gif),
        MediaType::Webp => Some(ImageFormat::WebP),
        MediaType::Avif | MediaType::Svg => None,
    }
}

/// Decodes an image, or its first frame, within `memory` bytes.
pub(crate) fn decode(format: ImageFormat, file: &[u8], memory: u64) -> Result<Pixels, ImageError> {
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(memory);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    limits.reserve(decoder.total_bytes())?;
    // Unreadable metadata is not shown.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().unwrap_or_default();
    Ok(Pixels {
        image: DynamicImage::from_decoder(decoder)?,
        orientation,
        profile,
    })
}
