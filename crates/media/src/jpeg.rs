//! Decodes JPEG to a half, a quarter or an eighth of its size, which takes less time and memory than all pixels.

use image::{
    DynamicImage, GrayImage, ImageError, ImageFormat, RgbImage,
    error::{DecodingError, UnsupportedError, UnsupportedErrorKind},
    metadata::Orientation,
};
use jpeg_decoder::{Decoder, Error, PixelFormat};

use crate::{
    color,
    pixels::{Pixels, Reduction},
};

/// Maximum number of scans. Each scan of a progressive image is a walk over all of its pixels.
const MAX_SCANS: usize = 100;

/// Shortest length of the longer side that is decoded to a smaller size.
const MIN_SIDE: u32 = 64;

/// The frame header of a JPEG.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct JpegFrame {
    /// Whether the coefficients of all pixels are kept while decoding.
    pub(crate) is_progressive: bool,
    width: u32,
    height: u32,
    /// Number of components: 1 for grey, 3 for colour, 4 for print.
    components: u64,
    /// Samples of all components in each unit of `unit` × `unit` blocks.
    samples: u64,
    /// Blocks of the largest component in a unit, horizontally and vertically.
    unit: (u32, u32),
}

impl JpegFrame {
    /// Reads the first frame header. `None` if it is missing, or if its kind is rare.
    pub(crate) fn of(head: &[u8]) -> Option<Self> {
        let mut rest = head.get(2..)?;
        loop {
            let [0xFF, marker, high, low, ..] = *rest else {
                return None;
            };
            let length = 2 + usize::from(u16::from_be_bytes([high, low]));
            match marker {
                0xFF => rest = rest.get(1..)?,
                0xC0..=0xC2 => return Self::read(marker == 0xC2, rest.get(4..)?),
                0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => return None,
                _ => rest = rest.get(length..)?,
            }
        }
    }

    /// Reads the contents of a frame header.
    fn read(is_progressive: bool, contents: &[u8]) -> Option<Self> {
        let (&[8, y, y_low, x, x_low, count], rest) = contents.split_first_chunk()? else {
            return None;
        };
        let (width, height) = (
            u16::from_be_bytes([x, x_low]).into(),
            u16::from_be_bytes([y, y_low]).into(),
        );
        let factors = rest.get(..3 * usize::from(count))?.chunks_exact(3);
        let factors = factors.map(|component| (component[1] >> 4, component[1] & 15));
        let unit = factors
            .clone()
            .reduce(|(x, y), (h, v)| (x.max(h), y.max(v)))?;
        let is_supported = matches!(count, 1 | 3 | 4)
            && factors
                .clone()
                .all(|(h, v)| (1..=4).contains(&h) && (1..=4).contains(&v))
            && width > 0
            && height > 0;
        is_supported.then(|| Self {
            is_progressive,
            width,
            height,
            components: count.into(),
            samples: factors.map(|(h, v)| u64::from(h) * u64::from(v)).sum(),
            unit: (unit.0.into(), unit.1.into()),
        })
    }

    /// The side of the square to which each block of 8 × 8 pixels is decoded.
    fn block(&self, reduction: Reduction) -> u32 {
        if self.width.max(self.height) < MIN_SIDE {
            return 8;
        }
        let Reduction { to, from } = reduction;
        let is_enough = |side: &u32| u64::from(*side) * u64::from(from) >= 8 * u64::from(to);
        [1, 2, 4].into_iter().find(is_enough).unwrap_or(8)
    }

    /// Whether this decoder is used. The other one is faster for all pixels, and does not know the colours of print.
    fn is_scaled(&self, reduction: Reduction) -> bool {
        self.block(reduction) < 8 || self.components == 4
    }

    /// Memory for decoding to a reduced size, in bytes; `None` if all pixels are decoded.
    pub(crate) fn memory(&self, reduction: Reduction) -> Option<u64> {
        if !self.is_scaled(reduction) {
            return None;
        }
        let (across, down) = self.unit;
        let units =
            u64::from(self.width.div_ceil(8 * across)) * u64::from(self.height.div_ceil(8 * down));
        let side = u64::from(self.block(reduction));
        let block = side * side;
        // The components, the pixels, and those in RGB if they are converted.
        let converted = if self.components == 4 {
            7
        } else {
            self.components
        };
        let pixels = units * u64::from(across * down) * block * converted;
        let planes = units * self.samples * block;
        // The coefficients, and a copy of those of a component.
        let coefficients = if self.is_progressive {
            units * 128 * (self.samples + u64::from(across * down))
        } else {
            0
        };
        Some(pixels + planes + coefficients)
    }
}

/// Decodes an image to a reduced size within `memory` bytes. `None` if another decoder is to be used.
pub(crate) fn decode(
    file: &[u8],
    reduction: Reduction,
    memory: u64,
) -> Option<Result<Pixels, ImageError>> {
    let frame = JpegFrame::of(file)?;
    let needed = frame.memory(reduction)?;
    let scans = file.windows(2).filter(|two| *two == [0xFF, 0xDA]).count();
    (needed <= memory && scans <= MAX_SCANS).then(|| scaled(file, &frame, reduction).map_err(error))
}

fn scaled(file: &[u8], frame: &JpegFrame, reduction: Reduction) -> Result<Pixels, Error> {
    let mut decoder = Decoder::new(file);
    // The decoder picks the size by the side that is first long enough.
    let side = |length: u32| {
        let scaled = (length * frame.block(reduction)).div_ceil(8);
        u16::try_from(scaled).unwrap_or(u16::MAX)
    };
    if frame.width >= frame.height {
        decoder.scale(side(frame.width), u16::MAX)?;
    } else {
        decoder.scale(u16::MAX, side(frame.height))?;
    }
    let pixels = decoder.decode()?;
    let info = decoder.info();
    let orientation = decoder
        .exif_data()
        .and_then(Orientation::from_exif_chunk)
        .unwrap_or(Orientation::NoTransforms);
    let mut profile = decoder.icc_profile();
    let image = info.and_then(|info| {
        let (width, height) = (info.width.into(), info.height.into());
        match info.pixel_format {
            PixelFormat::L8 => GrayImage::from_raw(width, height, pixels).map(DynamicImage::from),
            PixelFormat::RGB24 => RgbImage::from_raw(width, height, pixels).map(DynamicImage::from),
            PixelFormat::CMYK32 => {
                let pixels = color::from_print(&pixels, profile.take().as_deref());
                RgbImage::from_raw(width, height, pixels).map(DynamicImage::from)
            }
            PixelFormat::L16 => None,
        }
    });
    image
        .map(|image| Pixels {
            image,
            orientation,
            profile,
        })
        .ok_or_else(|| Error::Format("the number of pixels is wrong".to_owned()))
}

fn error(error: Error) -> ImageError {
    let format = ImageFormat::Jpeg.into();
    match error {
        Error::Io(error) => ImageError::IoError(error),
        Error::Unsupported(feature) => {
            let kind = UnsupportedErrorKind::GenericFeature(format!("{feature:?}"));
            ImageError::Unsupported(UnsupportedError::from_format_and_kind(format, kind))
        }
        error => ImageError::Decoding(DecodingError::new(format, error)),
    }
}
