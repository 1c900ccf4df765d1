//! Makes smaller copies of images.

mod area;
mod encode;

use std::io::Cursor;

use fast_image_resize::{ResizeOptions, Resizer};
use image::{
    DynamicImage,
    codecs::{png::PngDecoder, webp::WebPDecoder},
    metadata::Orientation,
};
use tintero_domain::images::{ImageRendition, MediaType};

use self::area::StoredArea;
use crate::{
    decode::{decode, format},
    pixels::{Pixels, Reduction},
};

/// Makes a rendition of a stored file within `memory` bytes. `None` if the file serves as well: if it is animated, if its
/// decoder does not support it, or if the rendition shows all of it and would not be smaller in bytes.
pub(crate) fn reduce(rendition: &ImageRendition, file: &[u8], memory: u64) -> Option<Vec<u8>> {
    let media_type = rendition.file().media_type;
    if is_animated(media_type, file) {
        return None;
    }
    let pixels = decode(format(media_type)?, file, reduction(rendition), memory).ok()?;
    let Pixels {
        image,
        orientation,
        profile,
    } = pixels;
    let image = resized(image, orientation, rendition)?;
    let bytes = encode::encode(&image, rendition.media_type(), profile)?;
    (rendition.crop().is_some() || bytes.len() < file.len()).then_some(bytes)
}

/// The reduction from the image to a rendition.
pub(crate) fn reduction(rendition: &ImageRendition) -> Reduction {
    Reduction {
        to: rendition.width(),
        from: rendition.area().width.max(1),
    }
}

fn is_animated(media_type: MediaType, file: &[u8]) -> bool {
    let file = Cursor::new(file);
    match media_type {
        MediaType::Png => PngDecoder::new(file)
            .and_then(|decoder| decoder.is_apng())
            .unwrap_or_default(),
        MediaType::Webp => WebPDecoder::new(file).is_ok_and(|decoder| decoder.has_animation()),
        MediaType::Jpeg | MediaType::Gif | MediaType::Avif | MediaType::Svg => false,
    }
}

/// Reduces the shown pixels, then turns them.
fn resized(
    image: DynamicImage,
    orientation: Orientation,
    rendition: &ImageRendition,
) -> Option<DynamicImage> {
    let (width, height) = (rendition.width(), rendition.height());
    let (width, height) = if swaps_sides(orientation) {
        (height, width)
    } else {
        (width, height)
    };
    let area = StoredArea::of(rendition.area(), rendition.file(), orientation);
    let (left, top, across, down) = area.within(&image);
    let options = ResizeOptions::new().crop(left, top, across, down);
    let mut reduced = DynamicImage::new(width, height, image.color());
    Resizer::new().resize(&image, &mut reduced, &options).ok()?;
    drop(image);
    reduced.apply_orientation(orientation);
    Some(reduced)
}

/// Whether width and height of the shown image are height and width of the stored pixels.
pub(crate) fn swaps_sides(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}
