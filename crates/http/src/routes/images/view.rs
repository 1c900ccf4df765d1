use serde::Serialize;
use tintero_domain::{
    access::Caller,
    images::{self, ImageFile, ImageRendition, MediaType},
    values::Digest,
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::focal_point::FocalPointView;
use crate::{
    base_path::prefixed,
    respond::{Tagged, View},
    routes::allowed::names,
};

/// An image.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Image)]
pub(crate) struct ImageView {
    /// The id of the image.
    id: Uuid,
    /// The path of the file, which is public and never changes.
    #[schema(format = "uri-reference")]
    url: String,
    /// The media type of the file.
    media_type: &'static str,
    /// The size of the file in bytes.
    bytes: u64,
    /// The SHA-256 digest of the file in lower-case hexadecimal.
    sha256: String,
    /// The SHA-256 digest of the file as uploaded, with its private metadata.
    uploaded_sha256: String,
    /// The width as shown, in pixels.
    width: u32,
    /// The height as shown, in pixels.
    height: u32,
    /// The dominant colour as `#rrggbb`. Null for AVIF, SVG and transparent images.
    #[schema(required)]
    color: Option<String>,
    /// A reduced image in the format `ThumbHash`, in Base64, to show before the file is loaded. Null for AVIF, SVG and very large images.
    #[schema(required)]
    placeholder: Option<String>,
    /// The alternative text.
    #[schema(required)]
    alt: Option<String>,
    /// The text below the image.
    #[schema(required)]
    caption: Option<String>,
    /// Who made the image.
    #[schema(required)]
    credit: Option<String>,
    /// The name of the file on the computer of the uploader; null if it is unknown. Absent without a credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    #[expect(clippy::option_option, reason = "absent and null differ")]
    file_name: Option<Option<String>>,
    /// The point that crops keep visible.
    #[schema(required)]
    focal_point: Option<FocalPointView>,
    /// The path of the file in its original site; unique.
    #[schema(required)]
    source_path: Option<String>,
    /// Smaller copies, which are made when they are first requested. None for GIF, AVIF and SVG.
    #[schema(max_items = 12)]
    renditions: Vec<RenditionView>,
    /// Parts of the image around the focal point, in fixed proportions as WebP. They are also available in the type of
    /// the image, under the same name with its extension. None for GIF, AVIF and SVG.
    #[schema(max_items = 24)]
    crops: Vec<CropView>,
    /// Time of the deletion, if the image is in the trash.
    #[schema(format = DateTime, required)]
    trashed_at: Option<String>,
    /// Time from which an image in the trash is deleted permanently.
    #[schema(format = DateTime, required)]
    purged_at: Option<String>,
    /// Time of the upload.
    #[schema(format = DateTime)]
    created_at: String,
    /// Time of the last write.
    #[schema(format = DateTime)]
    updated_at: String,
    /// The actions that the caller may perform now. Absent without a credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    allowed: Option<Vec<&'static str>>,
    /// The version. Incremented by each write.
    version: u64,
}

/// A smaller copy of an image.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImageRendition)]
pub(crate) struct RenditionView {
    /// The path of the copy, which is public and never changes.
    #[schema(format = "uri-reference")]
    url: String,
    /// The media type: that of the image, or WebP.
    media_type: &'static str,
    /// The width in pixels.
    width: u32,
    /// The height in pixels.
    height: u32,
}

/// A part of an image.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImageCrop)]
pub(crate) struct CropView {
    /// The path of the crop, which is public and never changes. It names the focal point, if there is one.
    #[schema(format = "uri-reference")]
    url: String,
    /// The media type.
    media_type: &'static str,
    /// The proportion of width and height: `1:1`, `4:3`, `16:9`, or `1.91:1` for previews in social networks.
    #[schema(example = "16:9")]
    ratio: &'static str,
    /// The width in pixels.
    width: u32,
    /// The height in pixels.
    height: u32,
}

impl CropView {
    /// The crops of an image as WebP.
    fn all(image: &images::Image) -> Vec<Self> {
        let crops = image.file.crops(image.focal_point);
        let shown = crops.filter(|it| it.media_type() == MediaType::Webp);
        shown
            .filter_map(|it| {
                Some(Self {
                    url: prefixed(it.path()),
                    media_type: it.media_type().as_str(),
                    ratio: it.crop()?.ratio.name,
                    width: it.width(),
                    height: it.height(),
                })
            })
            .collect()
    }
}

impl RenditionView {
    fn of(rendition: &ImageRendition) -> Self {
        Self {
            url: prefixed(rendition.path()),
            media_type: rendition.media_type().as_str(),
            width: rendition.width(),
            height: rendition.height(),
        }
    }
}

impl ImageView {
    /// Describes an image to a caller.
    pub(crate) fn of(image: images::Image, caller: Option<&Caller>) -> Self {
        let allowed = caller.map(|caller| names(image.allowed_to(caller)));
        let crops = CropView::all(&image);
        let images::Image {
            file,
            look,
            alt,
            caption,
            credit,
            name,
            focal_point,
            source_path,
            trash,
            // Images are public; user ids are not.
            owner_id: _,
            created_at,
            updated_at,
            version,
        } = image;
        let (url, uploaded) = (prefixed(file.path()), file.uploaded());
        let (color, placeholder) =
            look.map_or((None, None), |look| (look.color, Some(look.placeholder)));
        let renditions = file.renditions();
        let renditions = renditions.map(|it| RenditionView::of(&it)).collect();
        let ImageFile {
            id,
            media_type,
            bytes,
            sha256,
            uploaded_sha256: _,
            width,
            height,
        } = file;
        Self {
            id: id.uuid(),
            url,
            media_type: media_type.as_str(),
            bytes,
            sha256: sha256.to_string(),
            uploaded_sha256: uploaded.to_string(),
            width,
            height,
            color: color.map(Into::into),
            placeholder: placeholder.map(Into::into),
            alt: alt.map(Into::into),
            caption: caption.map(Into::into),
            credit: credit.map(Into::into),
            // The name of a file can be private.
            file_name: caller.map(|_| name.map(Into::into)),
            focal_point: focal_point.map(Into::into),
            source_path: source_path.map(Into::into),
            renditions,
            crops,
            trashed_at: trash.map(|stay| stay.since.into()),
            purged_at: trash.map(|stay| stay.until.into()),
            created_at: created_at.into(),
            updated_at: updated_at.into(),
            allowed,
            version: version.0,
        }
    }
}

/// Returns the answer with an image.
pub(super) fn tagged(image: images::Image, caller: Option<&Caller>) -> Tagged<ImageView> {
    let (tag, modified) = (image.tag(), image.updated_at);
    Tagged {
        // The permissions of the caller change without a write.
        has_derived: caller.is_some(),
        ..Tagged::new(ImageView::of(image, caller), tag, modified)
    }
}

impl View for ImageView {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad7),
            url: "/media/01912d68-783e-7a03-8467-5661c1243ad7.png".to_owned(),
            media_type: "image/png",
            bytes: 48_213,
            sha256: Digest::of(b"").to_string(),
            uploaded_sha256: Digest::of(b"").to_string(),
            width: 1200,
            height: 630,
            color: Some("#c8a078".to_owned()),
            placeholder: Some("1QcSHQRnh493V4dIh4eXh1h4kJUI".to_owned()),
            alt: Some("Un gato sobre un teclado".to_owned()),
            caption: Some("Tinta, el gato de la redacción".to_owned()),
            credit: Some("Ana Pérez".to_owned()),
            file_name: Some(Some("gato.png".to_owned())),
            focal_point: Some(FocalPointView { x: 0.5, y: 0.25 }),
            source_path: Some("assets/images/gato.png".to_owned()),
            renditions: vec![RenditionView {
                url: "/media/01912d68-783e-7a03-8467-5661c1243ad7-320.webp".to_owned(),
                media_type: "image/webp",
                width: 320,
                height: 168,
            }],
            crops: vec![CropView {
                url: "/media/01912d68-783e-7a03-8467-5661c1243ad7-640x360-500-250.webp".to_owned(),
                media_type: "image/webp",
                ratio: "16:9",
                width: 640,
                height: 360,
            }],
            trashed_at: None,
            purged_at: None,
            created_at: "2026-11-22T10:00:00.000Z".to_owned(),
            updated_at: "2026-11-22T10:00:00.000Z".to_owned(),
            allowed: Some(vec!["update", "delete"]),
            version: 1,
        }
    }
}
