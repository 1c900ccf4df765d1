//! Encodes pixels for the web.

use image::{DynamicImage, ImageEncoder as _, codecs::png};
use img_parts::{ImageICC as _, webp::WebP};
use jpeg_encoder::{ColorType, SamplingFactor};
use tintero_domain::images::MediaType;

/// Quality of lossy types, at which photographs look like their original.
const QUALITY: u8 = 80;

/// Effort of the WebP encoder, from 0 to 6. Level 4, its default, takes up to four times as long and saves 5 % of the bytes.
const EFFORT: i32 = 2;

/// Encodes an image with the profile of its colours. `None` if the type or the size is not supported.
pub(super) fn encode(
    image: &DynamicImage,
    media_type: MediaType,
    profile: Option<Vec<u8>>,
) -> Option<Vec<u8>> {
    match media_type {
        MediaType::Jpeg => jpeg(image, profile),
        MediaType::Png => png(image, profile),
        MediaType::Webp => webp(image, profile),
        MediaType::Gif | MediaType::Avif | MediaType::Svg => None,
    }
}

fn jpeg(image: &DynamicImage, profile: Option<Vec<u8>>) -> Option<Vec<u8>> {
    let (width, height) = (
        image.width().try_into().ok()?,
        image.height().try_into().ok()?,
    );
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_progressive(true);
    encoder.set_optimized_huffman_tables(true);
    if let Some(profile) = profile {
        encoder.add_icc_profile(&profile).ok()?;
    }
    let written = match image {
        DynamicImage::ImageLuma8(gray) => encoder.encode(gray, width, height, ColorType::Luma),
        _ => encoder.encode(&image.to_rgb8(), width, height, ColorType::Rgb),
    };
    written.ok().map(|()| bytes)
}

/// Writes eight bits for each channel, which screens show.
fn png(image: &DynamicImage, profile: Option<Vec<u8>>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (compression, filter) = (png::CompressionType::Default, png::FilterType::Adaptive);
    let mut encoder = png::PngEncoder::new_with_quality(&mut bytes, compression, filter);
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile).ok()?;
    }
    let written = match image {
        DynamicImage::ImageLuma16(_) => image.to_luma8().write_with_encoder(encoder),
        DynamicImage::ImageLumaA16(_) => image.to_luma_alpha8().write_with_encoder(encoder),
        DynamicImage::ImageRgb16(_) => image.to_rgb8().write_with_encoder(encoder),
        DynamicImage::ImageRgba16(_) => image.to_rgba8().write_with_encoder(encoder),
        _ => image.write_with_encoder(encoder),
    };
    written.ok().map(|()| bytes)
}

fn webp(image: &DynamicImage, profile: Option<Vec<u8>>) -> Option<Vec<u8>> {
    let (width, height) = (image.width(), image.height());
    let mut config = webp::WebPConfig::new().ok()?;
    config.quality = f32::from(QUALITY);
    config.method = EFFORT;
    let encoded = if image.color().has_alpha() {
        let pixels = image.to_rgba8();
        webp::Encoder::from_rgba(&pixels, width, height).encode_advanced(&config)
    } else {
        let pixels = image.to_rgb8();
        webp::Encoder::from_rgb(&pixels, width, height).encode_advanced(&config)
    };
    let bytes = encoded.ok()?.to_vec();
    let Some(profile) = profile else {
        return Some(bytes);
    };
    let mut file = WebP::from_bytes(bytes.into()).ok()?;
    file.set_icc_profile(Some(profile.into()));
    Some(file.encoder().bytes().into())
}
