use image::ImageFormat;
use proptest::prelude::*;

use crate::{carriers, encoded, prepare, refusal};

#[tokio::test]
async fn truncated_files_are_rejected_at_every_length() {
    for file in [
        encoded(ImageFormat::Jpeg),
        encoded(ImageFormat::Png),
        encoded(ImageFormat::WebP),
        encoded(ImageFormat::Gif),
        carriers::plain_avif(),
    ] {
        // A GIF may lack its last byte, the trailer.
        for length in 1..file.len() - 1 {
            let reason = refusal(&file[..length]).await;
            assert!(reason.starts_with("must "), "{length} bytes: {reason}");
        }
    }
}

#[tokio::test]
async fn damaged_pixels_are_rejected() {
    let mut png = encoded(ImageFormat::Png);
    let middle = png.len() / 2;
    png[middle] ^= 0xFF;
    assert_eq!(
        refusal(&png).await,
        "must be a valid image: a checksum is wrong"
    );
    let mut webp = encoded(ImageFormat::WebP);
    let end = webp.len();
    webp[30..end].fill(0xFF);
    assert_eq!(
        refusal(&webp).await,
        "must be a valid image: its pixels cannot be decoded"
    );
}

#[tokio::test]
async fn polyglots_lose_what_follows_the_image() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif] {
        let mut file = encoded(format);
        let plain = prepare(&file).await.unwrap();
        file.extend(b"<html><script>alert(1)</script>PK\x03\x04");
        assert_eq!(prepare(&file).await.unwrap(), plain, "{format:?}");
    }
}

#[tokio::test]
async fn a_bomb_is_rejected_before_its_pixels_are_read() {
    let mut png = encoded(ImageFormat::Png);
    png[16..20].copy_from_slice(&30_000_u32.to_be_bytes());
    png[20..24].copy_from_slice(&30_000_u32.to_be_bytes());
    let reason = refusal(&png).await;
    assert_eq!(
        reason,
        "must have at most 50000000 pixels, and has 30000 × 30000"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_change_of_a_file_breaks_the_reader(
        file in prop::sample::select(vec![
            carriers::jpeg(6), carriers::png(6), carriers::webp(6), carriers::gif(), carriers::avif(),
        ]),
        at in any::<prop::sample::Index>(),
        bytes in prop::collection::vec(any::<u8>(), 1..20),
    ) {
        let mut file = file;
        let at = at.index(file.len());
        let end = (at + bytes.len()).min(file.len());
        file.splice(at..end, bytes);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let _ = runtime.block_on(prepare(&file));
    }
}
