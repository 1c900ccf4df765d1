//! Exif blocks ([CIPA DC-008](https://www.cipa.jp/std/documents/e/DC-X008-Translation-2019-E.pdf)) of one
//! entry.

use bytes::Bytes;
use image::metadata::Orientation;

/// The orientation of a block, if it can be read.
pub(super) fn orientation(block: Option<&Bytes>) -> Orientation {
    block
        .and_then(|block| Orientation::from_exif_chunk(block))
        .unwrap_or(Orientation::NoTransforms)
}

/// A block with this orientation; `None` for an upright image, which needs none.
pub(super) fn block(orientation: Orientation) -> Option<Bytes> {
    (orientation != Orientation::NoTransforms).then(|| {
        let mut block = EMPTY.to_vec();
        block[9] = 1;
        // Tag 0x0112 of type 3 (16 bits), one value.
        block.splice(
            10..10,
            [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation.to_exif(), 0, 0],
        );
        block.into()
    })
}

/// A block without entries: byte order, position of the directory, number of entries, no further
/// directory.
pub(super) const EMPTY: [u8; 14] = *b"MM\0*\0\0\0\x08\0\0\0\0\0\0";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_has_its_orientation() {
        for value in 2..=8 {
            let expected = Orientation::from_exif(value).unwrap();
            assert_eq!(orientation(block(expected).as_ref()), expected);
        }
        assert_eq!(block(Orientation::NoTransforms), None);
        assert_eq!(orientation(None), Orientation::NoTransforms);
        let broken = Bytes::from_static(b"MM\0*\xff\xff\xff\xff");
        assert_eq!(orientation(Some(&broken)), Orientation::NoTransforms);
    }
}
