use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;
use tintero_markdown::{front_matter::ImageKeys, jekyll::site::SiteConfig};

use super::*;
use crate::{
    file_index::{FileIndex, ImageMatch},
    folder::SourceFile,
    rules::SiteRules,
    test_folder::test_folder,
};

const CONFIG: &str = "permalink: /:categories/:title:output_ext\n";

fn reader(config: &str) -> PostFileReader {
    PostFileReader::new(ImportSettings {
        rules: SiteRules::Jekyll,
        site: SiteConfig::read(config.as_bytes()).unwrap().0,
        zone: TimeZone::get("Europe/Madrid").unwrap(),
        locale: Some("es".to_owned()),
        now: "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap(),
        contents: SiteContents::default(),
    })
}

fn invalid(unread: Unread) -> Diagnostic {
    match unread {
        Unread::Invalid(diagnostic) => diagnostic,
        Unread::NotAPost(why) => panic!("{why}"),
    }
}

fn read(path: &str, file: &str) -> ParsedPost {
    reader(CONFIG).read(path, file.as_bytes()).unwrap()
}

pub(super) fn read_with_files(files: &[&str], file: &str) -> ParsedPost {
    let files = files.iter().map(|path| SourceFile {
        path: (*path).to_owned(),
        bytes: 1,
    });
    let contents = SiteContents {
        files: FileIndex::new(files.collect()),
        ..SiteContents::default()
    };
    read_with_contents(contents, file)
}

fn read_with_contents(contents: SiteContents, file: &str) -> ParsedPost {
    let mut reader = reader(CONFIG);
    reader.settings.contents = contents;
    reader
        .read("_posts/2022-01-02-a.md", file.as_bytes())
        .unwrap()
}

pub(super) fn warnings(post: &ParsedPost) -> Vec<(&str, Option<usize>)> {
    let warnings = post.warnings.iter();
    warnings
        .map(|warning| (warning.code, warning.line))
        .collect()
}

#[test]
fn a_post_is_read_as_jekyll_reads_it() {
    let post = read(
        "_posts/2022-10-10-nube - Qué es la nube.markdown",
        "---\ntitle: \"¿Qué es la nube?\"\ncategories: nube Servicios\ntags: [AWS, nube]\nlayout: post\nrating: 4\n---\n\nHola.\n",
    );
    assert_eq!(
        Value::Object(post.content.members()),
        json!({
            "title": "¿Qué es la nube?",
            "slug": "nube-que-es-la-nube",
            "locale": "es",
            "excerpt": "Hola.",
            "tags": ["AWS", "nube"],
            "category_ids": ["nube", "servicios"],
            "aliases": ["/nube/servicios/nube-Qué-es-la-nube.html"],
            "published_at": "2022-10-09T22:00:00.000Z",
            "extra": {"layout": "post", "rating": 4},
        })
    );
    assert_eq!(
        post.intent,
        Intent::Publish(PublicationTime {
            at: "2022-10-09T22:00:00.000Z".to_owned(),
            is_future: false,
        })
    );
    assert!(post.warnings.is_empty());
}

#[test]
fn the_front_matter_overrides_the_file_name() {
    let post = read(
        "movies/_posts/2022-1-2-x.md",
        "---\ndate: 2021-06-01 10:00:00 +0000\nslug: Otro Nombre\nlang: es_MX\npermalink: /p/:title/\nredirect_from: [/viejo/, 'https://example.org/x']\nexcerpt: Dos\n  líneas\n---\n",
    );
    let members = post.content.members();
    for (name, value) in [
        ("title", json!("X")),
        ("slug", json!("otro-nombre")),
        ("locale", json!("es-MX")),
        ("excerpt", json!("Dos líneas")),
        ("published_at", json!("2021-06-01T10:00:00.000Z")),
        ("tags", json!([])),
        ("aliases", json!(["/p/Otro-Nombre/", "/viejo/"])),
    ] {
        assert_eq!(members[name], value, "{name}");
    }
    assert_eq!(warnings(&post), [("bad_alias", Some(6))]);
}

#[test]
fn a_base_url_gives_a_second_alias() {
    let reader = reader("permalink: none\nbaseurl: /blog/\n");
    let post = reader
        .read("_posts/2022-01-02-hola.md", b"---\n---\n")
        .unwrap();
    assert_eq!(post.content.aliases, ["/hola.html", "/blog/hola.html"]);
}

#[test]
fn files_that_jekyll_does_not_publish_are_drafts() {
    for (path, file, warning) in [
        ("_drafts/idea.md", "---\ntitle: Idea\n---\n", None),
        ("_drafts/2022-01-02-idea.md", "---\n---\n", None),
        (
            "_posts/2022-01-02-a.md",
            "---\npublished: false\n---\n",
            None,
        ),
        ("_posts/2022-01-02-a.md", "Hola\n", Some("no_front_matter")),
        ("_posts/notas.md", "---\n---\n", Some("file_name")),
        (
            "_posts/2022-02-31-a.md",
            "---\ndate: 2022-02-28\n---\n",
            Some("file_name"),
        ),
    ] {
        let post = read(path, file);
        assert_eq!(post.intent, Intent::Draft, "{path}");
        let first = warnings(&post).first().map(|(code, _)| *code);
        assert_eq!(first, warning, "{path}");
    }
}

#[test]
fn a_future_post_is_scheduled() {
    let post = read("_posts/2030-01-02-a.md", "---\n---\n");
    let Intent::Publish(release) = &post.intent else {
        panic!("{:?}", post.intent)
    };
    assert!(release.is_future);
    assert_eq!(warnings(&post), [("future_date", None)]);
}

#[test]
fn an_invalid_file_is_reported_with_its_line() {
    let path = "_posts/2022-01-02-a.md";
    let long = format!("---\ntitle: {}\n---\n", "ñ".repeat(201));
    for (path, file, expected) in [
        (
            path,
            b"---\ntitle: \xf1\n---\n".as_slice(),
            ("not_utf8", Some(2)),
        ),
        (path, b"---\na: 1\ndate: x\n---\n", ("bad_date", Some(3))),
        (path, long.as_bytes(), ("title_too_long", Some(2))),
        ("_drafts/\u{2026}.md", b"---\n---\n", ("no_slug", None)),
    ] {
        let error = invalid(reader(CONFIG).read(path, file).unwrap_err());
        assert_eq!((error.code, error.line), expected);
    }
    let unclosed = b"---\ntitle: a\ntags: [a\n---\n";
    let error = reader(CONFIG).read(path, unclosed).unwrap_err();
    assert_eq!(invalid(error).code, "front_matter");
}

#[test]
fn long_excerpts_are_cut_with_a_warning() {
    let post = read(
        "_posts/2022-01-02-a.md",
        &format!("---\ndescription: {}\n---\n", "palabra ".repeat(60)),
    );
    assert!(post.content.excerpt.clone().unwrap().chars().count() <= 240);
    let expected = [("excerpt_cut", Some(2)), ("description_cut", Some(2))];
    assert_eq!(warnings(&post), expected);
}

#[test]
fn images_of_the_site_are_found_and_remote_ones_ignored() {
    let post = read_with_files(
        &["assets/Mapa del día.png", "assets/a.png"],
        "---\nthumbnail: a.png\nfeatured_image: Mapa del día.png\nfeatured_image_alt: Un mapa\ncover: https://example.org/c.png\n---\n![La a]({{ \"/assets/a.png\" | relative_url }}) ![b](https://example.org/b.png)\n\n<img src=\"/gone.png\">\n",
    );
    let map = "assets/Mapa del día.png";
    let expected = [
        ("Mapa del día.png", 3, Some("Un mapa"), Some(map)),
        ("a.png", 2, None, Some("assets/a.png")),
        ("/assets/a.png", 7, Some("La a"), Some("assets/a.png")),
        ("/gone.png", 9, None, None),
    ];
    assert_eq!(post.images.len(), expected.len());
    for (mention, (written, line, alt, path)) in post.images.iter().zip(expected) {
        assert_eq!((mention.written.as_str(), mention.line), (written, line));
        assert_eq!(mention.alt.as_deref(), alt);
        let image = path.map_or(ImageMatch::Missing, |path| {
            ImageMatch::Found(path.to_owned())
        });
        assert_eq!(mention.image, image);
    }
    assert_eq!(post.content.featured_image.as_deref(), Some(map));
}

#[test]
fn the_first_existing_image_is_the_featured_image() {
    let post = read_with_files(
        &["img/b.png"],
        "---\nfeatured_image: a.png\nthumbnail: b.png\n---\n",
    );
    assert_eq!(post.content.featured_image.as_deref(), Some("img/b.png"));
}

#[test]
fn categories_are_identified_by_their_names_regardless_of_case() {
    let post = read(
        "Cocina/_posts/2022-01-02-a.md",
        "---\ncategories: [Café, cafe, AWS Lambda, uno, dos, tres, —]\n---\n",
    );
    assert_eq!(
        post.content.categories,
        ["cocina", "café", "cafe", "aws lambda", "uno"]
    );
    assert_eq!(post.categories[1].name, "Café");
    let expected = [("bad_category", Some(2)), ("too_many_categories", Some(2))];
    assert_eq!(warnings(&post), expected);
    assert!(post.warnings[1].reason.ends_with("`tres`"));
}

#[test]
fn authors_become_bylines_in_order_and_once() {
    let post = read(
        "_posts/2022-01-02-a.md",
        "---\nauthor: Ana Güell\nauthors: [Tom, ana guell, {name: Ida}, a, b, c]\n---\n",
    );
    assert_eq!(
        post.content.bylines,
        ["ana güell", "tom", "ana guell", "ida", "a"]
    );
    assert_eq!(warnings(&post), [("bad_author", Some(2))]);
}

#[test]
fn unsupported_liquid_is_reported_with_its_line() {
    let contents = SiteContents {
        posts: ["2020-01-02-hay".to_owned()].into(),
        ..SiteContents::default()
    };
    let post = read_with_contents(
        contents,
        "---\ntitle: a\n---\n[x]({% post_url 2020-01-02-hay %})\n{% post_url 2020-01-02-no-hay %}\n{% include a.html %}\n",
    );
    assert_eq!(
        warnings(&post),
        [("unknown_target", Some(5)), ("liquid", Some(6))]
    );
}

#[test]
fn files_over_the_limits_of_the_server_are_rejected() {
    let long = |front: usize, body: usize| {
        let file = format!("---\nx: {}\n---\n{}", "a".repeat(front), "b".repeat(body));
        reader(CONFIG)
            .read("_posts/2022-01-02-a.md", file.as_bytes())
            .map_err(|error| invalid(error).code)
    };
    assert!(long(10, 1024 * 1024).is_ok());
    assert_eq!(long(10, 1024 * 1024 + 1).unwrap_err(), "too_large");
    assert_eq!(long(64 * 1024, 10).unwrap_err(), "too_large");
}

#[test]
fn request_members_have_the_body_and_encoded_aliases() {
    let members = json!({"aliases": ["/100%.html", "/ñ.html"]});
    let source = SourceFields {
        import: "blog",
        path: "_posts/a.md",
        sha256: "00",
        front_matter: "---\n---\n",
        site: json!({"title": "Blog"}).as_object().cloned(),
    };
    let sent = request_members(members.as_object().unwrap().clone(), "Hola\r\n", &source);
    assert_eq!(sent["aliases"], json!(["/100%25.html", "/ñ.html"]));
    assert_eq!(sent["body"], "Hola\r\n");
    assert_eq!(sent["source"]["front_matter"], "---\n---\n");
    assert_eq!(sent["source"]["site"]["title"], "Blog");
}

#[test]
fn duplicate_keys_of_the_configuration_are_reported() {
    for (config, expected) in [
        ("title: x\n", [].as_slice()),
        ("title: x\ntitle: y\n", &["duplicate_key"]),
    ] {
        let (_dir, folder) = test_folder(&[("_config.yml", config)]);
        let keys = ImageKeys::default();
        let settings = ImportSettings::read(&folder, None, None, Timestamp::UNIX_EPOCH, keys, None);
        let warnings = settings.unwrap().contents.warnings;
        let codes: Vec<_> = warnings.iter().map(|file| file.diagnostic.code).collect();
        assert_eq!(codes, expected);
    }
}

#[test]
fn defaults_of_the_site_count_as_keys_of_the_file() {
    let config = "collections_dir: src\nlanguages: [en, es]\ndefault_lang: en\ndefaults:\n  \
                  - scope: {path: '', type: posts}\n    \
                  values: {permalink: '/notas/:title/', author: Ana Pan, categories: [viajes], lang: es}\n";
    let post = reader(config)
        .read("src/_posts/2024-01-02-uno.md", b"---\ntitle: Uno\n---\nx\n")
        .unwrap();
    assert_eq!(post.content.aliases, ["/es/notas/uno/"]);
    assert_eq!(post.content.bylines, ["ana pan"]);
    assert_eq!(post.content.categories, ["viajes"]);
    assert_eq!(post.content.locale.as_deref(), Some("es"));
    assert!(post.warnings.is_empty(), "{:?}", post.warnings);
}

#[test]
fn a_site_that_shows_the_future_publishes_now() {
    let post = reader("future: true").read("_posts/2031-01-02-f.md", b"---\n---\nx\n");
    let post = post.unwrap();
    let Intent::Publish(time) = &post.intent else {
        panic!("{:?}", post.intent);
    };
    assert_eq!(
        (time.at.as_str(), time.is_future),
        ("2026-01-01T00:00:00.000Z", false)
    );
    assert_eq!(warnings(&post), [("future_date", None)]);
}
