//! Files that people with bad intentions or broken programs upload.

use image::{DynamicImage, ImageFormat, codecs::png};

use crate::{
    carriers::{self, SECRET, chunk, exif, riff, segment},
    encoded,
};

/// A name and the bytes of a file.
pub(crate) type Named = (&'static str, Vec<u8>);

/// A script as it is spelled in most of the files.
pub(crate) const SCRIPT: &[u8] = b"<script>alert(1)</script>";

/// Inserts bytes at an offset.
fn with(format: ImageFormat, at: usize, inserted: &[u8]) -> Vec<u8> {
    let plain = encoded(format);
    [&plain[..at], inserted, &plain[at..]].concat()
}

fn jpeg(marker: u8, contents: &[&[u8]]) -> Vec<u8> {
    with(ImageFormat::Jpeg, 2, &segment(marker, &contents.concat()))
}

fn png(kind: [u8; 4], contents: &[&[u8]]) -> Vec<u8> {
    with(ImageFormat::Png, 33, &chunk(kind, &contents.concat()))
}

fn webp(id: [u8; 4], contents: &[u8]) -> Vec<u8> {
    let plain = encoded(ImageFormat::WebP);
    let header = riff(*b"VP8X", &[0x0C, 0, 0, 0, 59, 0, 0, 39, 0, 0]);
    let contents = [b"WEBP", &header[..], &plain[12..], &riff(id, contents)].concat();
    riff(*b"RIFF", &contents)
}

fn gif(extension: &[u8]) -> Vec<u8> {
    let plain = encoded(ImageFormat::Gif);
    let end = plain.len() - 1;
    let length = u8::try_from(SECRET.len()).unwrap();
    with(
        ImageFormat::Gif,
        end,
        &[extension, &[length], SECRET, &[0]].concat(),
    )
}

/// The position of the photographer in every carrier.
pub(crate) fn positions() -> Vec<Named> {
    let exif = exif(1);
    let svg = |secret: String| format!("<svg xmlns='http://www.w3.org/2000/svg'>{secret}</svg>");
    let secret = String::from_utf8(SECRET.to_vec()).unwrap();
    vec![
        ("JPEG, Exif", jpeg(0xE1, &[b"Exif\0\0", &exif])),
        (
            "JPEG, XMP",
            jpeg(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0", SECRET]),
        ),
        (
            "JPEG, IPTC",
            jpeg(
                0xED,
                &[b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x12", SECRET],
            ),
        ),
        ("JPEG, comment", jpeg(0xFE, &[SECRET])),
        ("JPEG, preview", jpeg(0xE0, &[b"JFXX\0\x10", SECRET])),
        ("JPEG, second picture", jpeg(0xE2, &[b"MPF\0", SECRET])),
        (
            "JPEG, content credentials",
            jpeg(0xEB, &[b"JP\0\0", SECRET]),
        ),
        ("PNG, `eXIf`", png(*b"eXIf", &[&exif])),
        (
            "PNG, `iTXt`",
            png(*b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", SECRET]),
        ),
        (
            "PNG, `tEXt`",
            png(*b"tEXt", &[b"Raw profile type exif\0", SECRET]),
        ),
        ("PNG, private chunk", png(*b"gpSx", &[SECRET])),
        ("WebP, `EXIF`", webp(*b"EXIF", &exif)),
        ("WebP, `XMP `", webp(*b"XMP ", SECRET)),
        ("WebP, unknown chunk", webp(*b"gps ", SECRET)),
        ("GIF, comment", gif(b"\x21\xFE")),
        ("GIF, XMP", gif(b"\x21\xFF\x0BXMP DataXMP")),
        ("AVIF, items of Exif and XMP", carriers::avif()),
        (
            "SVG, metadata",
            svg(format!("<metadata>{secret}</metadata>")).into(),
        ),
        ("SVG, comment", svg(format!("<!-- {secret} -->")).into()),
    ]
}

/// Files of two types.
pub(crate) fn polyglots() -> Vec<Named> {
    let after = |format, tail: &[u8]| [encoded(format), tail.to_vec()].concat();
    let zip = b"PK\x03\x04\x14\0\0\0\0\0alert(1)";
    vec![
        ("JPEG and ZIP", after(ImageFormat::Jpeg, zip)),
        ("PNG and HTML", after(ImageFormat::Png, SCRIPT)),
        ("GIF and HTML", after(ImageFormat::Gif, SCRIPT)),
        ("WebP and HTML", after(ImageFormat::WebP, SCRIPT)),
        ("JPEG and PHP", jpeg(0xFE, &[b"<?php alert(1); ?>"])),
        (
            "GIF and JavaScript",
            b"GIF89a/*\0\0\0*/=1;alert(1)".to_vec(),
        ),
        (
            "HTML and JPEG",
            [SCRIPT, &encoded(ImageFormat::Jpeg)].concat(),
        ),
        (
            "PDF and JPEG",
            [b"%PDF-1.7\n", &encoded(ImageFormat::Jpeg)[..]].concat(),
        ),
        (
            "SVG and HTML",
            b"<!DOCTYPE html><svg/><script>alert(1)</script>".to_vec(),
        ),
    ]
}

/// Small files that need much memory or time, and impossible sizes.
pub(crate) fn bombs() -> Vec<Named> {
    let sized = |format, at: usize, size: &[u8]| {
        let mut file = encoded(format);
        file[at..at + size.len()].copy_from_slice(size);
        file
    };
    let frame = |size: &[u8]| {
        let plain = encoded(ImageFormat::Jpeg);
        let start = plain.windows(2).position(|two| two == [0xFF, 0xC0]);
        sized(ImageFormat::Jpeg, start.unwrap() + 5, size)
    };
    let mut flat = std::io::Cursor::new(Vec::new());
    let encoder = png::PngEncoder::new(&mut flat);
    let picture = DynamicImage::new_luma8(7000, 7000);
    picture.write_with_encoder(encoder).unwrap();
    let laughs = "<!DOCTYPE svg [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>\
        <!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><svg xmlns='http://www.w3.org/2000/svg'><text>&c;</text></svg>";
    let nested = format!(
        "<svg xmlns='http://www.w3.org/2000/svg'>{}",
        "<g>".repeat(50_000)
    );
    let huge = [65_535_u32.to_be_bytes(), 65_535_u32.to_be_bytes()].concat();
    vec![
        ("PNG of 65535 × 65535", sized(ImageFormat::Png, 16, &huge)),
        ("PNG of 0 × 40", sized(ImageFormat::Png, 16, &[0; 4])),
        (
            "PNG of 60 × 2³¹",
            sized(ImageFormat::Png, 20, &[0x80, 0, 0, 0]),
        ),
        (
            "GIF of 65535 × 65535",
            sized(ImageFormat::Gif, 6, &[0xFF; 4]),
        ),
        ("JPEG of 65535 × 65535", frame(&[0xFF; 4])),
        (
            "JPEG of 60 × 65535, with data for 40 rows",
            frame(&[0xFF, 0xFF]),
        ),
        ("PNG of 7000 × 7000 in 48 kB", flat.into_inner()),
        ("JPEG with 5,000 scans", scans(5000)),
        ("SVG, nested entities", laughs.into()),
        ("SVG, 50,000 levels", nested.into_bytes()),
        (
            "SVG, compressed",
            b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xb3\x29\x2e\x4b\xb7".to_vec(),
        ),
    ]
}

/// A JPEG whose last scan is repeated.
fn scans(count: usize) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut file, 80);
    encoder.set_progressive(true);
    let gray = vec![128; 60 * 40];
    encoder
        .encode(&gray, 60, 40, jpeg_encoder::ColorType::Luma)
        .unwrap();
    let start = file
        .windows(2)
        .rposition(|two| two == [0xFF, 0xDA])
        .unwrap();
    let scan = file[start..file.len() - 2].to_vec();
    file.truncate(file.len() - 2);
    file.extend(scan.repeat(count));
    file.extend(b"\xFF\xD9");
    file
}

/// Files that end too early, and files that are no images.
pub(crate) fn broken() -> Vec<Named> {
    let cut = |file: Vec<u8>, part: usize| file[..file.len() * part / 100].to_vec();
    let one_short = |file: Vec<u8>| file[..file.len() - 2].to_vec();
    vec![
        ("empty", Vec::new()),
        ("1,000 zero bytes", vec![0; 1000]),
        ("JPEG, 5 %", cut(encoded(ImageFormat::Jpeg), 5)),
        ("JPEG, 60 %", cut(encoded(ImageFormat::Jpeg), 60)),
        (
            "JPEG, without its end marker",
            one_short(encoded(ImageFormat::Jpeg)),
        ),
        ("PNG, 50 %", cut(encoded(ImageFormat::Png), 50)),
        (
            "PNG, without its last two bytes",
            one_short(encoded(ImageFormat::Png)),
        ),
        ("GIF, 50 %", cut(encoded(ImageFormat::Gif), 50)),
        ("WebP, 50 %", cut(encoded(ImageFormat::WebP), 50)),
        ("AVIF, 50 %", cut(carriers::plain_avif(), 50)),
        (
            "SVG, 50 %",
            b"<svg xmlns='http://www.w3.org/2000/svg'><rect".to_vec(),
        ),
        (
            "a program named `photo.jpg`",
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec(),
        ),
        (
            "HTML named `photo.png`",
            b"<html><body>alert(1)</body></html>".to_vec(),
        ),
        (
            "HEIC named `photo.avif`",
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(),
        ),
        ("PNG named `photo.jpg`", encoded(ImageFormat::Png)),
        ("PNG with a wrong checksum", {
            let mut file = encoded(ImageFormat::Png);
            file[30] ^= 1;
            file
        }),
    ]
}

/// Spellings of scripts in SVG, and of addresses that are loaded.
pub(crate) const SCRIPTS: [(&str, &str); 18] = [
    ("script", "<script>alert(1)</script>"),
    ("script in CDATA", "<script><![CDATA[alert(1)]]></script>"),
    ("script in capitals", "<SCRIPT>alert(1)</SCRIPT>"),
    (
        "script with a prefix",
        "<x:script xmlns:x='http://www.w3.org/2000/svg'>alert(1)</x:script>",
    ),
    (
        "script of XHTML",
        "<h:script xmlns:h='http://www.w3.org/1999/xhtml'>alert(1)</h:script>",
    ),
    (
        "script by address",
        "<script href='https://example.org/alert(1).js'/>",
    ),
    ("event attribute", "<rect onclick='alert(1)'/>"),
    ("event attribute in capitals", "<rect ONLOAD='alert(1)'/>"),
    (
        "link with `javascript:`",
        "<a href='javascript:alert(1)'><rect/></a>",
    ),
    (
        "the same with a tab",
        "<a href='java&#9;script:alert(1)'><rect/></a>",
    ),
    (
        "the same in character references",
        "<a href='&#106;avascript:alert(1)'><rect/></a>",
    ),
    (
        "link with `data:`",
        "<a href='data:text/html,&lt;script>alert(1)&lt;/script>'><rect/></a>",
    ),
    (
        "HTML inside",
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml' onload='alert(1)'/></foreignObject>",
    ),
    (
        "animated address",
        "<a><set attributeName='href' to='javascript:alert(1)'/><rect/></a>",
    ),
    (
        "event that is animated",
        "<set attributeName='onmouseover' to='alert(1)'/>",
    ),
    (
        "style that loads",
        "<style>@import 'https://example.org/alert(1).css';</style>",
    ),
    (
        "foreign picture",
        "<image href='https://example.org/alert(1).png'/>",
    ),
    (
        "SVG in `data:`",
        "<image href='data:image/svg+xml,&lt;svg onload=\"alert(1)\"/>'/>",
    ),
];
