use std::{fs, path::Path};

use tintero_http::SecurityContact;

use crate::site::{site, site_with};

#[tokio::test]
async fn the_document_is_served_as_json_and_yaml() {
    let site = site().await;
    let json = site.get("/openapi.json").await;
    assert_eq!(json.body["openapi"], "3.1.0");
    let yaml = site.get("/openapi.yaml").await;
    assert_eq!(yaml.header("content-type"), "application/yaml");
    assert_eq!(yaml.text, tintero_http::openapi_yaml());
}

#[tokio::test]
async fn the_documentation_page_loads_no_external_files() {
    let site = site().await;
    let page = site.get("/docs").await;
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
        let file = site.get(&format!("/{part}")).await;
        assert_eq!(file.status, 200, "{part}");
        assert!(!file.text.is_empty(), "{part}");
    }
    let start = site.get("/docs/swagger-initializer.js").await;
    assert!(start.text.contains("\"openapi.json\""), "{}", start.text);
    assert!(
        start.text.contains("\"validatorUrl\": \"none\""),
        "{}",
        start.text
    );
}

#[tokio::test]
async fn the_root_redirects_to_the_documentation_page() {
    let site = site().await;
    let answer = site.get("/").await;
    assert_eq!((answer.status, answer.header("location")), (307, "docs"));
}

#[test]
fn the_page_of_lists_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/lists.md");
    let page = tintero_http::lists_page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        written, page,
        "docs/lists.md is not what the code says; UPDATE_DOCS=1 cargo test -p tintero-http rewrites it"
    );
}

#[tokio::test]
async fn vulnerabilities_are_reported_to_the_configured_contact() {
    let silent = site().await;
    let answer = silent.get("/.well-known/security.txt").await;
    assert_eq!(answer.refusal(), (404, "unknown_route"));
    let site = site_with(|config| {
        config.security_contact = Some(SecurityContact {
            uris: ["mailto:a@b.c", "https://b.c/x"]
                .map(str::to_owned)
                .to_vec(),
            policy: Some("https://b.c/policy".to_owned()),
        });
    })
    .await;
    let answer = site.get("/.well-known/security.txt").await;
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(
        answer.text,
        "Contact: mailto:a@b.c\nContact: https://b.c/x\n\
         Expires: 2026-06-30T00:00:00.000Z\nPolicy: https://b.c/policy\n"
    );
}
