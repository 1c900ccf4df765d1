use std::fs;

use tintero_markdown::front_matter;

use super::*;

const WORDPRESS: &str = r#"<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"
  xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
  <title>Un blog &amp; m&#225;s</title>
  <link>https://example.org/blog</link>
  <language>es</language>
  <wp:wxr_version>1.2</wp:wxr_version>
  <wp:base_blog_url>https://example.org/blog</wp:base_blog_url>
  <wp:author><wp:author_login><![CDATA[ana]]></wp:author_login>
    <wp:author_display_name><![CDATA[Ana Güell]]></wp:author_display_name></wp:author>
  <item>
    <title>Caf&#233; &amp; pan</title>
    <link>https://example.org/blog/2020/01/cafe/</link>
    <dc:creator><![CDATA[ana]]></dc:creator>
    <content:encoded><![CDATA[Uno {{ dos }}.

<img src="https://example.org/blog/wp-content/uploads/2020/a.png" />]]></content:encoded>
    <excerpt:encoded><![CDATA[Corto]]></excerpt:encoded>
    <wp:post_id>7</wp:post_id>
    <wp:post_date_gmt>2020-01-02 03:04:05</wp:post_date_gmt>
    <wp:post_name>cafe</wp:post_name>
    <wp:status>publish</wp:status>
    <wp:post_type>post</wp:post_type>
    <category domain="category" nicename="cocina"><![CDATA[Cocina]]></category>
    <category domain="post_tag" nicename="x"><![CDATA[Pan, dulce]]></category>
    <wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value><![CDATA[9]]></wp:meta_value></wp:postmeta>
  </item>
  <item><title>Borrador</title><link>https://example.org/blog/?p=8</link><content:encoded></content:encoded>
    <wp:post_id>8</wp:post_id><wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt><wp:status>draft</wp:status>
    <wp:post_type>post</wp:post_type></item>
  <item><title>Sobre</title><wp:post_name>sobre</wp:post_name><wp:status>publish</wp:status><wp:post_type>page</wp:post_type></item>
  <item><title>a</title><wp:post_id>9</wp:post_id><wp:post_type>attachment</wp:post_type>
    <wp:attachment_url>https://example.org/blog/wp-content/uploads/2020/a.png</wp:attachment_url></item>
  <item><title>x</title><wp:status>trash</wp:status><wp:post_type>post</wp:post_type></item>
</channel></rss>"#;

fn converted(name: &str, text: &str) -> Result<TempDir, ImportError> {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join(name);
    fs::write(&file, text).unwrap();
    let uploads = dir.path().join("wp-content/uploads/2020");
    fs::create_dir_all(&uploads).unwrap();
    fs::write(uploads.join("a.png"), "png").unwrap();
    convert(&file)
}

fn keys(folder: &TempDir, path: &str) -> (serde_json::Value, String) {
    let file = fs::read(folder.path().join(path)).unwrap();
    let split = front_matter::split(&file).unwrap();
    let map = front_matter::parse(&split.block.unwrap()).unwrap().map;
    (map.to_json().into(), split.body.to_owned())
}

#[test]
fn a_wordpress_export_becomes_a_site() {
    let folder = converted("blog.xml", WORDPRESS).unwrap();
    let (front_matter, body) = keys(&folder, "_posts/2020-01-02-cafe.html");
    assert_eq!(
        front_matter,
        serde_json::json!({
            "title": "Café & pan", "slug": "cafe", "date": "2020-01-02 03:04:05 +0000",
            "permalink": "/2020/01/cafe/", "categories": ["Cocina"], "tags": ["Pan, dulce"],
            "authors": ["Ana Güell"], "excerpt": "Corto",
            "image": "https://example.org/blog/wp-content/uploads/2020/a.png", "render_with_liquid": false,
        })
    );
    assert!(body.starts_with("<p>Uno {{ dos }}.</p>"), "{body}");
    let (draft, _) = keys(&folder, "_drafts/borrador.html");
    assert_eq!(draft["published"], false);
    assert!(folder.path().join("sobre.html").is_file());
    assert!(
        folder
            .path()
            .join("wp-content/uploads/2020/a.png")
            .is_file()
    );
    let config = fs::read_to_string(folder.path().join("_config.yml")).unwrap();
    let expected =
        r#"{"title":"Un blog & más","url":"https://example.org","baseurl":"/blog","lang":"es"}"#;
    assert_eq!(config, expected);
}

#[test]
fn a_ghost_export_becomes_a_site() {
    let export = serde_json::json!({"db": [{"meta": {}, "data": {
        "posts": [{
            "id": "5", "title": "Hola", "slug": "hola", "status": "published", "type": "post",
            "html": "<p><img src=\"__GHOST_URL__/content/images/a.png\"></p>",
            "published_at": "2021-02-03T04:05:06.000Z", "feature_image": "__GHOST_URL__/content/images/b.png",
        }, {"id": "6", "title": "Page", "slug": "page", "status": "published", "type": "page"}],
        "tags": [{"id": 1, "name": "Uno"}, {"id": 2, "name": "#internal"}],
        "users": [{"id": "u", "name": "Ana"}],
        "posts_tags": [{"post_id": "5", "tag_id": 1}, {"post_id": "5", "tag_id": 2, "sort_order": 1}],
        "posts_authors": [{"post_id": "5", "author_id": "u"}],
        "settings": [{"key": "title", "value": "Blog"}, {"key": "locale", "value": "es"}],
    }}]});
    let folder = converted("ghost.json", &export.to_string()).unwrap();
    let (front_matter, body) = keys(&folder, "_posts/2021-02-03-hola.html");
    assert_eq!(
        front_matter,
        serde_json::json!({
            "title": "Hola", "slug": "hola", "date": "2021-02-03T04:05:06.000Z", "permalink": "/hola/",
            "tags": ["Uno"], "authors": ["Ana"], "image": "/content/images/b.png", "render_with_liquid": false,
        })
    );
    assert_eq!(body, "<p><img src=\"/content/images/a.png\"></p>");
    assert!(folder.path().join("page.html").is_file());
}

#[test]
fn other_files_are_refused() {
    for (name, text) in [
        ("a.xml", "<rss><channel></channel></rss>"),
        ("a.xml", "<rss><channel>"),
        ("a.xml", "<a></b>"),
        ("a.json", "{}"),
        ("a.json", "{\"db\": []}"),
        ("a.zip", "x"),
    ] {
        assert!(converted(name, text).is_err(), "{text}");
    }
}
