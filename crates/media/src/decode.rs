//! Decodes pixels within a limit of memory.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, metadata::Orientation,
};
use tintero_domain::images::MediaType;

use crate::{
    color, jpeg,
    pixels::{Pixels, Reduction},
};

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

/// Decodes an image, or its first frame, within `memory` bytes: to any size that is large enough for the reduction.
pub(crate) fn decode(
    format: ImageFormat,
    file: &[u8],
    reduction: Reduction,
    memory: u64,
) -> Result<Pixels, ImageError> {
    if format == ImageFormat::Jpeg
        && let Some(decoded) = jpeg::decode(file, reduction, memory)
    {
        // The decoders differ in the errors and features that they accept.
        return decoded.or_else(|error| match (whole(format, file, memory), error) {
            (Err(ImageError::Limits(_)), error @ ImageError::Decoding(_)) => Err(error),
            (decoded, _) => decoded,
        });
    }
    whole(format, file, memory)
}

/// Decodes all pixels.
fn whole(format: ImageFormat, file: &[u8], memory: u64) -> Result<Pixels, ImageError> {
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
        profile: profile.filter(|profile| !color::is_for_print(profile)),
    })
}
