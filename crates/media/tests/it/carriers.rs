//! Puts secrets into every place of a file that carries metadata.

use image::ImageFormat;

use crate::encoded;

/// A text in all metadata of the tests.
pub(crate) const SECRET: &[u8] = b"41.40338N 2.17403E";

/// An Exif block with an orientation and a secret after its directory.
pub(crate) fn exif(orientation: u8) -> Vec<u8> {
    let mut block = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    block.push(orientation);
    block.extend([0; 6]);
    block.extend(SECRET);
    block
}

pub(crate) fn segment(marker: u8, contents: &[u8]) -> Vec<u8> {
    let length = u16::try_from(contents.len() + 2).unwrap();
    [&[0xFF, marker], &length.to_be_bytes()[..], contents].concat()
}

/// A JPEG with metadata before, between and after its parts.
pub(crate) fn jpeg(orientation: u8) -> Vec<u8> {
    let plain = encoded(ImageFormat::Jpeg);
    let scan = plain
        .windows(2)
        .position(|two| two == [0xFF, 0xDA])
        .unwrap();
    [
        &plain[..2],
        // A JFIF segment with a preview of 6 pixels.
        &segment(
            0xE0,
            &[b"JFIF\0\x01\x02\0\0\x01\0\x01\x06\x01", SECRET].concat(),
        ),
        &segment(0xE0, &[b"JFXX\0\x10", SECRET].concat()),
        &segment(0xE1, &[b"Exif\0\0".as_slice(), &exif(orientation)].concat()),
        &segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat()),
        &segment(
            0xE2,
            &[b"ICC_PROFILE\0\x01\x01".as_slice(), b"profile"].concat(),
        ),
        &segment(0xE2, &[b"MPF\0", SECRET].concat()),
        &segment(0xED, &[b"Photoshop 3.0\0", SECRET].concat()),
        &segment(0xEB, &[b"JP\0\0", SECRET].concat()),
        &segment(0xFE, SECRET),
        &plain[20..scan],
        &plain[scan..plain.len() - 2],
        &segment(0xFE, SECRET),
        b"\xFF\xD9",
        b"\xFF\xD8\xFF\xE1",
        SECRET,
    ]
    .concat()
}

pub(crate) fn chunk(kind: [u8; 4], contents: &[u8]) -> Vec<u8> {
    let chunk = img_parts::png::PngChunk::new(kind, contents.to_vec().into());
    chunk.encoder().bytes().to_vec()
}

/// A PNG with metadata in chunks and after its end.
pub(crate) fn png(orientation: u8) -> Vec<u8> {
    let plain = encoded(ImageFormat::Png);
    // The signature and IHDR.
    let (head, rest) = plain.split_at(33);
    [
        head,
        &chunk(*b"gAMA", &45455_u32.to_be_bytes()),
        &chunk(*b"eXIf", &exif(orientation)),
        &chunk(*b"tEXt", &[b"Comment\0", SECRET].concat()),
        &chunk(*b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", SECRET].concat()),
        &chunk(*b"caBX", SECRET),
        rest,
        SECRET,
    ]
    .concat()
}

pub(crate) fn riff(id: [u8; 4], contents: &[u8]) -> Vec<u8> {
    let length = u32::try_from(contents.len()).unwrap();
    let padding = &[0][..contents.len() % 2];
    [&id, &length.to_le_bytes()[..], contents, padding].concat()
}

/// A WebP with metadata in chunks and after its end.
pub(crate) fn webp(orientation: u8) -> Vec<u8> {
    let plain = encoded(ImageFormat::WebP);
    // Flags for a profile, Exif and XMP; 60 × 40 pixels.
    let header = [0x2C, 0, 0, 0, 59, 0, 0, 39, 0, 0];
    let contents = [
        b"WEBP".as_slice(),
        &riff(*b"VP8X", &header),
        &riff(*b"ICCP", b"profile"),
        &plain[12..],
        &riff(*b"EXIF", &exif(orientation)),
        &riff(*b"XMP ", SECRET),
        &riff(*b"note", SECRET),
    ]
    .concat();
    [riff(*b"RIFF", &contents), SECRET.to_vec()].concat()
}

/// A GIF with comments and XMP.
pub(crate) fn gif() -> Vec<u8> {
    let plain = encoded(ImageFormat::Gif);
    let colors = if plain[10] & 0x80 == 0 {
        0
    } else {
        6 << (plain[10] & 7)
    };
    let (head, rest) = plain.split_at(13 + colors);
    let length = u8::try_from(SECRET.len()).unwrap();
    let text = [&[length], SECRET, &[0]].concat();
    [
        head,
        b"\x21\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0",
        b"\x21\xFE",
        &text,
        b"\x21\xFF\x0BXMP DataXMP",
        &text,
        &rest[..rest.len() - 1],
        b"\x3B",
        SECRET,
    ]
    .concat()
}

pub(crate) fn part(kind: [u8; 4], contents: &[u8]) -> Vec<u8> {
    let length = u32::try_from(contents.len() + 8).unwrap();
    [&length.to_be_bytes(), kind.as_slice(), contents].concat()
}

/// An AVIF whose last box contains pixels.
pub(crate) fn plain_avif() -> Vec<u8> {
    let mut file = avif();
    file.truncate(file.len() - SECRET.len() - 8);
    file
}

/// An AVIF of 60 × 40 pixels with Exif and XMP items. It has no pixels, which are not decoded.
pub(crate) fn avif() -> Vec<u8> {
    let exif = [&[0; 4], exif(6).as_slice()].concat();
    let xmp = [b"<x:xmpmeta>", SECRET].concat();
    let entry = |id: u8, kind: [u8; 4]| {
        part(
            *b"infe",
            &[&[2, 0, 0, 0, 0, id, 0, 0], kind.as_slice(), b"\0"].concat(),
        )
    };
    let entries = [entry(1, *b"av01"), entry(2, *b"Exif"), entry(3, *b"mime")].concat();
    let names = part(
        *b"iinf",
        &[&[0, 0, 0, 0, 0, 3], entries.as_slice()].concat(),
    );
    let size = [[0; 4], 60_u32.to_be_bytes(), 40_u32.to_be_bytes()].concat();
    let properties = part(*b"iprp", &part(*b"ipco", &part(*b"ispe", &size)));
    let start = part(*b"ftyp", b"avif\0\0\0\0avifmif1miaf");
    let meta = |first: usize| {
        let item = |id: u8, at: usize, length: usize| {
            let at = u32::try_from(at).unwrap().to_be_bytes();
            let length = u32::try_from(length).unwrap().to_be_bytes();
            [&[0, id, 0, 0, 0, 1], at.as_slice(), &length].concat()
        };
        let places = [
            item(1, first, 6),
            item(2, first + 6, exif.len()),
            item(3, first + 6 + exif.len(), xmp.len()),
        ]
        .concat();
        let places = part(
            *b"iloc",
            &[&[0, 0, 0, 0, 0x44, 0, 0, 3], places.as_slice()].concat(),
        );
        part(
            *b"meta",
            &[&[0; 4], names.as_slice(), &places, &properties].concat(),
        )
    };
    let first = start.len() + meta(0).len() + 8;
    let data = part(*b"mdat", &[b"pixels", exif.as_slice(), &xmp].concat());
    [start, meta(first), data, part(*b"uuid", SECRET)].concat()
}
