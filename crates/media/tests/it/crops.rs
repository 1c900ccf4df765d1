use image::{GenericImageView as _, ImageReader, Rgb, RgbImage};
use tintero_domain::{
    images::{IMAGE_HEAD, ImageFile, ImageWorkers as _, MediaType},
    values::{Digest, FocalPoint, ImageId},
};
use tintero_media::MediaWorkers;

use crate::{carriers, prepare};

/// A grey picture with a red square around a point, with noise.
fn square(width: u32, height: u32, (x, y): (u32, u32)) -> RgbImage {
    let mut seed = 7_u32;
    RgbImage::from_fn(width, height, |across, down| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = u8::try_from(seed >> 28).unwrap();
        if across.abs_diff(x) < 60 && down.abs_diff(y) < 60 {
            Rgb([220, noise, noise])
        } else {
            Rgb([90 + noise, 100, 100])
        }
    })
}

#[tokio::test]
async fn every_crop_shows_the_focal_point_of_a_turned_picture() {
    // Shown sizes and points of the same stored pixels.
    for (orientation, point) in [
        (1, (0.1, 0.2)),
        (2, (0.9, 0.2)),
        (3, (0.9, 0.8)),
        (4, (0.1, 0.8)),
        (5, (0.2, 0.1)),
        (6, (0.8, 0.1)),
        (7, (0.8, 0.9)),
        (8, (0.2, 0.9)),
    ] {
        let mut file = Vec::new();
        let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut file, 95);
        image::ImageEncoder::set_exif_metadata(&mut encoder, carriers::exif(orientation)).unwrap();
        encoder
            .encode_image(&square(1200, 900, (120, 180)))
            .unwrap();
        let prepared = prepare(&file).await.unwrap();
        let image = ImageFile {
            id: ImageId::new(uuid::Uuid::nil()),
            media_type: MediaType::Jpeg,
            bytes: prepared.bytes.len() as u64,
            sha256: Digest::of(&prepared.bytes),
            uploaded_sha256: None,
            width: prepared.width,
            height: prepared.height,
        };
        let focal_point = FocalPoint::new(point.0, point.1);
        let workers = MediaWorkers::default();
        for crop in image.crops(focal_point).filter(|it| it.width() == 320) {
            let head = &prepared.bytes[..prepared.bytes.len().min(IMAGE_HEAD)];
            let mut job = workers.admit_rendition(head, &crop).await.unwrap();
            let made = job
                .reduce(prepared.bytes.clone(), crop)
                .await
                .unwrap()
                .unwrap();
            let reader = ImageReader::new(std::io::Cursor::new(made));
            let shown = reader.with_guessed_format().unwrap().decode().unwrap();
            assert_eq!(
                (shown.width(), shown.height()),
                (crop.width(), crop.height())
            );
            let area = crop.area();
            let place = |part: f64, side: u32, start: u32, length: u32, shown: u32| {
                let pixel = (f64::from(side) * part - f64::from(start)) / f64::from(length);
                let most = f64::from(shown - 1);
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "it is inside of the crop"
                )]
                let pixel = (pixel * f64::from(shown)).clamp(0.0, most) as u32;
                pixel
            };
            let x = place(point.0, image.width, area.left, area.width, shown.width());
            let y = place(point.1, image.height, area.top, area.height, shown.height());
            let pixel = shown.get_pixel(x, y).0;
            assert!(
                pixel[0] > 190 && pixel[1] < 60,
                "{orientation} {crop:?} {pixel:?}"
            );
        }
    }
}
