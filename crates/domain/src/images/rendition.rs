//! Smaller copies of images, which are made when they are first requested.

use super::{Area, Crop, CropRatio, ImageFile, MediaType};
use crate::values::{Digest, FocalPoint};

/// The widths of renditions in pixels.
pub const RENDITION_WIDTHS: [u32; 6] = [320, 480, 640, 960, 1280, 1920];

/// Version of the way in which renditions are made. Other versions have other names, so that stores and caches
/// never mix them.
const RECIPE: u8 = 2;

/// A smaller copy of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ImageRendition {
    file: ImageFile,
    width: u32,
    /// The part of the image that is shown, if not all.
    crop: Option<Crop>,
    media_type: MediaType,
}

impl ImageFile {
    /// The renditions of the image: in its own type and as WebP, in each width of [`RENDITION_WIDTHS`] that is smaller
    /// than the image. None for types that are not decoded.
    pub fn renditions(&self) -> impl Iterator<Item = ImageRendition> + use<> {
        let file = *self;
        self.rendition_types().flat_map(move |media_type| {
            let widths = RENDITION_WIDTHS.into_iter();
            widths
                .filter(move |width| *width < file.width)
                .map(move |width| ImageRendition {
                    file,
                    width,
                    crop: None,
                    media_type,
                })
        })
    }

    /// The crops of the image around a focal point: in each proportion of [`CropRatio::ALL`] and each width of
    /// [`RENDITION_WIDTHS`] that needs no magnification, in the types of the renditions.
    pub fn crops(
        &self,
        focal_point: Option<FocalPoint>,
    ) -> impl Iterator<Item = ImageRendition> + use<> {
        let file = *self;
        self.rendition_types().flat_map(move |media_type| {
            CropRatio::ALL.into_iter().flat_map(move |ratio| {
                let crop = Crop { ratio, focal_point };
                let Area { width: most, .. } = crop.area(&file);
                let widths = RENDITION_WIDTHS.into_iter();
                widths
                    .filter(move |width| *width <= most)
                    .map(move |width| ImageRendition {
                        file,
                        width,
                        crop: Some(crop),
                        media_type,
                    })
            })
        })
    }

    /// Finds the rendition or crop with a file name; the crop around any focal point.
    #[must_use]
    pub fn rendition_named(&self, name: &str) -> Option<ImageRendition> {
        let is_named = |rendition: &ImageRendition| rendition.file_name() == name;
        let focal_point = Self::split_name(name).and_then(|(_, rest)| named_point(rest));
        let mut crops = self.crops(focal_point);
        self.renditions()
            .find(is_named)
            .or_else(|| crops.find(is_named))
    }

    fn rendition_types(&self) -> impl Iterator<Item = MediaType> + use<> {
        let own = match self.media_type {
            MediaType::Jpeg | MediaType::Png => Some(self.media_type),
            MediaType::Webp | MediaType::Gif | MediaType::Avif | MediaType::Svg => None,
        };
        let webp = (own.is_some() || self.media_type == MediaType::Webp).then_some(MediaType::Webp);
        webp.into_iter().chain(own)
    }
}

/// The digest of the image of a stored rendition. Renditions of the same image sort after its
/// [`stored_name`](Digest::stored_name) without another image in between.
pub(super) fn stored_digest(name: &str) -> Option<Digest> {
    Digest::from_stored_name(name.split_once('-')?.0)
}

/// Whether a stored rendition was made by the current recipe.
pub(super) fn is_current(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let recipe = stem.rsplit_once('-').map(|(_, recipe)| recipe.parse());
    recipe == Some(Ok(RECIPE))
}

/// The focal point in `-<width>x<height>-<x>-<y>.<extension>`.
fn named_point(rest: &str) -> Option<FocalPoint> {
    let (stem, _) = rest.split_once('.')?;
    let mut parts = stem.rsplit('-');
    let (y, x) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    FocalPoint::from_thousandths(x, y)
}

impl ImageRendition {
    /// The image.
    #[must_use]
    pub fn file(&self) -> &ImageFile {
        &self.file
    }

    /// Width in pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels: in the proportion of the crop or of the image.
    #[must_use]
    pub fn height(&self) -> u32 {
        if let Some(crop) = self.crop {
            return crop.ratio.height(self.width);
        }
        let (width, height) = (u64::from(self.file.width), u64::from(self.file.height));
        let scaled = (u64::from(self.width) * height + width / 2) / width.max(1);
        u32::try_from(scaled.max(1)).unwrap_or(u32::MAX)
    }

    /// The part of the image that is shown, if not all.
    #[must_use]
    pub fn crop(&self) -> Option<Crop> {
        self.crop
    }

    /// The area of the image that is shown.
    #[must_use]
    pub fn area(&self) -> Area {
        let ImageFile { width, height, .. } = self.file;
        let whole = Area {
            left: 0,
            top: 0,
            width,
            height,
        };
        self.crop.map_or(whole, |crop| crop.area(&self.file))
    }

    /// Type of the rendition.
    #[must_use]
    pub fn media_type(&self) -> MediaType {
        self.media_type
    }

    /// Public path: `/media/<id>-<width>.<extension>`; that of a crop is
    /// `/media/<id>-<width>x<height>-<x>-<y>.<extension>` with its focal point in thousandths, if it has one.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/media/{}", self.file_name())
    }

    /// Last segment of the public path.
    #[must_use]
    pub fn file_name(&self) -> String {
        let extension = self.media_type.extension();
        format!("{}-{}.{extension}", self.file.id, self.variant())
    }

    /// Name in the store. Images with the same bytes share their renditions.
    #[must_use]
    pub fn stored_name(&self) -> String {
        let name = self.file.sha256.stored_name();
        let (variant, extension) = (self.variant(), self.media_type.extension());
        format!("{name}-{variant}-{RECIPE}.{extension}")
    }

    fn variant(&self) -> String {
        let width = self.width;
        let Some(crop) = self.crop else {
            return width.to_string();
        };
        let size = format!("{width}x{}", self.height());
        match crop.focal_point.map(FocalPoint::thousandths) {
            Some((x, y)) => format!("{size}-{x}-{y}"),
            None => size,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::ImageId;

    fn file(media_type: MediaType, width: u32, height: u32) -> ImageFile {
        ImageFile {
            id: ImageId::new(uuid::Uuid::nil()),
            media_type,
            bytes: 1,
            sha256: Digest::of(b"a"),
            uploaded_sha256: None,
            width,
            height,
        }
    }

    #[test]
    fn renditions_are_smaller_than_the_image() {
        let of = |media_type, width| -> Vec<_> {
            let file = file(media_type, width, 100);
            let all = file.renditions();
            all.map(|it| (it.media_type().extension(), it.width()))
                .collect()
        };
        assert!(of(MediaType::Jpeg, 320).is_empty());
        assert_eq!(
            of(MediaType::Jpeg, 500),
            [("webp", 320), ("webp", 480), ("jpg", 320), ("jpg", 480)]
        );
        assert_eq!(of(MediaType::Webp, 400), [("webp", 320)]);
        for kept in [MediaType::Gif, MediaType::Avif, MediaType::Svg] {
            assert!(of(kept, 5000).is_empty(), "{kept:?}");
        }
    }

    #[test]
    fn a_stored_rendition_names_its_image_and_its_recipe() {
        let file = file(MediaType::Jpeg, 700, 700);
        let point = FocalPoint::new(0.25, 1.0);
        for rendition in file.renditions().chain(file.crops(point)) {
            let name = rendition.stored_name();
            assert_eq!(stored_digest(&name), Some(file.sha256));
            assert!(is_current(&name), "{name}");
        }
        let name = file.sha256.stored_name();
        assert!(!is_current(&format!("{name}-320-1.webp")));
        assert_eq!(stored_digest(&name), None);
        assert_eq!(stored_digest("ab/cd-320-1.webp"), None);
    }

    #[test]
    fn the_height_is_in_proportion_and_never_zero() {
        let height = |width, height| {
            let file = file(MediaType::Png, width, height);
            file.renditions().next().unwrap().height()
        };
        assert_eq!(height(640, 481), 241);
        assert_eq!(height(50_000, 1), 1);
    }

    #[test]
    fn crops_are_named_by_size_and_focal_point() {
        let file = file(MediaType::Jpeg, 700, 700);
        let id = file.id;
        let crops = file
            .crops(None)
            .filter(|it| it.media_type() == MediaType::Webp);
        let sizes = crops.map(|it| (it.width(), it.height()));
        let expected = [
            (320, 320),
            (480, 480),
            (640, 640),
            (320, 240),
            (480, 360),
            (640, 480),
        ];
        let wide = [
            (320, 180),
            (480, 270),
            (640, 360),
            (320, 168),
            (480, 252),
            (640, 336),
        ];
        assert_eq!(sizes.collect::<Vec<_>>(), [expected, wide].concat());
        let point = FocalPoint::new(0.25, 1.0);
        for crop in file.crops(point).chain(file.crops(None)) {
            assert_eq!(file.rendition_named(&crop.file_name()), Some(crop));
        }
        let named = |rest: &str| file.rendition_named(&format!("{id}-{rest}"));
        let crop = named("640x360-250-1000.webp").unwrap();
        assert_eq!(crop.crop().unwrap().focal_point, point);
        assert_eq!(crop.path(), format!("/media/{id}-640x360-250-1000.webp"));
        for unknown in [
            "640x361.webp",
            "960x540.webp",
            "640x360-250.webp",
            "640x360-250-1001.webp",
            "640x360-0250-1000.webp",
            "640x360-250-1000-0.webp",
            "640x360.gif",
            "320-250-1000.webp",
        ] {
            assert_eq!(named(unknown), None, "{unknown}");
        }
    }
}
