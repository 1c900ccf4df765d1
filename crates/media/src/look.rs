//! How an image looks: its dominant colour and a placeholder.

use std::collections::HashMap;

use image::{DynamicImage, ImageError, metadata::Orientation};
use tintero_domain::{
    images::{Look, MediaType},
    values::{RgbColor, ThumbHash},
};

use crate::{
    color,
    decode::{decode, format},
    defect::Defect,
    pixels::{Pixels, Reduction},
};

/// Maximum side of the reduced image in pixels, which the placeholder requires.
const SIDE: u32 = 100;

/// Alpha from which a pixel counts as visible.
const VISIBLE: u8 = 128;

/// The reduction of an image with this size.
pub(crate) fn reduction((width, height): (u32, u32)) -> Reduction {
    Reduction {
        to: SIDE,
        from: width.max(height).max(1),
    }
}

/// Decodes an image of this size within `memory` bytes. Returns `None` if the decoder does not support it.
pub(crate) fn look(
    media_type: MediaType,
    file: &[u8],
    (size, orientation): ((u32, u32), Orientation),
    memory: u64,
) -> Result<Option<Look>, Defect> {
    let Some(format) = format(media_type) else {
        return Ok(None);
    };
    match decode(format, file, reduction(size), memory) {
        Ok(Pixels {
            mut image, profile, ..
        }) => {
            if image.width() > SIDE || image.height() > SIDE {
                image = image.thumbnail(SIDE, SIDE);
            }
            let mut image = color::to_srgb(image, profile.as_deref());
            image.apply_orientation(orientation);
            Ok(Some(look_of(&image)))
        }
        Err(ImageError::Decoding(_) | ImageError::IoError(_)) => {
            Err(Defect::Malformed("its pixels cannot be decoded"))
        }
        Err(error) => {
            tracing::debug!(%error, "an image has no placeholder");
            Ok(None)
        }
    }
}

fn look_of(image: &DynamicImage) -> Look {
    let pixels = image.to_rgba8();
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    Look {
        color: dominant(pixels.as_raw()),
        placeholder: ThumbHash::new(thumbhash::rgba_to_thumb_hash(
            width,
            height,
            pixels.as_raw(),
        )),
    }
}

/// The average of the most frequent of 512 ranges of colours; `None` if all pixels are transparent.
fn dominant(rgba: &[u8]) -> Option<RgbColor> {
    let mut ranges: HashMap<[u8; 3], (u32, [u32; 3])> = HashMap::new();
    let (pixels, _) = rgba.as_chunks::<4>();
    for [red, green, blue, alpha] in pixels {
        if *alpha >= VISIBLE {
            let color = [*red, *green, *blue];
            let (count, sums) = ranges.entry(color.map(|part| part >> 5)).or_default();
            *count += 1;
            for (sum, part) in sums.iter_mut().zip(color) {
                *sum += u32::from(part);
            }
        }
    }
    let largest = ranges
        .into_iter()
        .max_by_key(|(range, (count, _))| (*count, *range));
    largest.map(|(_, (count, sums))| {
        RgbColor::new(sums.map(|sum| u8::try_from(sum / count).unwrap_or(u8::MAX)))
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{ImageFormat, Rgba, RgbaImage};

    use super::*;

    #[test]
    fn the_most_frequent_colour_is_dominant() {
        let image = RgbaImage::from_fn(10, 10, |x, y| match (x, y) {
            (0..7, _) => Rgba([200, 30, 30, 255]),
            (7, _) => Rgba([0, 0, 255, 255]),
            _ => Rgba([0, 255, 0, 0]),
        });
        let look = look_of(&image.into());
        assert_eq!(look.color.unwrap().to_string(), "#c81e1e");
        let hash = look.placeholder.as_bytes();
        let (width, height, _) = thumbhash::thumb_hash_to_rgba(hash).unwrap();
        assert_eq!((width, height), (32, 32));
    }

    #[test]
    fn a_transparent_image_has_no_colour() {
        let image = RgbaImage::new(3, 3);
        assert_eq!(look_of(&image.into()).color, None);
    }

    #[test]
    fn an_image_beyond_the_memory_has_no_look() {
        let mut file = Cursor::new(Vec::new());
        let image = DynamicImage::new_rgb8(200, 200);
        image.write_to(&mut file, ImageFormat::Png).unwrap();
        let file = file.into_inner();
        let look = |memory| {
            let stored = ((200, 200), Orientation::NoTransforms);
            look(MediaType::Png, &file, stored, memory)
        };
        assert_eq!(look(100_000), Ok(None));
        assert!(look(1_000_000).unwrap().is_some());
    }
}
