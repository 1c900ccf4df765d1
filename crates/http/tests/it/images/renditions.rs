use http::Method;
use image::{
    DynamicImage, ImageFormat, ImageReader, Rgb, RgbImage,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};
use serde_json::{Value, json};
use tintero_domain::access::Role;

use super::{Form, encoded, png};
use crate::{
    call::Call,
    site::{Site, site},
};

/// A picture that is large in every encoding.
fn photo(width: u32, height: u32) -> DynamicImage {
    let mut seed = 1_u32;
    RgbImage::from_fn(width, height, |x, y| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = u8::try_from(seed >> 26).unwrap();
        Rgb([
            noise,
            u8::try_from(x % 200).unwrap(),
            u8::try_from(y % 200).unwrap(),
        ])
    })
    .into()
}

async fn uploaded(site: &Site, file: &[u8]) -> Value {
    let token = site.token(Role::Author).await;
    let answer = Form::new().file(file).sent(site, &token).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.body
}

#[tokio::test]
async fn renditions_are_smaller_copies_with_immutable_urls() {
    let site = site().await;
    let file = encoded(&photo(600, 450), ImageFormat::Jpeg);
    let image = uploaded(&site, &file).await;
    let id = image["id"].as_str().unwrap();
    let rendition = |width: u32, height: u32, media_type: &str, extension: &str| {
        let url = format!("/media/{id}-{width}.{extension}");
        json!({"url": url, "media_type": media_type, "width": width, "height": height})
    };
    let expected = json!([
        rendition(320, 240, "image/webp", "webp"),
        rendition(480, 360, "image/webp", "webp"),
        rendition(320, 240, "image/jpeg", "jpg"),
        rendition(480, 360, "image/jpeg", "jpg"),
    ]);
    assert_eq!(image["renditions"], expected);
    for expected in expected.as_array().unwrap() {
        let url = expected["url"].as_str().unwrap();
        let answer = site.get(url).await;
        assert_eq!(answer.status, 200, "{url}");
        for (name, value) in [
            ("content-type", expected["media_type"].as_str().unwrap()),
            ("content-length", &answer.bytes.len().to_string()),
            ("cache-control", "public, max-age=31536000, immutable"),
            ("content-security-policy", "default-src 'none'; sandbox"),
            ("accept-ranges", "none"),
        ] {
            assert_eq!(answer.header(name), value, "{url} {name}");
        }
        assert!(answer.bytes.len() < file.len());
        let reader = ImageReader::new(std::io::Cursor::new(&answer.bytes));
        let shown = reader.with_guessed_format().unwrap().into_dimensions();
        let (width, height) = shown.unwrap();
        assert_eq!(
            (&json!(width), &json!(height)),
            (&expected["width"], &expected["height"])
        );
        // Made once, then stored.
        let again = site.get(url).await;
        assert_eq!((again.etag(), &again.bytes), (answer.etag(), &answer.bytes));
        let known = Call::get(url).header("if-none-match", answer.etag());
        let known = known.to(&site).await;
        assert_eq!((known.status, known.bytes.len()), (304, 0));
        let head = Call::new(Method::HEAD, url).to(&site).await;
        assert_eq!(
            head.header("content-length"),
            answer.bytes.len().to_string()
        );
        assert_eq!(head.bytes.len(), 0);
    }
}

#[tokio::test]
async fn crops_follow_the_focal_point_and_old_ones_stay() {
    let site = site().await;
    let file = encoded(&photo(600, 450), ImageFormat::Jpeg);
    let image = uploaded(&site, &file).await;
    let id = image["id"].as_str().unwrap();
    let crop = |rest: &str| format!("/media/{id}-{rest}");
    let first = &image["crops"][0];
    let expected = json!({
        "url": crop("320x320.webp"), "media_type": "image/webp", "ratio": "1:1", "width": 320, "height": 320,
    });
    assert_eq!(first, &expected);
    let centre = site.get(&crop("320x180.jpg")).await;
    let reader = ImageReader::new(std::io::Cursor::new(&centre.bytes));
    let shown = reader.with_guessed_format().unwrap().into_dimensions();
    assert_eq!(shown.unwrap(), (320, 180));

    let token = site.token(Role::Editor).await;
    let url = format!("/v1/images/{id}");
    let point = json!({"focal_point": {"x": 0.5, "y": 0.125}});
    let answer = site.get(&url).await;
    let patch = Call::patch(&url).signed(&token).based_on(answer.etag());
    let changed = patch.json(&point).to(&site).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(
        changed.body["crops"][0]["url"],
        crop("320x320-500-125.webp")
    );
    let moved = site.get(&crop("320x180-500-125.jpg")).await;
    assert_eq!(moved.status, 200);
    assert_ne!(moved.bytes, centre.bytes);
    // The crop that was made stays; others of previous or foreign points are not made.
    let kept = site.get(&crop("320x180.jpg")).await;
    assert_eq!((kept.status, kept.bytes), (200, centre.bytes));
    for other in ["480x270.jpg", "320x180-500-126.jpg"] {
        assert_eq!(site.get(&crop(other)).await.status, 404, "{other}");
    }
}

#[tokio::test]
async fn other_names_are_not_found() {
    let site = site().await;
    let image = uploaded(&site, &encoded(&photo(640, 10), ImageFormat::Jpeg)).await;
    let id = image["id"].as_str().unwrap();
    for name in [
        "-640.webp",
        "-333.webp",
        "-0320.webp",
        "-320.png",
        "-320",
        "-320.webp.webp",
        "--320.webp",
        "-.webp",
        "-99999999999999999999.webp",
        "320.webp",
        ".webp",
        ".JPG",
        "",
        "-320.WEBP",
    ] {
        let answer = site.get(&format!("/media/{id}{name}")).await;
        assert_eq!(answer.status, 404, "{name}");
    }
    assert_eq!(
        site.get(&format!("/media/{id}-320.webp?w=1")).await.status,
        200
    );
}

#[tokio::test]
async fn the_file_itself_serves_where_a_rendition_would_not_be_smaller() {
    let site = site().await;
    // Two rows that alternate are small as they are, and irregular when they are reduced.
    let noise =
        |x: u32, row: u32| u8::try_from((x + 331 * row).wrapping_mul(2_654_435_761) >> 24).unwrap();
    let rows = RgbImage::from_fn(330, 330, |x, y| Rgb([noise(x, y % 2); 3]));
    let mut file = Vec::new();
    let (compression, filter) = (CompressionType::Best, FilterType::NoFilter);
    let encoder = PngEncoder::new_with_quality(&mut file, compression, filter);
    rows.write_with_encoder(encoder).unwrap();
    let image = uploaded(&site, &file).await;
    let url = format!("/media/{}-320.png", image["id"].as_str().unwrap());
    for _ in 0..2 {
        let answer = site.get(&url).await;
        assert_eq!(answer.status, 200);
        assert!(answer.bytes == file);
        assert_eq!(answer.header("content-type"), "image/png");
    }
    let part = Call::get(&url).header("range", "bytes=0-9").to(&site).await;
    assert_eq!((part.status, &part.bytes[..]), (206, &file[..10]));
}

#[tokio::test]
async fn small_images_and_animations_have_no_renditions() {
    let site = site().await;
    let token = site.token(Role::Author).await;
    for file in [png(320), encoded(&photo(600, 10), ImageFormat::Gif)] {
        let image = Form::new().file(&file).sent(&site, &token).await;
        assert_eq!(image.body["renditions"], json!([]));
        if file[0] == b'G' {
            assert_eq!(image.body["crops"], json!([]));
        }
    }
}

/// The HTML and the references of a text.
async fn rendered(site: &Site, token: &str, body: &str) -> (String, Value) {
    let call = Call::post("/v1/render").signed(token);
    let answer = call.json(&json!({ "body": body })).to(site).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let html = answer.body["html"].as_str().unwrap();
    (html.to_owned(), answer.body["references"].clone())
}

#[tokio::test]
async fn a_body_shows_its_images_with_their_size_and_smaller_copies() {
    let site = site().await;
    let token = site.token(Role::Author).await;
    let file = encoded(&photo(600, 450), ImageFormat::Jpeg);
    let form = Form::new()
        .file(&file)
        .field("source_path", "assets/a b.jpg");
    let image = form.sent(&site, &token).await.body;
    let (id, url) = (
        image["id"].as_str().unwrap(),
        image["url"].as_str().unwrap(),
    );
    let shown = format!(
        "<p><img src=\"{url}\" alt=\"Ñ\" width=\"600\" height=\"450\" \
         srcset=\"/media/{id}-320.webp 320w, /media/{id}-480.webp 480w, {url} 600w\" \
         sizes=\"(max-width: 600px) 100vw, 600px\"></p>\n"
    );
    for body in ["![Ñ](/assets/a%20b.jpg)", &format!("![Ñ]({url})")] {
        let (html, references) = rendered(&site, &token, body).await;
        assert_eq!(html, shown);
        assert_eq!(references[0]["url"], image["url"]);
    }
    // Files that do not exist stay as they were written.
    for unknown in [
        url.replace(".jpg", ".png"),
        format!("/media/{}.jpg", uuid::Uuid::nil()),
    ] {
        let (html, references) = rendered(&site, &token, &format!("![a]({unknown})")).await;
        assert_eq!(html, format!("<p><img src=\"{unknown}\" alt=\"a\"></p>\n"));
        assert_eq!(references[0]["url"], Value::Null);
    }
}
