//! The work on one file.

use bytes::Bytes;
use tintero_domain::{images::PreparedImage, values::Digest};

use crate::{
    defect::Defect,
    header::MediaHeader,
    look::look,
    reduce::swaps_sides,
    strip::{Stripped, strip},
};

/// Prepares a file for storage. Decodes its pixels if they fit in `memory` bytes.
pub(crate) fn prepare(
    header: MediaHeader,
    file: Bytes,
    memory: Option<u64>,
) -> Result<PreparedImage, Defect> {
    let MediaHeader {
        media_type, size, ..
    } = header;
    let Stripped {
        bytes,
        orientation,
        size: read_size,
    } = strip(media_type, file)?;
    let (width, height) = size.or(read_size).ok_or(Defect::NoSize)?;
    let (width, height) = if swaps_sides(orientation) {
        (height, width)
    } else {
        (width, height)
    };
    let look = match memory {
        Some(memory) => look(media_type, &bytes, ((width, height), orientation), memory)?,
        None => None,
    };
    Ok(PreparedImage {
        sha256: Digest::of(&bytes),
        bytes,
        media_type,
        width,
        height,
        look,
    })
}
