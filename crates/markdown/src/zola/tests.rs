use super::*;
use crate::front_matter::parse_toml;

fn map(text: &str) -> YamlMap {
    parse_toml(text, 1).unwrap().map
}

fn url(config: &str, path: &str, slug: Option<&str>, url: Option<&str>) -> String {
    let site = ZolaSite::new(map(config));
    let path = site.locate(path).unwrap();
    let page = ZolaPage {
        path: &path,
        slug,
        url,
    };
    site.url(&page).unwrap()
}

#[test]
fn urls_follow_folders_slugs_and_paths() {
    for (path, expected) in [
        ("content/blog/Año nuevo.md", "/blog/ano-nuevo/"),
        ("content/blog/2024-01-02-hola.md", "/blog/hola/"),
        ("content/blog/2024-01-02_hola/index.md", "/blog/hola/"),
        ("content/Mi Blog/a/b.md", "/Mi%20Blog/a/b/"),
        ("content/about.md", "/about/"),
    ] {
        assert_eq!(url("", path, None, None), expected, "{path}");
    }
    assert_eq!(url("", "content/a.md", Some("Un Slug"), None), "/un-slug/");
    assert_eq!(url("", "content/a.md", None, Some("/x/y")), "/x/y/");
    let config = "slugify = {paths = 'off', paths_keep_dates = true}";
    assert_eq!(
        url(config, "content/b/2024-01-02-Hola.md", None, None),
        "/b/2024-01-02-Hola/"
    );
}

#[test]
fn languages_are_in_file_names_and_urls() {
    let config = "default_language = 'es'\n[languages.en]\n";
    assert_eq!(url(config, "content/b/a.en.md", None, None), "/en/b/a/");
    assert_eq!(url(config, "content/b/a.es.md", None, None), "/b/a/");
    assert_eq!(
        url(config, "content/b/x/index.en.md", None, None),
        "/en/b/x/"
    );
    assert_eq!(url("", "content/b/v1.2.md", None, None), "/b/v1-2/");
}

#[test]
fn parent_folders_are_rejected() {
    let site = ZolaSite::new(YamlMap::default());
    let path = site.locate("content/a.md").unwrap();
    let page = ZolaPage {
        path: &path,
        slug: None,
        url: Some("../x"),
    };
    assert!(site.url(&page).is_err());
}

#[test]
fn taxonomies_become_keys_of_the_post() {
    let site = ZolaSite::new(YamlMap::default());
    let text = "title = 'A'\n[taxonomies]\ntags = ['x y']\nseries = ['s']\n[extra]\na = 1\n";
    let keys = site.front_matter(map(text)).to_json();
    let expected = serde_json::json!({
        "title": "A", "tags": ["x y"], "taxonomies": {"series": ["s"]}, "extra": {"a": 1},
    });
    assert_eq!(serde_json::Value::Object(keys), expected);
}

#[test]
fn a_page_without_a_date_has_that_of_its_path() {
    let site = ZolaSite::new(YamlMap::default());
    let date = |text: &str| {
        let keys = site.front_matter(map(text));
        keys.text("date").map(str::to_owned)
    };
    assert_eq!(date("path = '2014/12/12/a'").as_deref(), Some("2014-12-12"));
    assert_eq!(date("path = '/2014/2/3/a'").as_deref(), Some("2014-02-03"));
    assert_eq!(
        date("path = 'b/2014/12/12/a'").as_deref(),
        Some("2014-12-12")
    );
    let own = "path = '2014/12/12/a'\ndate = 2015-01-02";
    assert_eq!(date(own).as_deref(), Some("2015-01-02"));
    for path in ["2014/13/12/a", "2014/12/a", "docs/2014/12/12", "a"] {
        assert_eq!(date(&format!("path = '{path}'")), None, "{path}");
    }
}

#[test]
fn the_base_url_has_two_parts() {
    let site = ZolaSite::new(map("base_url = 'https://e.org/blog/'\ntitle = 'T'"));
    let values = site.values();
    assert_eq!(
        ["url", "baseurl", "title", "future"].map(|key| values.text(key)),
        [
            Some("https://e.org"),
            Some("/blog"),
            Some("T"),
            Some("true")
        ]
    );
}
