use std::io::Cursor;

use bytes::Bytes;
use image::{
    DynamicImage, GenericImageView as _, ImageDecoder as _, ImageEncoder as _, ImageReader, Rgb,
    RgbImage, Rgba, RgbaImage,
    codecs::{
        jpeg::JpegEncoder,
        png::{CompressionType, FilterType, PngEncoder},
    },
};
use tintero_domain::{
    Error,
    images::{IMAGE_HEAD, ImageFile, ImageRendition, ImageWorkers as _, MediaType},
    values::{Digest, ImageId},
};
use tintero_media::{MediaLimits, MediaWorkers};

use crate::{carriers, prepare};

/// Red above blue, with noise that makes it large in every encoding.
fn photo(width: u32, height: u32) -> RgbImage {
    let mut seed = 1_u32;
    RgbImage::from_fn(width, height, |_, y| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = u8::try_from(seed >> 27).unwrap();
        if y < height / 2 {
            Rgb([200, noise, 0])
        } else {
            Rgb([0, noise, 200])
        }
    })
}

fn jpeg(image: &RgbImage, orientation: u8, profile: Option<&[u8]>) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut file, 95);
    encoder
        .set_exif_metadata(carriers::exif(orientation))
        .unwrap();
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile.to_vec()).unwrap();
    }
    encoder.encode_image(image).unwrap();
    file
}

fn png(image: &DynamicImage, profile: Option<&[u8]>) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = PngEncoder::new(&mut file);
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile.to_vec()).unwrap();
    }
    image.write_with_encoder(encoder).unwrap();
    file
}

/// Prepares a file and makes the renditions with this width.
async fn renditions(file: &[u8], width: u32) -> Vec<(ImageRendition, Option<Bytes>)> {
    let workers = MediaWorkers::default();
    let prepared = prepare(file).await.unwrap();
    let image = ImageFile {
        id: ImageId::new(uuid::Uuid::nil()),
        media_type: prepared.media_type,
        bytes: prepared.bytes.len() as u64,
        sha256: Digest::of(&prepared.bytes),
        uploaded_sha256: None,
        width: prepared.width,
        height: prepared.height,
    };
    let mut made = Vec::new();
    for rendition in image.renditions().filter(|it| it.width() == width) {
        let head = &prepared.bytes[..prepared.bytes.len().min(IMAGE_HEAD)];
        let mut job = workers.admit_rendition(head, &rendition).await.unwrap();
        let bytes = job.reduce(prepared.bytes.clone(), rendition).await.unwrap();
        made.push((rendition, bytes));
    }
    made
}

/// The pixels and the profile of a file.
fn decoded(file: &[u8]) -> (DynamicImage, Option<Vec<u8>>) {
    let reader = ImageReader::new(Cursor::new(file));
    let mut decoder = reader
        .with_guessed_format()
        .unwrap()
        .into_decoder()
        .unwrap();
    let profile = decoder.icc_profile().unwrap();
    (DynamicImage::from_decoder(decoder).unwrap(), profile)
}

fn is_close(pixel: Rgba<u8>, expected: [u8; 3]) -> bool {
    let pairs = pixel.0.into_iter().zip(expected);
    pairs
        .into_iter()
        .all(|(is, should)| is.abs_diff(should) < 24)
}

#[tokio::test]
async fn a_rendition_shows_the_picture_upright_in_its_colours() {
    // Orientation 3 turns the picture by 180 degrees, 6 and 8 by 90 degrees.
    for (orientation, top) in [(1, [200, 16, 0]), (3, [0, 16, 200])] {
        let file = jpeg(&photo(600, 400), orientation, Some(b"a profile"));
        let made = renditions(&file, 320).await;
        assert_eq!(made.len(), 2);
        for (rendition, bytes) in made {
            let (image, profile) = decoded(&bytes.unwrap());
            assert_eq!((image.width(), image.height()), (320, 213));
            let pixel = image.get_pixel(160, 20);
            assert!(is_close(pixel, top), "{rendition:?} {pixel:?}");
            assert_eq!(profile.unwrap(), b"a profile");
        }
    }
    let file = jpeg(&photo(400, 600), 6, None);
    for (rendition, bytes) in renditions(&file, 480).await {
        let (image, profile) = decoded(&bytes.unwrap());
        assert_eq!((image.width(), image.height()), (480, 320));
        assert!(
            is_close(image.get_pixel(450, 160), [200, 16, 0]),
            "{rendition:?}"
        );
        assert_eq!(profile, None);
    }
}

#[tokio::test]
async fn a_rendition_has_no_metadata() {
    let file = jpeg(&photo(600, 400), 6, None);
    for (_, bytes) in renditions(&file, 320).await {
        let bytes = bytes.unwrap();
        for secret in [carriers::SECRET, b"Exif", b"EXIF"] {
            assert!(!crate::contains(&bytes, secret), "{secret:?}");
        }
    }
}

#[tokio::test]
async fn transparency_and_hidden_colours_stay() {
    let image = RgbaImage::from_fn(500, 500, |x, y| {
        let noise = u8::try_from((x * 31 + y * 17) % 97).unwrap();
        // The invisible half is bright green, which must not bleed into the visible one.
        if x < 250 {
            Rgba([200, noise, 0, 255])
        } else {
            Rgba([0, 255, 0, 0])
        }
    });
    let made = renditions(&png(&image.into(), Some(b"a profile")), 320).await;
    assert_eq!(made.len(), 2);
    for (rendition, bytes) in made {
        let (image, profile) = decoded(&bytes.unwrap());
        assert_eq!(profile.unwrap(), b"a profile");
        assert_eq!(image.get_pixel(300, 100).0[3], 0, "{rendition:?}");
        let edge = image.get_pixel(158, 100);
        assert!(edge.0[1] < 130, "{rendition:?} {edge:?}");
        assert_eq!(image.get_pixel(10, 100).0[3], 255);
    }
}

#[tokio::test]
async fn pixels_of_every_kind_are_reduced() {
    let photo = DynamicImage::from(photo(400, 300));
    let kinds = [
        photo.to_luma8().into(),
        photo.to_luma_alpha8().into(),
        photo.to_luma16().into(),
        photo.to_rgb16().into(),
        DynamicImage::from(photo.to_rgba16()),
    ];
    for kind in kinds {
        let made = renditions(&png(&kind, None), 320).await;
        assert_eq!(made.len(), 2);
        for (rendition, bytes) in made {
            let bytes = bytes.unwrap_or_else(|| panic!("{:?} {rendition:?}", kind.color()));
            assert_eq!(decoded(&bytes).0.width(), 320);
        }
    }
}

#[tokio::test]
async fn the_file_serves_if_a_rendition_would_not_be_smaller() {
    // Two rows that alternate are small as they are, and irregular when they are reduced.
    let noise =
        |x: u32, row: u32| u8::try_from((x + 331 * row).wrapping_mul(2_654_435_761) >> 24).unwrap();
    let pattern = RgbImage::from_fn(330, 330, |x, y| Rgb([noise(x, y % 2); 3]));
    let mut file = Vec::new();
    let (compression, filter) = (CompressionType::Best, FilterType::NoFilter);
    let encoder = PngEncoder::new_with_quality(&mut file, compression, filter);
    pattern.write_with_encoder(encoder).unwrap();
    let made = renditions(&file, 320).await;
    let own = made
        .iter()
        .find(|(it, _)| it.media_type() == MediaType::Png);
    assert_eq!(own.unwrap().1, None);
}

#[tokio::test]
async fn animations_are_not_reduced() {
    let plain = png(&photo(400, 300).into(), None);
    // The signature and IHDR, then the control chunk of an animation of one frame.
    let (head, rest) = plain.split_at(33);
    let control =
        img_parts::png::PngChunk::new(*b"acTL", Bytes::from_static(&[0, 0, 0, 1, 0, 0, 0, 0]));
    let animated = [head, &control.encoder().bytes(), rest].concat();
    for (rendition, bytes) in renditions(&animated, 320).await {
        assert_eq!(bytes, None, "{rendition:?}");
    }
}

#[tokio::test]
async fn a_picture_beyond_the_memory_is_not_reduced_and_too_many_waiting_ones_are_refused() {
    let file = jpeg(&photo(2000, 1000), 1, None);
    let workers = MediaWorkers::new(MediaLimits {
        memory: 4 * 1024 * 1024,
        ..MediaLimits::default()
    });
    let image = ImageFile {
        id: ImageId::new(uuid::Uuid::nil()),
        media_type: MediaType::Jpeg,
        bytes: file.len() as u64,
        sha256: Digest::of(&file),
        uploaded_sha256: None,
        width: 2000,
        height: 1000,
    };
    let rendition = image.renditions().last().unwrap();
    let head = &file[..file.len().min(IMAGE_HEAD)];
    let mut job = workers.admit_rendition(head, &rendition).await.unwrap();
    let made = job.reduce(file.clone().into(), rendition).await.unwrap();
    assert_eq!(made, None);

    let waiting: Vec<_> = (0..255)
        .map(|_| {
            let (workers, head) = (workers.clone(), head.to_vec());
            tokio::spawn(async move { workers.admit_rendition(&head, &rendition).await.map(drop) })
        })
        .collect();
    let mut refused = None;
    // The others begin to wait while this task yields.
    for _ in 0..100_000 {
        tokio::task::yield_now().await;
        let next = workers.admit_rendition(head, &rendition);
        tokio::select! {
            biased;
            answer = next => {
                refused = answer.err();
                break;
            }
            () = std::future::ready(()) => {}
        }
    }
    assert!(matches!(refused, Some(Error::Busy)), "{refused:?}");
    drop(job);
    for waiting in waiting {
        waiting.await.unwrap().unwrap();
    }
}
