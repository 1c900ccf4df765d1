use jiff::civil::date;
use jiff::tz::TimeZone;

use super::*;
use crate::front_matter::{parse_toml, parse_yaml};

fn site(config: &str) -> HugoSite {
    let config = parse_toml(config, 1).unwrap().map;
    HugoSite::new(vec![(HugoConfigFile::Root, config)])
}

fn url_of(site: &HugoSite, path: &str, front_matter: &str) -> Result<String, PermalinkError> {
    let map = parse_yaml(front_matter, 1).unwrap().map;
    let map = site.front_matter(path, &map);
    let day = date(2024, 1, 2).to_zoned(TimeZone::UTC).unwrap();
    let path = site.locate(path).unwrap();
    site.url(&HugoPage {
        path: &path,
        title: map.text("title").unwrap_or_default(),
        slug: map.text("slug"),
        url: map.text("url"),
        date: Some(&day),
    })
}

/// Compared with the files that Hugo 0.111 writes for the same content.
#[test]
fn urls_are_those_of_hugo() {
    let mut site = site(
        "defaultContentLanguage = 'en'\n\
         permalinks.docs = '/d/:year/:sections/:slug/'\n[languages]\nen = {weight = 1}\nes = {weight = 2}\n",
    );
    site.add_section("content/posts/sub/_index.md", &YamlMap::default());
    for (path, front_matter, expected) in [
        ("posts/A.md", "", "/posts/a/"),
        ("posts/Año & B?.md", "", "/posts/a%C3%B1o-b/"),
        ("posts/C#.md", "", "/posts/c%23/"),
        ("posts/2024-01-02-dated.md", "", "/posts/2024-01-02-dated/"),
        ("posts/bundle/index.md", "", "/posts/bundle/"),
        ("posts/bundle/index.es.md", "", "/es/posts/bundle/"),
        ("posts/sub/deep/m.md", "", "/posts/sub/deep/m/"),
        (
            "docs/x.md",
            "title: '¿Qué Es: esto?'",
            "/d/2024/docs/qu%C3%A9-es-esto/",
        ),
        (
            "docs/deep/y.md",
            "slug: my Slug_1",
            "/d/2024/docs/my-slug_1/",
        ),
        ("about.md", "", "/about/"),
        ("root/index.md", "", "/root/"),
        (
            "posts/u.md",
            "url: /custom/Path Here",
            "/custom/Path%20Here/",
        ),
        ("posts/u2.md", "url: custom/p.html", "/custom/p.html"),
        ("posts/u3.es.md", "url: custom/p", "/es/custom/p/"),
        ("posts/s.md", "slug: A Slug/x", "/posts/a-slug/x/"),
        ("posts/a.b.md", "", "/posts/a.b/"),
        ("posts/a - b.md", "", "/posts/a-b/"),
    ] {
        let path = format!("content/{path}");
        assert_eq!(url_of(&site, &path, front_matter).unwrap(), expected);
    }
}

#[test]
fn patterns_select_sections_and_reject_unknown_tokens() {
    let mut nested = site("[permalinks.page]\nposts = '/:sections[1:]/:contentbasename.html'");
    nested.add_section("content/posts/sub/_index.md", &YamlMap::default());
    let path = "content/posts/sub/deep/M.md";
    assert_eq!(url_of(&nested, path, "").unwrap(), "/sub/m.html");
    let unknown = site("[permalinks]\nposts = '/:never/'");
    assert!(url_of(&unknown, "content/posts/a.md", "").is_err());
    let outside = site("");
    assert!(url_of(&outside, "content/posts/a.md", "url: /../x").is_err());
}

#[test]
fn ugly_urls_and_upper_case_can_be_configured() {
    let site = site("uglyURLs = true\ndisablePathToLower = true\n");
    assert_eq!(
        url_of(&site, "content/posts/A.md", "").unwrap(),
        "/posts/A.html"
    );
}

#[test]
fn values_cascade_from_the_nearest_section() {
    let mut site = site("[[cascade]]\nauthor = 'Site'\n[cascade._target]\npath = '/posts/**'");
    let section = "cascade:\n- draft: true\n  categories: A b\n  _target: {path: '/posts/sub/*'}\n";
    let section = parse_yaml(section, 1).unwrap().map;
    site.add_section("content/posts/_index.md", &section);
    let read = |path: &str, text: &str| {
        let map = parse_yaml(text, 1).unwrap().map;
        serde_json::Value::Object(site.front_matter(path, &map).to_json())
    };
    assert_eq!(
        read("content/posts/sub/a.md", "Title: T\n"),
        serde_json::json!({"title": "T", "draft": true, "categories": ["A b"], "author": "Site"})
    );
    assert_eq!(
        read("content/posts/a.md", "author: Own\n"),
        serde_json::json!({"author": "Own"})
    );
    assert_eq!(read("content/notes/a.md", ""), serde_json::json!({}));
}

#[test]
fn the_configuration_can_have_several_files() {
    let paths = [
        "config/_default/config.yaml",
        "config/_default/languages.es.toml",
        "config/_default/params.toml",
        "config/production/config.toml",
        "config.toml",
        "content/hugo.toml",
    ];
    let files = config_files(&paths);
    assert_eq!(
        files,
        [
            ("config.toml", HugoConfigFile::Root),
            ("config/_default/config.yaml", HugoConfigFile::Root),
            (
                "config/_default/languages.es.toml",
                HugoConfigFile::Language("es".to_owned())
            ),
            (
                "config/_default/params.toml",
                HugoConfigFile::Key("params".to_owned())
            ),
        ]
    );
    let maps = [
        "baseURL = '/old/'",
        "baseURL = 'https://e.org/blog'\nlanguageCode = 'es'",
        "contentDir = 'contenido'",
        "mainSections = ['posts']",
    ];
    let maps = maps.map(|text| parse_toml(text, 1).unwrap().map);
    let parts = files.into_iter().map(|(_, part)| part);
    let site = HugoSite::new(parts.zip(maps).collect());
    assert_eq!(
        site.content_folders().collect::<Vec<_>>(),
        ["contenido", "content"]
    );
    let values = site.values();
    assert_eq!(
        ["url", "baseurl", "lang"].map(|key| values.text(key)),
        [Some("https://e.org"), Some("/blog"), Some("es")]
    );
    let page = site.locate("contenido/notas/a.md").unwrap();
    assert_eq!((page.language, page.section()), (Some("es"), Some("notas")));
    assert!(!site.lists(&page, true));
}

#[test]
fn a_page_with_a_date_in_a_section_is_a_post() {
    let site = site("");
    let lists = |path: &str, dated| site.lists(&site.locate(path).unwrap(), dated);
    assert!(lists("content/posts/a.md", true));
    assert!(!lists("content/posts/a.md", false));
    assert!(!lists("content/about.md", true));
    let mut flat = HugoSite::new(Vec::new());
    flat.set_flat();
    assert!(flat.lists(&flat.locate("content/a.md").unwrap(), true));
    let map = parse_yaml("publishDate: 2024-01-02\n", 1).unwrap().map;
    let map = site.front_matter("content/posts/a.md", &map);
    assert_eq!(map.text("date"), Some("2024-01-02"));
}
