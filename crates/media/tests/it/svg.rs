use base64::{Engine as _, engine::general_purpose::STANDARD};
use tintero_domain::images::MediaType;

use crate::{carriers, contains, prepare, refusal};

const OPEN: &str =
    "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'";

async fn cleaned(attributes: &str, contents: &str) -> String {
    let file = format!("{OPEN} {attributes}>{contents}<circle r='5'/></svg>");
    let prepared = prepare(file.as_bytes()).await.unwrap();
    assert_eq!(prepared.media_type, MediaType::Svg);
    let clean = String::from_utf8(prepared.bytes.to_vec()).unwrap();
    assert!(clean.contains("circle"), "{clean}");
    clean
}

#[tokio::test]
async fn nothing_that_runs_or_loads_is_left() {
    for (attributes, contents) in [
        ("", "<script>alert(1)</script>"),
        ("onload='alert(1)'", ""),
        ("", "<rect onclick='alert(1)' width='1'/>"),
        ("", "<a href='javascript:alert(1)'><text>x</text></a>"),
        (
            "",
            "<a xlink:href='data:text/html,alert(1)'><text>x</text></a>",
        ),
        (
            "",
            "<foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml' src='alert(1)'/></foreignObject>",
        ),
        ("", "<image href='https://example.org/alert(1).png'/>"),
        ("", "<use href='https://example.org/x.svg#alert(1)'/>"),
        (
            "",
            "<style>@import url(https://example.org/alert(1).css);</style>",
        ),
        (
            "",
            "<rect style='fill: url(https://example.org/alert(1))'/>",
        ),
        ("", "<!-- alert(1) --><metadata>alert(1)</metadata>"),
        ("", "<?xml-stylesheet href='alert(1)'?>"),
    ] {
        let clean = cleaned(attributes, contents).await;
        for unwanted in [
            "<script",
            "<metadata",
            "<!--",
            "href=\"javascript",
            "attributeName",
            "onload",
            "onclick",
            "foreignObject",
            "iframe",
            "text/html",
            "@import",
            "url(http",
            "\"http://e",
            "\"https://e",
            "stylesheet",
        ] {
            assert!(!clean.contains(unwanted), "{clean}");
        }
    }
}

#[tokio::test]
async fn the_size_comes_from_the_root_element() {
    for (attributes, expected) in [
        ("width='120' height='80.4px'", (120, 80)),
        ("width='1in' height='2.54cm'", (96, 96)),
        ("viewBox='0 0 640 480'", (640, 480)),
        ("width='320' viewBox='0,0,640,480'", (320, 240)),
        ("height='100%' width='100%' viewBox='0 0 30 10'", (30, 10)),
        ("", (300, 150)),
        ("width='-5' height='1e9'", (300, 100_000)),
    ] {
        let file = format!("{OPEN} {attributes}><rect/></svg>");
        let prepared = prepare(file.as_bytes()).await.unwrap();
        assert_eq!((prepared.width, prepared.height), expected, "{attributes}");
    }
}

#[tokio::test]
async fn embedded_images_lose_their_metadata() {
    let photo = STANDARD.encode(carriers::png(1));
    let clean = cleaned(
        "",
        &format!("<image href='data:image/png;base64,{photo}'/>"),
    )
    .await;
    let (_, data) = clean.split_once("base64,").unwrap();
    let data = STANDARD
        .decode(data.split(['"', '\'']).next().unwrap())
        .unwrap();
    assert!(data.starts_with(b"\x89PNG") && !contains(&data, carriers::SECRET));
}

#[tokio::test]
async fn malformed_and_exploding_documents_are_rejected() {
    let entities: String = ["ab", "bc", "cd", "de", "ef"]
        .map(|names| {
            let (before, name) = names.split_at(1);
            let references = format!("&{before};").repeat(100);
            format!("<!ENTITY {name} '{references}'>")
        })
        .concat();
    let bomb =
        format!("<!DOCTYPE svg [<!ENTITY a 'aaaaaaaaaa'>{entities}]>{OPEN}><text>&f;</text></svg>");
    for file in [
        format!("{OPEN}><rect></svg>"),
        format!("{OPEN}>"),
        "<svg><rect/></svg>".to_owned(),
        format!("<html>{OPEN}/></html>"),
        bomb,
    ] {
        let reason = refusal(file.as_bytes()).await;
        assert!(reason.starts_with("must be a valid image"), "{reason}");
    }
}
