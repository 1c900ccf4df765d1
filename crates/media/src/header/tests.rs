use proptest::prelude::*;

use super::*;

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend(b"\x08\x06\0\0\0");
    bytes
}

fn jpeg(width: u16, height: u16, notes: usize) -> Vec<u8> {
    let mut bytes = b"\xff\xd8".to_vec();
    for _ in 0..notes {
        bytes.extend(b"\xff\xe1\xff\xff");
        bytes.resize(bytes.len() + 0xfffd, 0);
    }
    bytes.extend(b"\xff\xc0\0\x11\x08");
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes.extend(b"\x03\x01\x11\0\x02\x11\0\x03\x11\0");
    bytes
}

fn gif(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = b"GIF89a".to_vec();
    bytes.extend(width.to_le_bytes());
    bytes.extend(height.to_le_bytes());
    bytes.extend([0; 3]);
    bytes
}

fn webp(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
    bytes.extend(&(width - 1).to_le_bytes()[..3]);
    bytes.extend(&(height - 1).to_le_bytes()[..3]);
    bytes
}

fn part(name: &str, content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len() + 8).unwrap();
    [&size.to_be_bytes(), name.as_bytes(), content].concat()
}

fn avif(width: u32, height: u32) -> Vec<u8> {
    let size = [[0; 4], width.to_be_bytes(), height.to_be_bytes()].concat();
    let properties = part("iprp", &part("ipco", &part("ispe", &size)));
    let meta = part("meta", &[&[0; 4], properties.as_slice()].concat());
    [part("ftyp", b"avif\0\0\0\0avifmif1miaf"), meta].concat()
}

fn read(head: &[u8]) -> Result<MediaHeader, Defect> {
    MediaHeader::of(head, MAX_PIXELS)
}

fn refusal(head: &[u8]) -> Defect {
    read(head).expect_err("the header is invalid")
}

#[test]
fn type_and_size_are_read_from_the_bytes() {
    for (bytes, media_type) in [
        (png(640, 480), MediaType::Png),
        (jpeg(640, 480, 0), MediaType::Jpeg),
        (jpeg(640, 480, 5), MediaType::Jpeg),
        (gif(640, 480), MediaType::Gif),
        (webp(640, 480), MediaType::Webp),
        (avif(640, 480), MediaType::Avif),
    ] {
        let header = read(&bytes).unwrap();
        assert_eq!(
            (header.media_type, header.size),
            (media_type, Some((640, 480)))
        );
    }
}

#[test]
fn files_that_are_not_images_are_rejected() {
    assert_eq!(refusal(b""), Defect::Empty);
    let heic = part("ftyp", b"heic\0\0\0\0mif1heic");
    let no_images: [&[u8]; 7] = [
        b"\0",
        b"GIF",
        b"%PDF-1.7\n%binary",
        b"MZ\x90\0\x03\0\0\0",
        b"BM6\0\0\0\0\0\0\0",
        &heic,
        b"plain text, long enough to be anything",
    ];
    for bytes in no_images {
        assert_eq!(refusal(bytes), Defect::UnknownType, "{bytes:?}");
    }
}

#[test]
fn svg_is_recognised_and_other_markup_rejected() {
    for text in [
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "\u{feff}\r\n <?xml version='1.0'?><s:svg/>",
    ] {
        assert_eq!(read(text.as_bytes()).unwrap().media_type, MediaType::Svg);
    }
    for text in ["<!DOCTYPE html><html></html>", "<script>alert(1)</script>"] {
        assert_eq!(refusal(text.as_bytes()), Defect::Markup);
    }
}

#[test]
fn only_baseline_images_need_little_memory() {
    let mut progressive = jpeg(640, 480, 1);
    let frame = progressive.len() - 19 + 1;
    assert_eq!(read(&progressive).unwrap().pixel_memory, Some(5));
    progressive[frame] = 0xC2;
    assert_eq!(read(&progressive).unwrap().pixel_memory, Some(12));
    assert_eq!(read(&avif(640, 480)).unwrap().pixel_memory, None);
}

#[test]
fn a_jpeg_needs_less_memory_the_more_it_is_reduced() {
    let mut file = jpeg(8000, 6000, 0);
    let memory = |file: &[u8], to| {
        let header = read(file).unwrap();
        header.memory(Reduction { to, from: 8000 }).unwrap() / 1_000_000
    };
    let needed = [100, 1000, 1001, 2001, 4001].map(|to| memory(&file, to));
    assert_eq!(needed, [4, 4, 18, 72, 240]);
    // The coefficients of all pixels, and a copy of those of a component.
    let marker = file.len() - 18;
    file[marker] = 0xC2;
    assert_eq!(memory(&file, 100), 4 + 3 * 96 + 96);
    assert_eq!(memory(&file, 4001), 576);
}

#[test]
fn impossible_sizes_are_rejected() {
    assert_eq!(refusal(&png(0, 480)), Defect::NoSize);
    assert_eq!(refusal(&png(640, 480)[..20]), Defect::NoSize);
    let is_too_large = |head: &[u8]| matches!(refusal(head), Defect::TooManyPixels { .. });
    assert!(is_too_large(&png(u32::MAX, u32::MAX)));
    assert!(read(&png(10_000, 5_000)).is_ok());
    assert!(is_too_large(&png(10_000, 5_001)));
}

proptest! {
    #[test]
    fn no_bytes_break_the_reader(
        start in prop::sample::select(vec![png(1, 1), jpeg(1, 1, 0), gif(1, 1), webp(1, 1), avif(1, 1)]),
        cut in any::<prop::sample::Index>(),
        rest in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut bytes = start[..cut.index(start.len())].to_vec();
        bytes.extend(rest);
        let _ = read(&bytes);
    }
}
