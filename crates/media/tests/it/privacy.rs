use image::{DynamicImage, ImageFormat, ImageReader};
use tintero_domain::images::{MediaType, PreparedImage};

use crate::{
    carriers::{self, SECRET},
    contains, encoded, picture, prepare,
};

fn decoded(file: &[u8]) -> DynamicImage {
    let reader = ImageReader::new(std::io::Cursor::new(file));
    reader.with_guessed_format().unwrap().decode().unwrap()
}

/// Prepares a file that has secrets, and checks that none is left.
async fn stripped(file: Vec<u8>) -> PreparedImage {
    assert!(contains(&file, SECRET));
    let prepared = prepare(&file).await.unwrap();
    for secret in [SECRET, b"41.4", b"Comment", b"adobe", b"JFXX"] {
        assert!(!contains(&prepared.bytes, secret), "{secret:?}");
    }
    prepared
}

#[tokio::test]
async fn metadata_is_removed_from_every_carrier_without_changing_a_pixel() {
    for (file, plain) in [
        (carriers::jpeg(1), ImageFormat::Jpeg),
        (carriers::png(1), ImageFormat::Png),
        (carriers::webp(1), ImageFormat::WebP),
        (carriers::gif(), ImageFormat::Gif),
    ] {
        let prepared = stripped(file).await;
        let expected = decoded(&encoded(plain)).to_rgba8();
        assert!(decoded(&prepared.bytes).to_rgba8() == expected, "{plain:?}");
        assert!(!contains(&prepared.bytes, b"Exif"), "{plain:?}");
        assert_eq!((prepared.width, prepared.height), (60, 40));
    }
}

#[tokio::test]
async fn orientation_is_kept_and_swaps_width_and_height() {
    for orientation in 1..=8 {
        for file in [
            carriers::jpeg(orientation),
            carriers::png(orientation),
            carriers::webp(orientation),
        ] {
            let prepared = stripped(file).await;
            let expected = if orientation < 5 { (60, 40) } else { (40, 60) };
            assert_eq!((prepared.width, prepared.height), expected);
            let again = prepare(&prepared.bytes).await.unwrap();
            assert_eq!(again, prepared, "a prepared file does not change again");
        }
    }
}

#[tokio::test]
async fn colour_profiles_and_repetitions_are_kept() {
    for (file, kept) in [
        (
            carriers::jpeg(1),
            b"ICC_PROFILE\0\x01\x01profile".as_slice(),
        ),
        (carriers::png(1), b"gAMA"),
        (carriers::webp(1), b"ICCP\x07\0\0\0profile"),
        (carriers::gif(), b"NETSCAPE2.0"),
    ] {
        assert!(contains(&stripped(file).await.bytes, kept), "{kept:?}");
    }
}

#[tokio::test]
async fn metadata_of_avif_is_overwritten_in_place() {
    let file = carriers::avif();
    let prepared = stripped(file.clone()).await;
    assert_eq!(prepared.media_type, MediaType::Avif);
    assert_eq!((prepared.width, prepared.height), (60, 40));
    assert_eq!(prepared.bytes.len(), file.len());
    assert!(contains(&prepared.bytes, b"pixels\0\0\0\0MM\0*"));
    assert_eq!(prepared.look, None);
    assert_eq!(prepare(&prepared.bytes).await.unwrap(), prepared);
}

#[tokio::test]
async fn a_plain_file_is_stored_as_it_is() {
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let file = encoded(format);
        assert_eq!(prepare(&file).await.unwrap().bytes, file, "{format:?}");
    }
}

#[tokio::test]
async fn the_look_is_that_of_the_picture_as_shown() {
    let upright = prepare(&carriers::jpeg(1)).await.unwrap().look.unwrap();
    let turned = prepare(&carriers::jpeg(6)).await.unwrap().look.unwrap();
    let color = upright.color.unwrap().to_string();
    assert!(
        ["#c80000", "#c70000", "#c80001"].contains(&color.as_str()),
        "{color}"
    );
    assert_eq!(turned.color, upright.color);
    assert_ne!(turned.placeholder, upright.placeholder);
    let pixels = picture();
    assert_eq!((pixels.width(), pixels.height()), (60, 40));
}
