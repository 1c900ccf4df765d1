//! Parts of images in fixed proportions, around the focal point.

use super::ImageFile;
use crate::values::FocalPoint;

/// A proportion of width and height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CropRatio {
    /// How it is written, such as `16:9`.
    pub name: &'static str,
    width: u32,
    height: u32,
}

impl CropRatio {
    /// The proportions that are offered. `1.91:1` is that of previews in social networks.
    pub const ALL: [Self; 4] = [
        Self::new("1:1", 1, 1),
        Self::new("4:3", 4, 3),
        Self::new("16:9", 16, 9),
        Self::new("1.91:1", 1200, 630),
    ];

    const fn new(name: &'static str, width: u32, height: u32) -> Self {
        Self {
            name,
            width,
            height,
        }
    }

    /// The height that belongs to a width, rounded.
    pub(super) fn height(self, width: u32) -> u32 {
        ((width * self.height + self.width / 2) / self.width).max(1)
    }
}

/// A part of an image that is shown in a proportion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Crop {
    /// The proportion.
    pub ratio: CropRatio,
    /// The point that stays visible; the centre if `None`.
    pub focal_point: Option<FocalPoint>,
}

/// A rectangle of an image as shown, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Distance from the left edge.
    pub left: u32,
    /// Distance from the top edge.
    pub top: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl Crop {
    /// The largest area of an image in the proportion. Its centre is as near to the focal point as the edges allow.
    #[must_use]
    pub fn area(&self, file: &ImageFile) -> Area {
        let (width, height) = (u64::from(file.width), u64::from(file.height));
        let (across, down) = (u64::from(self.ratio.width), u64::from(self.ratio.height));
        let side = |length: u64| u32::try_from(length.max(1)).unwrap_or(u32::MAX);
        let (width, height) = (
            side(width.min(height * across / down)),
            side(height.min(width * down / across)),
        );
        let (x, y) = self.focal_point.map_or((500, 500), FocalPoint::thousandths);
        Area {
            left: start(file.width, width, x),
            top: start(file.height, height, y),
            width,
            height,
        }
    }
}

/// Where a part of a side starts so that its middle is near to a point, in thousandths of the side.
fn start(side: u32, part: u32, point: u16) -> u32 {
    let point = u64::from(side) * u64::from(point) / 1000;
    let start = point.saturating_sub(u64::from(part / 2));
    let last = side.saturating_sub(part);
    u32::try_from(start).unwrap_or(last).min(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        images::MediaType,
        values::{Digest, ImageId},
    };

    fn area(ratio: usize, (width, height): (u32, u32), point: Option<(f64, f64)>) -> [u32; 4] {
        let file = ImageFile {
            id: ImageId::new(uuid::Uuid::nil()),
            media_type: MediaType::Jpeg,
            bytes: 1,
            sha256: Digest::of(b"a"),
            uploaded_sha256: None,
            width,
            height,
        };
        let crop = Crop {
            ratio: CropRatio::ALL[ratio],
            focal_point: point.map(|(x, y)| FocalPoint::new(x, y).unwrap()),
        };
        let Area {
            left,
            top,
            width,
            height,
        } = crop.area(&file);
        [left, top, width, height]
    }

    #[test]
    fn an_area_is_as_large_as_possible_and_near_to_the_focal_point() {
        assert_eq!(area(0, (400, 300), None), [50, 0, 300, 300]);
        assert_eq!(area(0, (400, 300), Some((0.4, 0.0))), [10, 0, 300, 300]);
        assert_eq!(area(0, (400, 300), Some((0.0, 0.5))), [0, 0, 300, 300]);
        assert_eq!(area(0, (400, 300), Some((1.0, 0.5))), [100, 0, 300, 300]);
        assert_eq!(area(1, (400, 300), Some((1.0, 1.0))), [0, 0, 400, 300]);
        assert_eq!(area(2, (400, 300), Some((0.5, 0.25))), [0, 0, 400, 225]);
        assert_eq!(area(2, (400, 300), Some((0.5, 0.5))), [0, 38, 400, 225]);
        assert_eq!(area(3, (1200, 1000), Some((0.5, 1.0))), [0, 370, 1200, 630]);
    }

    #[test]
    fn an_area_is_inside_of_every_image() {
        for size in [
            (1, 1),
            (1, 65_535),
            (65_535, 1),
            (7, 3),
            (u32::MAX, u32::MAX),
        ] {
            for ratio in 0..CropRatio::ALL.len() {
                for point in [None, Some((0.0, 0.0)), Some((1.0, 1.0))] {
                    let [left, top, width, height] = area(ratio, size, point);
                    assert!(width > 0 && height > 0, "{size:?}");
                    assert!(left + (width - 1) < size.0, "{size:?}");
                    assert!(top + (height - 1) < size.1, "{size:?}");
                }
            }
        }
    }
}
