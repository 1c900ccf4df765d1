use crate::{
    call::{Answer, Call},
    site::site,
};

/// Files between quotes that the page loads.
fn files(page: &Answer) -> Vec<&str> {
    let parts = page.text.split('"');
    parts
        .filter(|part| part.starts_with("admin/assets/"))
        .collect()
}

/// The page without a dashboard. Tests also pass if Node has not built one.
fn explains_how_to_build(page: &Answer) -> bool {
    if page.status != 404 {
        return false;
    }
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.text.contains("npm --prefix admin ci"), "{}", page.text);
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    true
}

#[tokio::test]
async fn the_dashboard_is_served_or_the_page_says_how_to_build_it() {
    let site = site().await;
    let page = site.get("/admin").await;
    if explains_how_to_build(&page) {
        return;
    }
    assert_eq!(
        (page.status, page.header("cache-control")),
        (200, "no-cache")
    );
    assert!(page.text.contains("<div id=\"root\">"), "{}", page.text);
    let files = files(&page);
    assert!(files.len() >= 3, "script, style and icon: {files:?}");
    for file in files {
        let plain = site.get(&format!("/{file}")).await;
        assert_eq!(plain.status, 200, "{file}");
        assert!(plain.header("cache-control").contains("immutable"));
        let packed = Call::get(&format!("/{file}"))
            .header("accept-encoding", "br")
            .to(&site)
            .await;
        assert_eq!(packed.header("content-encoding"), "br", "{file}");
        assert!(packed.header("vary").contains("Accept-Encoding"));
        assert!(packed.bytes.len() < plain.bytes.len(), "{file}");
    }
}

#[tokio::test]
async fn the_policy_of_the_dashboard_forbids_inline_scripts_and_allows_styles_by_a_new_nonce() {
    let site = site().await;
    let page = site.get("/admin").await;
    if explains_how_to_build(&page) {
        return;
    }
    let nonce = |page: &Answer| {
        let policy = page.header("content-security-policy").to_owned();
        let (_, rest) = policy.split_once("'nonce-").unwrap();
        rest.split_once('\'').unwrap().0.to_owned()
    };
    let policy = page.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self';"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(page.text.contains(&format!("nonce=\"{}\"", nonce(&page))));
    assert!(!page.text.contains("TINTERO_NONCE"));
    let again = site.get("/admin").await;
    assert_ne!(nonce(&page), nonce(&again));
    for script in page.text.split("<script").skip(1) {
        let (tag, content) = script.split_once('>').unwrap();
        assert!(tag.contains("src=\"admin/assets/"), "{tag}");
        assert!(content.starts_with("</script>"), "{content}");
    }
}

#[tokio::test]
async fn the_dashboard_has_one_address_and_no_other_files() {
    let site = site().await;
    let slash = site.get("/admin/").await;
    assert_eq!((slash.status, slash.header("location")), (308, "../admin"));
    for path in [
        "/admin/assets/nothing.js",
        "/admin/assets/index.html",
        "/admin/assets/.gitignore",
    ] {
        assert_eq!(
            site.get(path).await.refusal(),
            (404, "unknown_route"),
            "{path}"
        );
    }
}
