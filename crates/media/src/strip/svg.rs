//! SVG ([W3C](https://www.w3.org/TR/SVG2/)): keeps shapes, texts and styles, and removes scripts, event
//! handlers, foreign elements, links to other sites, comments and metadata.

use bytes::Bytes;
use svg_hush::{
    Filter,
    data_url_filter::{DataUrl, DataUrlFilterResult},
};
use tintero_domain::images::MediaType;
use xml::{ParserConfig, attribute::OwnedAttribute, reader::XmlEvent};

use super::{Stripped, strip as strip_raster};
use crate::{
    defect::Defect,
    header::{MAX_PIXELS, MediaHeader},
};

/// The size of an image without one ([CSS](https://www.w3.org/TR/css-images-3/#default-object-size)).
const DEFAULT_SIZE: (u32, u32) = (300, 150);

/// Maximum width and height in pixels.
const MAX_SIDE: f64 = 100_000.0;

/// Maximum depth of elements. The parser copies the namespaces of all ancestors at each element.
const MAX_DEPTH: usize = 100;

pub(super) fn strip(file: &[u8]) -> Result<Stripped, Defect> {
    check(file)?;
    let mut filter = Filter::new();
    filter.set_data_url_filter(strip_embedded);
    let mut clean = Vec::with_capacity(file.len());
    filter
        .filter(file, &mut clean)
        .map_err(|_| Defect::Malformed("it is not well-formed SVG"))?;
    let size = size(&clean)?;
    Ok(Stripped {
        size: Some(size),
        ..Stripped::upright(clean.into())
    })
}

/// Fails if the file is malformed, if its elements are nested too deeply, or if it animates an address or an event
/// handler, which the filter keeps.
fn check(file: &[u8]) -> Result<(), Defect> {
    let mut depth = 0_usize;
    for event in ParserConfig::new().create_reader(file) {
        match event {
            Ok(XmlEvent::StartElement { attributes, .. }) => {
                depth += 1;
                if find(&attributes, "attributeName").is_some_and(is_active) {
                    return Err(Defect::Malformed("it animates an address or a script"));
                }
            }
            Ok(XmlEvent::EndElement { .. }) => depth -= 1,
            Ok(_) => {}
            Err(_) => return Err(Defect::Malformed("it is not well-formed SVG")),
        }
        if depth > MAX_DEPTH {
            return Err(Defect::Malformed("its elements are nested too deeply"));
        }
    }
    Ok(())
}

/// Whether the value of an attribute is an address or a script.
fn is_active(attribute: &str) -> bool {
    let name = attribute.rsplit(':').next().unwrap_or_default();
    let name = name.trim().to_ascii_lowercase();
    name == "href" || name.starts_with("on")
}

/// Removes the metadata of an embedded image.
fn strip_embedded(url: &DataUrl<'_>) -> DataUrlFilterResult {
    let Ok((data, _)) = url.decode_to_vec() else {
        return DataUrlFilterResult::Drop;
    };
    let data = Bytes::from(data);
    let header = MediaHeader::of(&data, MAX_PIXELS).ok();
    let media_type = header
        .map(|header| header.media_type)
        .filter(|kind| *kind != MediaType::Svg);
    let stripped = media_type.and_then(|kind| Some((kind, strip_raster(kind, data).ok()?)));
    stripped.map_or(DataUrlFilterResult::Drop, |(kind, stripped)| {
        DataUrlFilterResult::Rewrite {
            mime_type: kind.as_str().to_owned(),
            data: stripped.bytes.into(),
        }
    })
}

/// The size of the root element in pixels: `width` and `height`, or the size of the `viewBox`.
fn size(svg: &[u8]) -> Result<(u32, u32), Defect> {
    let root = ParserConfig::new()
        .create_reader(svg)
        .into_iter()
        .find_map(|event| match event {
            Ok(XmlEvent::StartElement {
                name, attributes, ..
            }) => Some((name.local_name, attributes)),
            _ => None,
        });
    let Some((_, attributes)) = root.filter(|(name, _)| name == "svg") else {
        return Err(Defect::Malformed("its root element is not svg"));
    };
    let value = |name: &str| find(&attributes, name);
    let length = |name: &str| value(name).and_then(pixels);
    let view: Vec<f64> = value("viewBox")
        .map(|text| {
            text.split([' ', ','])
                .filter_map(|n| n.parse().ok())
                .collect()
        })
        .unwrap_or_default();
    let view = match view[..] {
        [_, _, width, height] if width > 0.0 && height > 0.0 => Some((width, height)),
        _ => None,
    };
    Ok(match (length("width"), length("height"), view) {
        (Some(width), None, Some((w, h))) => (side(width), side(width * h / w)),
        (None, Some(height), Some((w, h))) => (side(height * w / h), side(height)),
        (Some(width), Some(height), _) | (None, None, Some((width, height))) => {
            (side(width), side(height))
        }
        (width, height, None) => (
            width.map_or(DEFAULT_SIZE.0, side),
            height.map_or(DEFAULT_SIZE.1, side),
        ),
    })
}

fn find<'a>(attributes: &'a [OwnedAttribute], name: &str) -> Option<&'a str> {
    let found = attributes.iter().find(|one| one.name.local_name == name);
    found.map(|one| one.value.trim())
}

/// A length in pixels; `None` for lengths that depend on the page.
fn pixels(text: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 6] = [
        ("px", 1.0),
        ("pt", 96.0 / 72.0),
        ("pc", 16.0),
        ("mm", 96.0 / 25.4),
        ("cm", 96.0 / 2.54),
        ("in", 96.0),
    ];
    let with_unit = UNITS
        .iter()
        .find_map(|(unit, pixels)| Some((text.strip_suffix(unit)?, *pixels)));
    let (number, unit) = with_unit.unwrap_or((text, 1.0));
    let length = number.trim_end().parse::<f64>().ok()? * unit;
    (length > 0.0 && length.is_finite()).then_some(length)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is between 1 and MAX_SIDE"
)]
fn side(length: f64) -> u32 {
    length.round().clamp(1.0, MAX_SIDE) as u32
}
