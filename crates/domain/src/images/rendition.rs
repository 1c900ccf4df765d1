//! Smaller copies of images, which are made when they are first requested.

use super::{ImageFile, MediaType};

/// The widths of renditions in pixels.
pub const RENDITION_WIDTHS: [u32; 6] = [320, 480, 640, 960, 1280, 1920];

/// Version of the way in which renditions are made. Other versions have other names, so that stores and caches
/// never mix them.
const RECIPE: u8 = 1;

/// A smaller copy of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ImageRendition {
    file: ImageFile,
    width: u32,
    media_type: MediaType,
}

impl ImageFile {
    /// The renditions of the image: in its own type and as WebP, in each width of [`RENDITION_WIDTHS`] that is smaller
    /// than the image. None for types that are not decoded.
    pub fn renditions(&self) -> impl Iterator<Item = ImageRendition> + use<> {
        let file = *self;
        let own = match file.media_type {
            MediaType::Jpeg | MediaType::Png => Some(file.media_type),
            MediaType::Webp | MediaType::Gif | MediaType::Avif | MediaType::Svg => None,
        };
        let webp = (own.is_some() || file.media_type == MediaType::Webp).then_some(MediaType::Webp);
        let types = webp.into_iter().chain(own);
        types.flat_map(move |media_type| {
            let widths = RENDITION_WIDTHS.into_iter();
            widths
                .filter(move |width| *width < file.width)
                .map(move |width| ImageRendition {
                    file,
                    width,
                    media_type,
                })
        })
    }
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

    /// Height in pixels, in the proportion of the image.
    #[must_use]
    pub fn height(&self) -> u32 {
        let (width, height) = (u64::from(self.file.width), u64::from(self.file.height));
        let scaled = (u64::from(self.width) * height + width / 2) / width.max(1);
        u32::try_from(scaled.max(1)).unwrap_or(u32::MAX)
    }

    /// Type of the rendition.
    #[must_use]
    pub fn media_type(&self) -> MediaType {
        self.media_type
    }

    /// Public path: `/media/<id>-<width>.<extension>`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/media/{}", self.file_name())
    }

    /// Last segment of the public path.
    #[must_use]
    pub fn file_name(&self) -> String {
        let Self {
            file,
            width,
            media_type,
        } = self;
        format!("{}-{width}.{}", file.id, media_type.extension())
    }

    /// Name in the store. Images with the same bytes share their renditions.
    #[must_use]
    pub fn stored_name(&self) -> String {
        let Self {
            file,
            width,
            media_type,
        } = self;
        let digest = file.sha256.to_string();
        let (prefix, rest) = digest.split_at(2);
        format!(
            "{prefix}/{rest}-{width}-{RECIPE}.{}",
            media_type.extension()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{Digest, ImageId};

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
    fn the_height_is_in_proportion_and_never_zero() {
        let height = |width, height| {
            let file = file(MediaType::Png, width, height);
            file.renditions().next().unwrap().height()
        };
        assert_eq!(height(640, 481), 241);
        assert_eq!(height(50_000, 1), 1);
    }
}
