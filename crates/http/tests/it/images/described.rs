use serde_json::json;
use tintero_domain::access::Role;

use super::{Form, an_image, png};
use crate::{call::Call, site::site_as};

#[tokio::test]
async fn the_alternative_text_of_an_image_can_be_updated() {
    let (site, token) = site_as(Role::Author).await;
    let image = an_image(&site, &token, 5, "gato.png").await;
    let path = format!("/v1/images/{}", image["id"].as_str().unwrap());
    let change = |alt| {
        Call::patch(&path)
            .signed(&token)
            .json(&json!({ "alt": alt }))
    };
    let changed = change(Some("Un gato")).based_on("\"1.1\"").to(&site).await;
    assert_eq!(changed.status, 200);
    assert!(changed.etag().starts_with("\"2.2-"), "{}", changed.etag());
    assert_eq!(changed.body["alt"], "Un gato");
    assert_eq!(site.get(&path).await.body, changed.public());
    let late = change(Some("Tarde")).based_on("\"1.1\"").to(&site).await;
    assert_eq!(late.refusal(), (412, "stale"));
    assert_eq!(
        (late.etag(), &late.body["current_version"]),
        ("\"2.2\"", &json!(2))
    );
    let blind = change(Some("Ciego")).to(&site).await;
    assert_eq!(blind.refusal(), (428, "precondition_required"));
    let cleared = change(None).based_on("\"2.2\"").to(&site).await;
    assert_eq!(cleared.body["alt"], json!(null));
}

#[tokio::test]
async fn values_derived_from_the_file_cannot_be_updated() {
    let (site, token) = site_as(Role::Author).await;
    let image = an_image(&site, &token, 5, "gato.png").await;
    let path = format!("/v1/images/{}", image["id"].as_str().unwrap());
    let body = json!({"width": 7, "source_path": "otro.png"});
    let call = Call::patch(&path)
        .signed(&token)
        .based_on("\"1.1\"")
        .json(&body);
    let answer = call.to(&site).await;
    assert_eq!(answer.refusal(), (422, "invalid"));
    let unknown = [
        ("/width", "unknown_member"),
        ("/source_path", "unknown_member"),
    ];
    assert_eq!(answer.errors(), unknown);
}

#[tokio::test]
async fn authenticated_callers_list_images_in_pages() {
    let (site, token) = site_as(Role::Author).await;
    for width in 1..=3 {
        an_image(&site, &token, width, &format!("{width}.png")).await;
        site.clock.forward_seconds(1);
    }
    let first = site.get_as(&token, "/v1/images?limit=2").await;
    let widths = |answer: &crate::call::Answer| -> Vec<_> {
        let items = answer.body["items"].as_array().unwrap();
        items
            .iter()
            .map(|image| image["width"].as_u64().unwrap())
            .collect()
    };
    assert_eq!(widths(&first), [3, 2]);
    let next = first.header("link").split(['<', '>']).nth(1).unwrap();
    let last = site.get_as(&token, next).await;
    assert_eq!(
        (widths(&last), &last.body["page"]["has_next"]),
        (vec![1], &json!(false))
    );
    let stranger = site.get("/v1/images").await;
    assert_eq!(stranger.refusal(), (401, "unauthenticated"));
}

#[tokio::test]
async fn an_image_is_found_by_its_source_path() {
    let (site, token) = site_as(Role::Author).await;
    let image = an_image(&site, &token, 5, "assets/Año nuevo.png").await;
    for (query, found) in [
        ("assets/A%C3%B1o%20nuevo.png", true),
        ("/assets/An%CC%83o+nuevo.png", true),
        ("assets/A%25C3%25B1o%2520nuevo.png", true),
        ("ASSETS/A%C3%91O%20NUEVO.PNG", true),
        ("assets/ano.png", false),
    ] {
        let uri = format!("/v1/images?source_path={query}");
        let answer = site.get_as(&token, &uri).await;
        let expected = if found { json!([image]) } else { json!([]) };
        assert_eq!(
            (answer.status, &answer.body["items"]),
            (200, &expected),
            "{query}"
        );
    }
    let climbing = site.get_as(&token, "/v1/images?source_path=../a").await;
    assert_eq!(climbing.refusal(), (400, "bad_query"));
    let both = site
        .get_as(&token, "/v1/images?source_path=a&cursor=x")
        .await;
    assert_eq!(both.errors(), [("cursor", "not_supported")]);
}

#[tokio::test]
async fn credit_and_focal_point_can_be_updated() {
    let (site, token) = site_as(Role::Author).await;
    let image = an_image(&site, &token, 5, "gato.png").await;
    assert_eq!(
        (&image["credit"], &image["focal_point"]),
        (&json!(null), &json!(null))
    );
    let path = format!("/v1/images/{}", image["id"].as_str().unwrap());
    let change = |body| Call::patch(&path).signed(&token).json(&body);
    let body = json!({"credit": "Ana Pérez", "focal_point": {"x": 0.25, "y": 1}});
    let changed = change(body).based_on("\"1.1\"").to(&site).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(changed.body["credit"], "Ana Pérez");
    assert_eq!(changed.body["focal_point"], json!({"x": 0.25, "y": 1.0}));
    assert_eq!(site.get_as(&token, &path).await.body, changed.body);
    let outside = json!({"focal_point": {"x": 1.5, "y": "0", "z": 0}});
    let refused = change(outside).based_on("\"2.2\"").to(&site).await;
    let errors = [
        ("/focal_point/x", "out_of_range"),
        ("/focal_point/y", "wrong_type"),
        ("/focal_point/z", "unknown_member"),
    ];
    assert_eq!(refused.errors(), errors);
    let body = json!({"credit": null, "focal_point": null});
    let cleared = change(body).based_on("\"2.2\"").to(&site).await;
    assert_eq!(
        (&cleared.body["credit"], &cleared.body["focal_point"]),
        (&json!(null), &json!(null))
    );
}

#[tokio::test]
async fn an_image_has_the_name_of_its_file_and_a_caption() {
    let (site, token) = site_as(Role::Author).await;
    let form = Form::new()
        .part(r#"name="file"; filename="fotos/El gato.png""#, &png(5))
        .field("caption", "Tinta en la redacción");
    let image = form.sent(&site, &token).await;
    assert_eq!(image.status, 201, "{}", image.text);
    assert_eq!(image.body["file_name"], "El gato.png");
    assert_eq!(image.body["caption"], "Tinta en la redacción");
    let path = format!("/v1/images/{}", image.body["id"].as_str().unwrap());
    let public = site.get(&path).await.body;
    assert!(public.get("file_name").is_none(), "{public:#}");
    let change = Call::patch(&path).signed(&token).based_on("\"1.1\"");
    let changed = change.json(&json!({ "caption": null })).to(&site).await;
    assert_eq!(changed.body["caption"], json!(null));
}

#[tokio::test]
async fn images_are_filtered_and_filters_that_exclude_each_other_are_rejected() {
    let (site, token) = site_as(Role::Author).await;
    let one = an_image(&site, &token, 5, "uno.png").await;
    an_image(&site, &token, 6, "dos.png").await;
    for query in [
        "q=UNO",
        "type=image%2Fpng&q=uno",
        "missing_alt=true&unused=true&q=uno&limit=25",
        "created_after=2025-12-31T23:59:59Z&q=uno",
    ] {
        let found = site.get_as(&token, &format!("/v1/images?{query}")).await;
        assert_eq!(found.body["items"][0]["id"], one["id"], "{query}");
        assert_eq!(found.body["items"].as_array().unwrap().len(), 1, "{query}");
    }
    for (query, name) in [
        ("q=uno&trashed=true", "trashed"),
        ("unused=true&source_path=uno.png", "source_path"),
        ("unused=true&limit=26", "limit"),
        ("type=image%2Ftiff", "type"),
        ("created_before=yesterday", "created_before"),
    ] {
        let refused = site.get_as(&token, &format!("/v1/images?{query}")).await;
        assert_eq!(refused.status, 400, "{query}: {}", refused.text);
        assert_eq!(refused.errors()[0].0, name, "{query}");
    }
}
