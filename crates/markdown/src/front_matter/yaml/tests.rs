use proptest::prelude::*;
use serde_json::json;

use super::*;

fn read(text: &str) -> ParsedYaml {
    parse_yaml(text, 2).unwrap()
}

fn error(text: &str) -> FrontMatterError {
    parse_yaml(text, 2).unwrap_err()
}

#[test]
fn scalars_keep_their_source_text() {
    let map =
        read("title: 2018\ncategory: 2013\ntags: [yes, no, 1.0]\ndate: 2018-2-6 16:00:00\n").map;
    assert_eq!(map.text("title"), Some("2018"));
    assert_eq!(map.text("category"), Some("2013"));
    assert_eq!(map.text("date"), Some("2018-2-6 16:00:00"));
    let Some(YamlValue::List(tags)) = map.get("tags") else {
        panic!("a list")
    };
    let tags: Vec<_> = tags.iter().filter_map(YamlValue::text).collect();
    assert_eq!(tags, ["yes", "no", "1.0"]);
}

#[test]
fn blocks_quotes_and_accents_are_read() {
    let map =
        read("a: \"¿Qué \\\"es\\\"?\"\nb: >\n  one\n  two\nc: |\n  one\n  two\nd: 'it''s 🎉'\n")
            .map;
    assert_eq!(map.text("a"), Some("¿Qué \"es\"?"));
    assert_eq!(map.text("b"), Some("one two\n"));
    assert_eq!(map.text("c"), Some("one\ntwo\n"));
    assert_eq!(map.text("d"), Some("it's 🎉"));
}

#[test]
fn the_last_of_two_equal_keys_is_used_with_a_warning() {
    let parsed = read("title: one\nlayout: post\ntitle: two\n");
    assert_eq!(parsed.map.text("title"), Some("two"));
    assert_eq!(parsed.map.entries()[0].key, "title");
    assert_eq!(
        parsed.warnings,
        [FrontMatterWarning::new(
            FrontMatterWarningKind::DuplicateKey,
            "title",
            4
        )]
    );
}

#[test]
fn invalid_yaml_is_reported_with_its_position_in_the_whole_file() {
    let at = error("layout: post\ntitle: Rust: parte 2\n")
        .position()
        .unwrap();
    assert_eq!(at.line, 3);
    let at = error("title: \"never closed\n").position().unwrap();
    assert!(at.line >= 2);
}

#[test]
fn empty_front_matter_has_no_keys() {
    assert_eq!(read(""), ParsedYaml::default());
    assert_eq!(read("# only a comment\n"), ParsedYaml::default());
    assert_eq!(read("~"), ParsedYaml::default());
}

#[test]
fn front_matter_must_be_a_map() {
    assert!(matches!(
        error("just words"),
        FrontMatterError::NotAMap { .. }
    ));
    assert!(matches!(
        error("- one\n- two\n"),
        FrontMatterError::NotAMap { .. }
    ));
}

#[test]
fn anchors_and_merge_keys_are_followed() {
    let map = read("base: &b {x: 1, y: 2}\nmore:\n  <<: *b\n  y: 3\nagain: *b\n").map;
    assert_eq!(
        serde_json::Value::Object(map.to_json()),
        json!({"base": {"x": 1, "y": 2}, "more": {"y": 3, "x": 1}, "again": {"x": 1, "y": 2}})
    );
}

#[test]
fn an_alias_bomb_is_rejected() {
    let first = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    let later = (1..12).map(|level| {
        let repeated = vec![format!("*a{}", level - 1); 9].join(", ");
        format!("a{level}: &a{level} [{repeated}]\n")
    });
    let text: String = std::iter::once(first).chain(later).collect();
    assert!(matches!(error(&text), FrontMatterError::TooLarge { .. }));
}

#[test]
fn many_aliases_of_one_long_text_are_rejected() {
    let text = format!(
        "a: &a {}\nb: [{}]\n",
        "x".repeat(30_000),
        vec!["*a"; 2_000].join(", ")
    );
    assert!(matches!(error(&text), FrontMatterError::TooLarge { .. }));
}

#[test]
fn an_alias_inside_its_own_value_is_rejected() {
    assert!(matches!(
        error("a: &a [1, *a]\n"),
        FrontMatterError::Syntax { .. }
    ));
}

#[test]
fn deep_nesting_is_rejected() {
    for opening in ["[", "{a: "] {
        let error = error(&format!("a: {}", opening.repeat(40)));
        assert!(matches!(error, FrontMatterError::TooDeep { .. }));
    }
    for text in [format!("a: {}", "[".repeat(60_000)), "- ".repeat(30_000)] {
        assert!(error(&text).position().is_some());
    }
}

#[test]
fn long_front_matter_is_rejected() {
    let text = format!("a: {}\n", "x".repeat(MAX_BYTES));
    assert!(matches!(error(&text), FrontMatterError::TooLong { .. }));
}

#[test]
fn unknown_keys_keep_order_and_type() {
    let map = read("z: true\na: [1, two, ~]\nm: {k: 1.5, s: '1.5'}\n").map;
    assert_eq!(
        serde_json::to_string(&map.to_json()).unwrap(),
        r#"{"z":true,"a":[1,"two",null],"m":{"k":1.5,"s":"1.5"}}"#
    );
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "[a-c0-9:\\-\\[\\]{}&*!|>'\"#, \n\t%@~?<é]{0,120}") {
        let _ = parse_yaml(&text, 1);
    }

    #[test]
    fn a_quoted_title_keeps_its_text(title in "[^\\\\\"\\p{C}\\p{Z}]{1,40}") {
        let parsed = parse_yaml(&format!("title: \"{title}\"\n"), 1).unwrap();
        prop_assert_eq!(parsed.map.text("title"), Some(title.as_str()));
    }
}
