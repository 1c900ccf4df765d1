use crate::{call::Call, site::site};

#[tokio::test]
async fn the_document_is_served_in_both_notations() {
    let site = site().await;
    let json = Call::get("/openapi.json").to(&site).await;
    assert_eq!(json.body["openapi"], "3.1.0");
    let yaml = Call::get("/openapi.yaml").to(&site).await;
    assert_eq!(yaml.header("content-type"), "application/yaml");
    assert_eq!(yaml.text, tintero_http::openapi_yaml());
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere() {
    let site = site().await;
    let page = Call::get("/docs").to(&site).await;
    assert!(page.text.contains("<title>Tintero API</title>"));
    assert!(
        !page.text.contains("//"),
        "an address of elsewhere: {}",
        page.text
    );
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'self'")
    );
    for part in page
        .text
        .split('"')
        .filter(|part| part.starts_with("docs/"))
    {
        let file = Call::get(&format!("/{part}")).to(&site).await;
        assert_eq!(file.status, 200, "{part}");
        assert!(!file.text.is_empty(), "{part}");
    }
    let start = Call::get("/docs/swagger-initializer.js").to(&site).await;
    assert!(start.text.contains("\"openapi.json\""), "{}", start.text);
    assert!(
        start.text.contains("\"validatorUrl\": \"none\""),
        "{}",
        start.text
    );
}

#[tokio::test]
async fn the_root_leads_to_the_page() {
    let site = site().await;
    let answer = Call::get("/").to(&site).await;
    assert_eq!((answer.status, answer.header("location")), (307, "docs"));
}
