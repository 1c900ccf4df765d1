//! JPEG ([ITU-T T.81](https://www.w3.org/Graphics/JPEG/itu-t81.pdf)).

use bytes::{BufMut as _, Bytes};
use img_parts::{
    ImageEXIF as _,
    jpeg::{Jpeg, JpegSegment, markers},
};

use super::{Stripped, exif};
use crate::defect::Defect;

/// Length of the fields of a JFIF segment before its preview.
const JFIF: usize = 14;

pub(super) fn strip(file: &Bytes) -> Result<Stripped, Defect> {
    let mut jpeg = Jpeg::from_bytes(file.clone())?;
    let orientation = exif::orientation(jpeg.exif().as_ref());
    let Some(scan) = jpeg.segments_mut().pop().filter(JpegSegment::has_entropy) else {
        return Err(Defect::Malformed("it has no image data"));
    };
    let segments = jpeg.segments_mut();
    segments.retain_mut(keep);
    let scans = scan.len_with_entropy() - scan.len();
    let scans = scans_of(&file.slice(file.len() - scans..))?;
    let contents = scan.contents().clone();
    segments.push(JpegSegment::new_with_entropy(
        scan.marker(),
        contents,
        scans,
    ));
    jpeg.set_exif(exif::block(orientation));
    Ok(Stripped {
        orientation,
        ..Stripped::upright(jpeg.encoder().bytes())
    })
}

/// Whether the image needs a segment. Removes the preview of a JFIF segment, which may show what was
/// cut off the image.
fn keep(segment: &mut JpegSegment) -> bool {
    let contents = segment.contents();
    match segment.marker() {
        markers::APP0 => {
            let is_jfif = contents.starts_with(b"JFIF\0") && contents.len() >= JFIF;
            if is_jfif && contents.len() > JFIF {
                let mut fields = contents[..JFIF - 2].to_vec();
                fields.extend([0, 0]);
                *segment = JpegSegment::new_with_contents(markers::APP0, fields.into());
            }
            is_jfif
        }
        markers::APP2 => contents.starts_with(b"ICC_PROFILE\0"),
        markers::APP14 => contents.starts_with(b"Adobe"),
        markers::APP1..=markers::APP15 | markers::COM => false,
        _ => true,
    }
}

/// The scans up to the end of the image, without the metadata between them.
fn scans_of(mut rest: &[u8]) -> Result<Bytes, Defect> {
    let mut scans = Vec::with_capacity(rest.len());
    loop {
        let end = rest.iter().position(|byte| *byte == 0xFF);
        let (data, tail) = rest.split_at(end.ok_or(Defect::Truncated)?);
        scans.put_slice(data);
        rest = match *tail {
            [0xFF, markers::EOI, ..] => {
                scans.put_slice(&[0xFF, markers::EOI]);
                return Ok(scans.into());
            }
            [0xFF, 0xFF, ..] => &tail[1..],
            [0xFF, markers::Z | markers::RST0..=markers::RST7, ..] => {
                scans.put_slice(&tail[..2]);
                &tail[2..]
            }
            [0xFF, kind, high, low, ..] => {
                let length = 2 + usize::from(u16::from_be_bytes([high, low]));
                let (segment, rest) = tail.split_at_checked(length).ok_or(Defect::Truncated)?;
                if !matches!(kind, markers::APP0..=markers::APP15 | markers::COM) {
                    scans.put_slice(segment);
                }
                rest
            }
            _ => return Err(Defect::Truncated),
        };
    }
}
