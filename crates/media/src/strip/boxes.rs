//! Boxes of the ISO base media file format ([ISO/IEC 14496-12](https://www.iso.org/standard/83102.html)).

use std::ops::Range;

use crate::defect::Defect;

/// A box: its type, and the place of its contents in the file.
#[derive(Debug, Clone)]
pub(super) struct MediaBox {
    pub(super) kind: [u8; 4],
    /// The place of the type.
    pub(super) kind_at: usize,
    pub(super) contents: Range<usize>,
}

/// The boxes in a part of a file, which must contain nothing else.
pub(super) fn boxes(file: &[u8], part: Range<usize>) -> Result<Vec<MediaBox>, Defect> {
    let (mut at, mut found) = (part.start, Vec::new());
    while at < part.end {
        let mut fields = Fields::of(file, at..part.end);
        let short = fields.number(4)?;
        let kind = fields.kind()?;
        let length = match short {
            0 => part.end - at,
            1 => fields.number(8)?,
            short => short,
        };
        let end = at.checked_add(length).filter(|end| *end <= part.end);
        let end = end.ok_or(Defect::Truncated)?;
        if fields.at > end {
            return Err(Defect::Malformed("a box is too short"));
        }
        found.push(MediaBox {
            kind,
            kind_at: at + 4,
            contents: fields.at..end,
        });
        at = end;
    }
    Ok(found)
}

/// Reads the fields of a box.
pub(super) struct Fields<'a> {
    file: &'a [u8],
    pub(super) at: usize,
    end: usize,
}

impl<'a> Fields<'a> {
    pub(super) fn of(file: &'a [u8], part: Range<usize>) -> Self {
        Self {
            file,
            at: part.start,
            end: part.end,
        }
    }

    /// Reads a big-endian number of up to eight bytes; no bytes are 0.
    pub(super) fn number(&mut self, length: usize) -> Result<usize, Defect> {
        let bytes = self.bytes(length)?;
        let number = bytes
            .iter()
            .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        usize::try_from(number).map_err(|_| Defect::Malformed("a length is too large"))
    }

    pub(super) fn kind(&mut self) -> Result<[u8; 4], Defect> {
        let bytes = self.bytes(4)?;
        Ok([bytes[0], bytes[1], bytes[2], bytes[3]])
    }

    fn bytes(&mut self, length: usize) -> Result<&'a [u8], Defect> {
        let end = self.at.checked_add(length).filter(|end| *end <= self.end);
        let bytes = end.and_then(|end| self.file.get(self.at..end));
        self.at += length;
        bytes.ok_or(Defect::Malformed("a box ends early"))
    }
}
