//! WebP ([RFC 9649](https://www.rfc-editor.org/rfc/rfc9649)).

use bytes::Bytes;
use img_parts::{
    ImageEXIF as _,
    riff::{RiffChunk, RiffContent},
    webp::{
        CHUNK_ALPH, CHUNK_ANIM, CHUNK_ANMF, CHUNK_EXIF, CHUNK_ICCP, CHUNK_VP8, CHUNK_VP8L,
        CHUNK_VP8X, WebP,
    },
};

use super::{Stripped, exif};
use crate::defect::Defect;

const KEPT: [[u8; 4]; 7] = [
    CHUNK_ALPH, CHUNK_ANIM, CHUNK_ANMF, CHUNK_ICCP, CHUNK_VP8, CHUNK_VP8L, CHUNK_VP8X,
];

/// Flag of a chunk with Exif metadata.
const HAS_EXIF: u8 = 0x08;

/// Flag of a chunk with XMP metadata.
const HAS_XMP: u8 = 0x04;

pub(super) fn strip(file: Bytes) -> Result<Stripped, Defect> {
    let mut webp = WebP::from_bytes(file)?;
    let orientation = exif::orientation(webp.exif().as_ref());
    let chunks = webp.chunks_mut();
    chunks.retain(|chunk| KEPT.contains(&chunk.id()));
    // Simple files have no header with flags, and no metadata.
    if let Some(header) = chunks.iter_mut().find(|chunk| chunk.id() == CHUNK_VP8X)
        && let RiffContent::Data(header) = header.content_mut()
        && !header.is_empty()
    {
        let mut fields = header.to_vec();
        fields[0] &= !(HAS_EXIF | HAS_XMP);
        let block = exif::block(orientation);
        if block.is_some() {
            fields[0] |= HAS_EXIF;
        }
        *header = fields.into();
        chunks.extend(block.map(|block| RiffChunk::new(CHUNK_EXIF, RiffContent::Data(block))));
    }
    Ok(Stripped {
        orientation,
        ..Stripped::upright(webp.encoder().bytes())
    })
}
