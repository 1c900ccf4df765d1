//! PNG ([W3C](https://www.w3.org/TR/png-3/)).

use bytes::Bytes;
use img_parts::{
    ImageEXIF as _,
    png::{Png, PngChunk},
};

use super::{Stripped, exif};
use crate::defect::Defect;

/// The chunks that determine the pixels, their colours, their density and the animation.
const KEPT: [&[u8; 4]; 18] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
    b"cICP", b"mDCV", b"cLLI", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

pub(super) fn strip(file: Bytes) -> Result<Stripped, Defect> {
    let mut png = Png::from_bytes(file)?;
    if png.chunks().last().map(PngChunk::kind) != Some(*b"IEND") {
        return Err(Defect::Truncated);
    }
    let orientation = exif::orientation(png.exif().as_ref());
    png.chunks_mut()
        .retain(|chunk| KEPT.contains(&&chunk.kind()));
    png.set_exif(exif::block(orientation));
    Ok(Stripped {
        orientation,
        ..Stripped::upright(png.encoder().bytes())
    })
}
