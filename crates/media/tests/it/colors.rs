//! Colour profiles, print colours and deep colours.

use image::{DynamicImage, GenericImageView as _, ImageEncoder as _, ImageReader, Rgb, RgbImage};
use jpeg_encoder::{ColorType, Encoder};
use moxcms::ColorProfile;
use tintero_domain::images::{IMAGE_HEAD, ImageFile, ImageWorkers as _};
use tintero_media::MediaWorkers;

use crate::{carriers, prepare};

/// Prepares a file, and decodes its smallest renditions.
async fn shown(file: &[u8]) -> (String, Vec<DynamicImage>) {
    let prepared = prepare(file).await.unwrap();
    let image = ImageFile {
        id: tintero_domain::values::ImageId::new(uuid::Uuid::nil()),
        media_type: prepared.media_type,
        bytes: prepared.bytes.len() as u64,
        sha256: prepared.sha256,
        uploaded_sha256: None,
        width: prepared.width,
        height: prepared.height,
    };
    let workers = MediaWorkers::default();
    let mut made = Vec::new();
    for crop in image.crops(None).filter(|it| it.width() == it.height()) {
        let head = &prepared.bytes[..prepared.bytes.len().min(IMAGE_HEAD)];
        let mut job = workers.admit_rendition(head, &crop).await.unwrap();
        let bytes = job.reduce(prepared.bytes.clone(), crop).await.unwrap();
        let reader = ImageReader::new(std::io::Cursor::new(bytes.unwrap()));
        made.push(reader.with_guessed_format().unwrap().decode().unwrap());
    }
    let look = prepared.look.unwrap();
    (look.color.unwrap().to_string(), made)
}

fn is_near(pixel: [u8; 4], expected: [u8; 3]) -> bool {
    let mut pairs = pixel.into_iter().zip(expected);
    pairs.all(|(is, should)| is.abs_diff(should) < 12)
}

#[tokio::test]
async fn the_inks_of_a_printed_picture_become_red_green_and_blue() {
    // Magenta and yellow, and a little black. The encoder writes them inverted, as Adobe does.
    let inks = [0, 255, 255, 51].repeat(340 * 340);
    let mut plain = Vec::new();
    let encoder = Encoder::new(&mut plain, 95);
    encoder.encode(&inks, 340, 340, ColorType::Cmyk).unwrap();
    let (color, made) = shown(&plain).await;
    assert_eq!(made.len(), 2);
    for image in made {
        let pixel = image.get_pixel(160, 160).0;
        assert!(is_near(pixel, [204, 0, 0]), "{pixel:?}");
    }
    assert_eq!(color, "#cc0000");
}

#[tokio::test]
async fn the_dominant_colour_of_a_wide_gamut_is_in_srgb_and_renditions_keep_the_profile() {
    let pixels = RgbImage::from_pixel(400, 400, Rgb([200, 60, 60]));
    let profile = ColorProfile::new_display_p3().encode().unwrap();
    let mut file = Vec::new();
    let mut encoder = image::codecs::png::PngEncoder::new(&mut file);
    encoder.set_icc_profile(profile).unwrap();
    pixels.write_with_encoder(encoder).unwrap();
    let (color, made) = shown(&file).await;
    // Display P3 reds are outside of those of sRGB.
    let red = u8::from_str_radix(&color[1..3], 16).unwrap();
    assert!(red > 205, "{color}");
    for image in made {
        assert!(is_near(image.get_pixel(100, 100).0, [200, 60, 60]));
    }
}

#[tokio::test]
async fn sixteen_bits_of_a_channel_become_eight() {
    let deep = image::ImageBuffer::from_pixel(400, 400, Rgb([0xC8FF_u16, 0x1000, 0x8000]));
    let mut file = std::io::Cursor::new(Vec::new());
    let deep = DynamicImage::ImageRgb16(deep);
    deep.write_to(&mut file, image::ImageFormat::Png).unwrap();
    let (color, made) = shown(&file.into_inner()).await;
    assert_eq!(color, "#c81080");
    for image in made {
        let pixel = image.get_pixel(100, 100).0;
        assert!(is_near(pixel, [0xC8, 0x10, 0x80]), "{pixel:?}");
        assert!(image.as_rgb16().is_none());
    }
}

#[tokio::test]
async fn every_decoded_type_has_a_look_and_its_size_as_shown() {
    for (file, size) in [
        (carriers::jpeg(6), (40, 60)),
        (carriers::png(8), (40, 60)),
        (carriers::webp(6), (40, 60)),
        (carriers::gif(), (60, 40)),
    ] {
        let prepared = prepare(&file).await.unwrap();
        assert_eq!((prepared.width, prepared.height), size);
        let look = prepared.look.unwrap();
        assert!(look.color.is_some());
        let hash = thumbhash::thumb_hash_to_rgba(look.placeholder.as_bytes());
        let (width, height, _) = hash.unwrap();
        assert_eq!(width < height, size.0 < size.1);
    }
}
