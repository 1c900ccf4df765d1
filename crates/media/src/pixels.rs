//! Decoded images, and how much smaller they may be than their file.

use image::{DynamicImage, metadata::Orientation};

/// The pixels of an image as stored.
pub(crate) struct Pixels {
    pub(crate) image: DynamicImage,
    /// How the pixels are to be turned for display.
    pub(crate) orientation: Orientation,
    /// The ICC profile that defines the colours, if it is not sRGB.
    pub(crate) profile: Option<Vec<u8>>,
}

/// To what part of its size an image is reduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reduction {
    /// Length of a side after the reduction.
    pub(crate) to: u32,
    /// Length of the side before it, at least 1.
    pub(crate) from: u32,
}
