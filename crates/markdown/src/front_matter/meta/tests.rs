use serde_json::json;

use super::*;
use crate::front_matter::{FrontMatterWarningKind, parse_yaml};

fn read(yaml: &str) -> (Meta, Vec<FrontMatterWarning>) {
    Meta::read(&parse_yaml(yaml, 2).unwrap().map, &ImageKeys::default())
}

fn meta(yaml: &str) -> Meta {
    read(yaml).0
}

#[test]
fn a_text_with_commas_is_split_on_them_with_a_warning() {
    let (meta, warnings) = read("title: x\ncategories: Programación, Linux, Línea de órdenes");
    assert_eq!(
        meta.categories,
        ["Programación", "Linux", "Línea de órdenes"]
    );
    assert_eq!(
        warnings,
        [FrontMatterWarning::new(
            FrontMatterWarningKind::CommaSeparated,
            "categories",
            3
        )]
    );
}

#[test]
fn categories_are_read_from_both_keys() {
    for (yaml, expected) in [
        (
            "categories: serverless aws",
            ["serverless", "aws"].as_slice(),
        ),
        ("category: classic hollywood", &["classic hollywood"]),
        ("category: [a b, c]", &["a b", "c"]),
        ("category: 2013", &["2013"]),
        ("category:", &[]),
        ("category: c\ncategories: [a, ~, b, a]", &["a", "b", "c"]),
    ] {
        assert_eq!(meta(yaml).categories, expected, "{yaml}");
    }
}

#[test]
fn tags_of_both_keys_are_joined_with_a_warning() {
    let (meta, warnings) = read("tag: one two\ntags: three four");
    assert_eq!(meta.tags, ["three", "four", "one two"]);
    assert_eq!(warnings[0].code(), "both_spellings");
}

#[test]
fn tags_keep_their_source_text() {
    assert_eq!(meta("tags: [yes, no, 1.0]").tags, ["yes", "no", "1.0"]);
}

#[test]
fn a_post_is_published_by_default() {
    assert!(meta("title: x").published);
    assert!(meta("published: true").published);
    for no in [
        "published: false",
        "published: \"false\"",
        "published: no",
        "draft: true",
    ] {
        assert!(!meta(no).published, "{no}");
    }
}

#[test]
fn the_excerpt_overrides_the_description() {
    let meta = meta("description: long\nexcerpt: short");
    assert_eq!(
        (meta.excerpt.as_deref(), meta.description.as_deref()),
        (Some("short"), Some("long"))
    );
}

#[test]
fn authors_are_a_text_a_list_or_a_map() {
    for (yaml, expected) in [
        ("author: Jesús Gallego", ["Jesús Gallego"].as_slice()),
        ("authors: [ana, luis, ana]", &["ana", "luis"]),
        ("author: {name: Ana, email: ana@example.org}", &["Ana"]),
        (
            "author:\nauthors:\n  - name: Ana\n  - luis",
            &["Ana", "luis"],
        ),
    ] {
        let authors = meta(yaml).authors;
        let names: Vec<_> = authors.iter().map(|author| author.name.as_str()).collect();
        assert_eq!(names, expected);
    }
}

#[test]
fn images_follow_the_order_of_the_keys() {
    let meta =
        meta("thumbnail: t.png\nheader: {teaser: te.png, image: h.png}\nfeatured_image: A b.png\n");
    let paths: Vec<_> = meta
        .images
        .iter()
        .map(|image| image.path.as_str())
        .collect();
    assert_eq!(paths, ["A b.png", "h.png", "te.png", "t.png"]);
    assert_eq!(meta.images[1].key, "header.image");
}

#[test]
fn an_image_is_a_map_or_has_a_sibling_alt_key() {
    let image = |yaml: &str| meta(yaml).images.remove(0);
    let from_map = image("image: {path: a.png, alt: A cat, credit: Ana}");
    assert_eq!(
        (from_map.path.as_str(), from_map.alt.as_deref()),
        ("a.png", Some("A cat"))
    );
    assert_eq!(
        image("image-path: a.png\nimage-alt: A cat").alt.as_deref(),
        Some("A cat")
    );
    assert!(meta("featured_image: null").images.is_empty());
}

#[test]
fn unknown_keys_are_kept_in_order() {
    let extra =
        meta("layout: post\ntitle: x\nzeta: 1\nimage: a.png\nheader: {image: b.png, tint: 0.5}")
            .extra;
    assert_eq!(
        serde_json::to_string(&extra.to_json()).unwrap(),
        json!({"layout": "post", "zeta": 1, "header": {"image": "b.png", "tint": 0.5}}).to_string()
    );
}

#[test]
fn a_value_of_the_wrong_type_is_ignored_with_a_warning() {
    let (meta, warnings) = read("title: [a, b]\n");
    assert_eq!(meta.title, None);
    assert_eq!(
        warnings,
        [FrontMatterWarning::new(
            FrontMatterWarningKind::UnexpectedShape,
            "title",
            2
        )]
    );
}
