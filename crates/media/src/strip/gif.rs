//! GIF ([GIF89a](https://www.w3.org/Graphics/GIF/spec-gif89a.txt)).

use bytes::Bytes;

use crate::defect::Defect;

/// Application extensions that repeat an animation or hold a colour profile.
const KEPT: [&[u8]; 3] = [b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"];

const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2C;
const TRAILER: u8 = 0x3B;
const COMMENT: u8 = 0xFE;
const APPLICATION: u8 = 0xFF;

/// Reads blocks and copies those that the image needs.
struct Blocks<'a> {
    rest: &'a [u8],
    kept: Vec<u8>,
}

pub(super) fn strip(file: &[u8]) -> Result<Bytes, Defect> {
    let kept = Vec::with_capacity(file.len());
    let mut blocks = Blocks { rest: file, kept };
    let head = blocks.copy(13)?;
    blocks.copy(table(head[10]))?;
    let mut has_image = false;
    loop {
        match blocks.rest {
            // Some writers omit the trailer.
            [] | [TRAILER, ..] if has_image => break,
            [IMAGE, ..] => {
                let descriptor = blocks.copy(10)?;
                // The table of colours, and the code size of the pixels.
                blocks.copy(table(descriptor[9]) + 1)?;
                blocks.sub_blocks(true)?;
                has_image = true;
            }
            [EXTENSION, kind, length, name @ ..] => {
                let name = name.get(..usize::from(*length)).ok_or(Defect::Truncated)?;
                let is_kept = match *kind {
                    COMMENT => false,
                    APPLICATION => KEPT.contains(&name),
                    _ => true,
                };
                if is_kept {
                    blocks.copy(2)?;
                } else {
                    blocks.rest = &blocks.rest[2..];
                }
                blocks.sub_blocks(is_kept)?;
            }
            [] | [EXTENSION, ..] => return Err(Defect::Truncated),
            _ => return Err(Defect::Malformed("it has an unknown block")),
        }
    }
    blocks.kept.push(TRAILER);
    Ok(blocks.kept.into())
}

/// The length of the table of colours that these flags announce.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 {
        0
    } else {
        6 << (flags & 7)
    }
}

impl<'a> Blocks<'a> {
    fn copy(&mut self, length: usize) -> Result<&'a [u8], Defect> {
        let (block, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(Defect::Truncated)?;
        self.rest = rest;
        self.kept.extend_from_slice(block);
        Ok(block)
    }

    fn sub_blocks(&mut self, is_kept: bool) -> Result<(), Defect> {
        loop {
            let length = *self.rest.first().ok_or(Defect::Truncated)?;
            let whole = 1 + usize::from(length);
            if is_kept {
                self.copy(whole)?;
            } else {
                self.rest = self.rest.get(whole..).ok_or(Defect::Truncated)?;
            }
            if length == 0 {
                return Ok(());
            }
        }
    }
}
