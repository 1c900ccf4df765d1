//! Removes everything but pixels, colours and animation from files, without decoding them: position,
//! camera, author, comments, previews, and data after the end.
//!
//! Metadata is removed unread, so unreadable metadata is removed too. Only the orientation is read,
//! and kept in an Exif block of one entry.

mod avif;
mod boxes;
mod exif;
mod gif;
mod jpeg;
mod png;
mod svg;
mod webp;

use bytes::Bytes;
use image::metadata::Orientation;
use tintero_domain::images::MediaType;

use crate::defect::Defect;

/// A file without private metadata.
#[derive(Debug)]
pub(crate) struct Stripped {
    pub(crate) bytes: Bytes,
    pub(crate) orientation: Orientation,
    /// Width and height of types whose header does not have them.
    pub(crate) size: Option<(u32, u32)>,
}

impl Stripped {
    fn upright(bytes: Bytes) -> Self {
        Self {
            bytes,
            orientation: Orientation::NoTransforms,
            size: None,
        }
    }
}

/// Removes the private metadata of a file. Fails if the file is incomplete.
pub(crate) fn strip(media_type: MediaType, file: Bytes) -> Result<Stripped, Defect> {
    match media_type {
        MediaType::Jpeg => jpeg::strip(&file),
        MediaType::Png => png::strip(file),
        MediaType::Webp => webp::strip(file),
        MediaType::Gif => gif::strip(&file).map(Stripped::upright),
        MediaType::Avif => avif::strip(&file).map(Stripped::upright),
        MediaType::Svg => svg::strip(&file),
    }
}
