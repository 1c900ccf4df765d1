//! Areas of images as parts of their sides, independent of the size to which they are decoded.

use image::{DynamicImage, metadata::Orientation};
use tintero_domain::images::{Area, ImageFile};

/// A part of one side: its start and its length, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Stretch {
    start: f64,
    length: f64,
}

impl Stretch {
    fn of(start: u32, length: u32, side: u32) -> Self {
        let side = f64::from(side.max(1));
        Self {
            start: f64::from(start) / side,
            length: f64::from(length) / side,
        }
    }

    /// The same part, counted from the other end.
    fn mirrored(self) -> Self {
        let start = (1.0 - self.start - self.length).max(0.0);
        Self { start, ..self }
    }

    /// Start and length in pixels, inside of the side.
    fn pixels(self, side: u32) -> (f64, f64) {
        let side = f64::from(side);
        let start = self.start * side;
        (start, (self.length * side).min(side - start))
    }
}

/// A part of the stored pixels of an image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct StoredArea {
    across: Stretch,
    down: Stretch,
}

impl StoredArea {
    /// The part of the stored pixels that shows an area of the turned image.
    pub(super) fn of(area: Area, file: &ImageFile, orientation: Orientation) -> Self {
        let x = Stretch::of(area.left, area.width, file.width);
        let y = Stretch::of(area.top, area.height, file.height);
        let (across, down) = match orientation {
            Orientation::NoTransforms => (x, y),
            Orientation::FlipHorizontal => (x.mirrored(), y),
            Orientation::FlipVertical => (x, y.mirrored()),
            Orientation::Rotate180 => (x.mirrored(), y.mirrored()),
            Orientation::Rotate90 => (y, x.mirrored()),
            Orientation::Rotate270 => (y.mirrored(), x),
            Orientation::Rotate90FlipH => (y, x),
            Orientation::Rotate270FlipH => (y.mirrored(), x.mirrored()),
        };
        Self { across, down }
    }

    /// Left, top, width and height in the pixels of a decoded image.
    pub(super) fn within(self, image: &DynamicImage) -> (f64, f64, f64, f64) {
        let (left, width) = self.across.pixels(image.width());
        let (top, height) = self.down.pixels(image.height());
        (left, top, width, height)
    }
}

#[cfg(test)]
mod tests {
    use image::{GenericImageView as _, Luma};
    use tintero_domain::{
        images::MediaType,
        values::{Digest, ImageId},
    };

    use super::*;

    #[test]
    fn a_turned_area_shows_what_the_area_of_the_turned_image_shows() {
        let stored =
            image::GrayImage::from_fn(8, 4, |x, y| Luma([u8::try_from(8 * y + x).unwrap()]));
        for number in 1..=8 {
            let orientation = Orientation::from_exif(number).unwrap();
            let mut turned = DynamicImage::from(stored.clone());
            turned.apply_orientation(orientation);
            let file = ImageFile {
                id: ImageId::new(uuid::Uuid::nil()),
                media_type: MediaType::Jpeg,
                bytes: 1,
                sha256: Digest::of(b"a"),
                uploaded_sha256: None,
                width: turned.width(),
                height: turned.height(),
            };
            let area = Area {
                left: 1,
                top: 2,
                width: 3,
                height: 1,
            };
            let expected = turned.view(1, 2, 3, 1).to_image();
            let stored = DynamicImage::from(stored.clone());
            let part = StoredArea::of(area, &file, orientation).within(&stored);
            let [left, top, width, height] = [part.0, part.1, part.2, part.3].map(whole);
            let mut shown = stored.crop_imm(left, top, width, height);
            shown.apply_orientation(orientation);
            assert_eq!(shown.to_rgba8(), expected, "{orientation:?}");
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the value is a small whole number"
    )]
    fn whole(length: f64) -> u32 {
        length.round() as u32
    }
}
