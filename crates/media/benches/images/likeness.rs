//! Structural similarity (SSIM) of the brightness, in windows of 8 × 8 pixels.

use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageReader, imageops::FilterType};

/// What a rendition should look like: all pixels of the picture, scaled with a Lanczos filter.
pub(crate) struct Reference(GrayImage);

fn decoded(file: &[u8]) -> DynamicImage {
    let mut reader = ImageReader::new(Cursor::new(file))
        .with_guessed_format()
        .unwrap();
    reader.no_limits();
    reader.decode().unwrap()
}

impl Reference {
    pub(crate) fn of(file: &[u8], (width, height): (u32, u32)) -> Self {
        let scaled = decoded(file).resize_exact(width, height, FilterType::Lanczos3);
        Self(scaled.to_luma8())
    }

    /// 1 for the same picture.
    pub(crate) fn likeness(&self, file: &[u8]) -> f64 {
        let other = decoded(file).to_luma8();
        assert_eq!(self.0.dimensions(), other.dimensions());
        let (mut sum, mut count) = (0.0, 0.0);
        for y in (0..other.height().saturating_sub(7)).step_by(4) {
            for x in (0..other.width().saturating_sub(7)).step_by(4) {
                sum += window(&self.0, &other, x, y);
                count += 1.0;
            }
        }
        sum / count
    }
}

fn window(first: &GrayImage, second: &GrayImage, left: u32, top: u32) -> f64 {
    let (mut a, mut b, mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for y in top..top + 8 {
        for x in left..left + 8 {
            let (one, two) = (
                f64::from(first.get_pixel(x, y).0[0]),
                f64::from(second.get_pixel(x, y).0[0]),
            );
            a += one;
            b += two;
            aa += one * one;
            bb += two * two;
            ab += one * two;
        }
    }
    let (a, b) = (a / 64.0, b / 64.0);
    let (spread_a, spread_b, both) = (aa / 64.0 - a * a, bb / 64.0 - b * b, ab / 64.0 - a * b);
    let (c1, c2) = (6.5025, 58.5225);
    ((2.0 * a * b + c1) * (2.0 * both + c2)) / ((a * a + b * b + c1) * (spread_a + spread_b + c2))
}
