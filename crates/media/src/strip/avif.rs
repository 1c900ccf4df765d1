//! AVIF ([AOM](https://aomediacodec.github.io/av1-avif/)): overwrites metadata in place, so that all offsets
//! stay valid. The orientation is not part of the metadata.

use std::{collections::BTreeSet, ops::Range};

use bytes::Bytes;

use super::{
    boxes::{Fields, MediaBox, boxes},
    exif,
};
use crate::defect::Defect;

pub(super) fn strip(file: &[u8]) -> Result<Bytes, Defect> {
    let mut edited = file.to_vec();
    for found in boxes(file, 0..file.len())? {
        match &found.kind {
            b"ftyp" | b"mdat" | b"free" | b"skip" => {}
            b"meta" => blank_items(file, &found, &mut edited)?,
            b"moov" => blank_notes(file, &found, &mut edited)?,
            _ => blank(&found, &mut edited),
        }
    }
    Ok(edited.into())
}

/// Turns a box into free space.
fn blank(unwanted: &MediaBox, edited: &mut [u8]) {
    edited[unwanted.kind_at..unwanted.kind_at + 4].copy_from_slice(b"free");
    edited[unwanted.contents.clone()].fill(0);
}

/// Removes the notes of an animation and of its tracks.
fn blank_notes(file: &[u8], parent: &MediaBox, edited: &mut [u8]) -> Result<(), Defect> {
    for found in boxes(file, parent.contents.clone())? {
        match &found.kind {
            b"trak" => blank_notes(file, &found, edited)?,
            b"udta" | b"meta" | b"uuid" => blank(&found, edited),
            _ => {}
        }
    }
    Ok(())
}

/// Overwrites the items of a `meta` box that are not images.
fn blank_items(file: &[u8], meta: &MediaBox, edited: &mut [u8]) -> Result<(), Defect> {
    // Version and flags precede the boxes.
    let contents = meta.contents.start + 4..meta.contents.end;
    let parts = boxes(file, contents)?;
    let part = |kind: &[u8; 4]| parts.iter().find(|part| part.kind == *kind);
    for unwanted in parts.iter().filter(|part| part.kind == *b"uuid") {
        blank(unwanted, edited);
    }
    let Some(names) = part(b"iinf") else {
        return Ok(());
    };
    let private = private_items(file, names)?;
    let Some(places) = part(b"iloc") else {
        return Ok(());
    };
    let data = part(b"idat").map(|data| data.contents.clone());
    for (id, place) in locations(file, places, data.as_ref())? {
        if private.contains(&id) {
            overwrite(edited, place)?;
        }
    }
    Ok(())
}

/// The ids of items with metadata: Exif, XMP and links.
fn private_items(file: &[u8], names: &MediaBox) -> Result<BTreeSet<usize>, Defect> {
    let mut fields = Fields::of(file, names.contents.clone());
    let version = fields.number(4)? >> 24;
    fields.number(if version == 0 { 2 } else { 4 })?;
    let mut private = BTreeSet::new();
    for entry in boxes(file, fields.at..names.contents.end)? {
        let mut fields = Fields::of(file, entry.contents);
        let version = fields.number(4)? >> 24;
        let id = fields.number(if version < 3 { 2 } else { 4 })?;
        fields.number(2)?;
        if version < 2 || [*b"Exif", *b"mime", *b"uri "].contains(&fields.kind()?) {
            private.insert(id);
        }
    }
    Ok(private)
}

/// The places of the parts of each item in the file.
fn locations(
    file: &[u8],
    places: &MediaBox,
    data: Option<&Range<usize>>,
) -> Result<Vec<(usize, Range<usize>)>, Defect> {
    let mut fields = Fields::of(file, places.contents.clone());
    let version = fields.number(4)? >> 24;
    let sizes = fields.number(2)?;
    let [offset_size, length_size, base_size, index_size] =
        [12, 8, 4, 0].map(|shift| sizes >> shift & 15);
    let wide = if version < 2 { 2 } else { 4 };
    let mut found = Vec::new();
    for _ in 0..fields.number(wide)? {
        let id = fields.number(wide)?;
        let method = if version == 0 {
            0
        } else {
            fields.number(2)? & 15
        };
        fields.number(2)?;
        let mut base = fields.number(base_size)?;
        if method == 1 {
            base += data.ok_or(Defect::Malformed("an item has no data"))?.start;
        }
        for _ in 0..fields.number(2)? {
            if version > 0 {
                fields.number(index_size)?;
            }
            let start = fields.number(offset_size)?.checked_add(base);
            let start = start
                .filter(|start| *start <= file.len())
                .ok_or(Defect::Truncated)?;
            let end = match fields.number(length_size)? {
                0 => Some(file.len()),
                length => start.checked_add(length).filter(|end| *end <= file.len()),
            };
            let place = start..end.ok_or(Defect::Truncated)?;
            if method < 2 {
                found.push((id, place));
            }
        }
    }
    Ok(found)
}

/// Replaces metadata with an empty Exif block, or with spaces, which is empty XMP.
fn overwrite(edited: &mut [u8], place: Range<usize>) -> Result<(), Defect> {
    let item = edited.get_mut(place).ok_or(Defect::Truncated)?;
    // Exif starts with the position of its block.
    let is_exif = item.starts_with(&[0, 0, 0]);
    item.fill(if is_exif { 0 } else { b' ' });
    if is_exif && let Some(block) = item.get_mut(4..4 + exif::EMPTY.len()) {
        block.copy_from_slice(&exif::EMPTY);
    }
    Ok(())
}
