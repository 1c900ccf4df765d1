//! Links between posts: to the present address, whichever post came first.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use serde_json::{Value, json};
use tintero_domain::access::Role;

use crate::{
    call::{Answer, Call},
    site::{Site, site},
};

struct Blog {
    site: Site,
    admin: String,
}

impl Blog {
    async fn new(post_path: &str) -> Self {
        let site = site().await;
        let admin = site.token(Role::Administrator).await;
        let blog = Self { site, admin };
        blog.set(&json!({ "base_url": "https://ej.example", "post_path": post_path }))
            .await;
        blog
    }

    async fn set(&self, patch: &Value) {
        let etag = self.site.get("/v1/site").await.etag().to_owned();
        let call = Call::patch("/v1/site").signed(&self.admin).based_on(&etag);
        let changed = call.json(patch).to(&self.site).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
    }

    /// Publishes an imported post.
    async fn import(&self, stem: &str, body: &str, aliases: &[&str]) -> Answer {
        let slug = &stem[11..];
        let new = json!({
            "title": slug, "slug": slug, "body": body, "status": "published", "published_at": "2024-01-03T10:00:00Z",
            "aliases": aliases,
            "source": { "import": "blog", "path": format!("_posts/{stem}.md"), "sha256": "0".repeat(64) },
        });
        let made = self.site.post_as(&self.admin, "/v1/posts", &new).await;
        assert_eq!(made.status, 201, "{}", made.text);
        made
    }

    async fn rename(&self, post: &Answer, slug: &str) -> Answer {
        let path = format!("/v1/posts/{}", post.body["id"].as_str().unwrap());
        let call = Call::patch(&path).signed(&self.admin).based_on(post.etag());
        let renamed = call.json(&json!({ "slug": slug })).to(&self.site).await;
        assert_eq!(renamed.status, 200, "{}", renamed.text);
        let publish = Call::post(&format!("{path}/publish")).signed(&self.admin);
        let published = publish.based_on(renamed.etag()).to(&self.site).await;
        assert_eq!(published.status, 200, "{}", published.text);
        published
    }

    /// Follows the changes and returns the public HTML.
    async fn html(&self, slug: &str) -> String {
        self.site.posts.follow_links(|| true).await.unwrap();
        let read = self.site.get(&format!("/v1/posts/by-slug/{slug}")).await;
        assert_eq!(read.status, 200, "{}", read.text);
        read.body["html"].as_str().unwrap().to_owned()
    }

    async fn references(&self, post: &Answer) -> Vec<(String, Value, Value)> {
        let path = format!("/v1/posts/{}", post.body["id"].as_str().unwrap());
        let read = self.site.get_as(&self.admin, &path).await;
        let references = read.body["references"].as_array().unwrap().iter();
        let row = |reference: &Value| {
            let name = reference["name"].as_str().unwrap().to_owned();
            (name, reference["url"].clone(), reference["reason"].clone())
        };
        references.map(row).collect()
    }
}

/// One link of each kind to the second post.
const LINKS: &str = "[a]({% post_url 2024-01-03-dos %}) [b]({% link _posts/2024-01-03-dos.md %}) [c](2024-01-03-dos.md#x) \
    [d](https://ej.example/viejo/dos.html) [e](/viejo/dos.html?y=1) [f](https://otro.example/viejo/dos.html)";

fn hrefs(html: &str) -> Vec<&str> {
    let parts = html.split("href=\"").skip(1);
    parts.map(|part| part.split('"').next().unwrap()).collect()
}

#[tokio::test]
async fn links_lead_to_the_present_address_after_a_slug_change() {
    let blog = Blog::new("/{year}/{slug}/").await;
    let dos = blog
        .import("2024-01-03-dos", "x", &["/viejo/dos.html"])
        .await;
    blog.import("2024-01-02-uno", LINKS, &[]).await;
    let expected = |path: &str| {
        let other = "https://otro.example/viejo/dos.html".to_owned();
        vec![
            path.to_owned(),
            path.to_owned(),
            format!("{path}#user-content-x"),
            path.to_owned(),
            format!("{path}?y=1"),
            other,
        ]
    };
    assert_eq!(hrefs(&blog.html("uno").await), expected("/2024/dos/"));
    blog.rename(&dos, "tres").await;
    assert_eq!(hrefs(&blog.html("uno").await), expected("/2024/tres/"));
}

#[tokio::test]
async fn links_to_later_posts_are_unresolved_until_these_are_public() {
    let blog = Blog::new("/{slug}").await;
    let uno = blog.import("2024-01-02-uno", LINKS, &[]).await;
    let before = blog.html("uno").await;
    assert!(!hrefs(&before).contains(&"/dos"), "{before}");
    let references = blog.references(&uno).await;
    assert_eq!(references.len(), 5, "{references:?}");
    assert!(
        references
            .iter()
            .all(|(_, url, reason)| url.is_null() && reason == "unknown"),
        "{references:?}"
    );
    let dos = blog
        .import("2024-01-03-dos", "x", &["/viejo/dos.html"])
        .await;
    let after = blog.html("uno").await;
    assert_eq!(
        hrefs(&after)
            .iter()
            .filter(|href| href.starts_with("/dos"))
            .count(),
        5,
        "{after}"
    );
    let unpublish = format!("/v1/posts/{}/unpublish", dos.body["id"].as_str().unwrap());
    let unpublish = Call::post(&unpublish)
        .signed(&blog.admin)
        .based_on(dos.etag());
    assert_eq!(unpublish.to(&blog.site).await.status, 200);
    let hidden = blog.html("uno").await;
    assert!(!hrefs(&hidden).contains(&"/dos"), "{hidden}");
    let references = blog.references(&uno).await;
    assert!(
        references
            .iter()
            .all(|(_, _, reason)| reason == "not_public"),
        "{references:?}"
    );
}

#[tokio::test]
async fn links_by_address_follow_the_pattern_of_the_site() {
    let blog = Blog::new("/{year}/{slug}/").await;
    blog.import("2024-01-03-dos", "x", &[]).await;
    blog.import("2024-01-02-uno", "[a](/2024/dos) [b](/acerca/)", &[])
        .await;
    assert_eq!(hrefs(&blog.html("uno").await), ["/2024/dos/", "/acerca/"]);
    blog.set(&json!({ "base_url": "https://ej.example/blog", "post_path": "/{slug}.html" }))
        .await;
    assert_eq!(hrefs(&blog.html("uno").await), ["/2024/dos", "/acerca/"]);
}

#[tokio::test]
async fn a_change_of_the_paths_renders_all_links_again() {
    let blog = Blog::new("/{slug}").await;
    blog.import("2024-01-03-dos", "x", &[]).await;
    blog.import("2024-01-02-uno", "[a]({% post_url 2024-01-03-dos %})", &[])
        .await;
    assert_eq!(hrefs(&blog.html("uno").await), ["/dos"]);
    blog.set(
        &json!({ "base_url": "https://ej.example/blog", "post_path": "/{year}/{month}/{slug}/" }),
    )
    .await;
    assert_eq!(hrefs(&blog.html("uno").await), ["/blog/2024/01/dos/"]);
}
