use serde_json::json;

use super::*;

fn changed(head: &str, changes: &[(&str, Value)]) -> String {
    let mut front_matter = FrontMatter::read(head).unwrap();
    for (key, value) in changes {
        front_matter.set(key, value);
    }
    front_matter.into_text()
}

#[test]
fn a_change_of_yaml_touches_only_the_lines_of_its_key() {
    let head = "\u{feff}--- \r\n# Comment\r\ntitle: 'Old'   # kept no more\r\ntags:\r\n  - a\r\n  - b\r\n\r\n# End\r\nlast: 1\r\n...\r\n";
    assert_eq!(changed(head, &[]), head);
    assert_eq!(
        changed(head, &[("title", json!("New: title"))]),
        head.replace("'Old'   # kept no more", "\"New: title\"")
    );
    assert_eq!(
        changed(head, &[("tags", json!(["a, b", "c"]))]),
        head.replace("tags:\r\n  - a\r\n  - b\r\n", "tags: [\"a, b\", c]\r\n")
    );
    assert_eq!(
        changed(head, &[("tags", Value::Null), ("new", json!("ñ"))]),
        head.replace("tags:\r\n  - a\r\n  - b\r\n", "")
            .replace("last: 1\r\n", "last: 1\r\nnew: ñ\r\n")
    );
}

#[test]
fn texts_of_yaml_read_back_as_texts() {
    for text in [
        "2018", "yes", "a: b", "- a", "#x", "", " a ", "null", "a\nb", "¿Qué?", "it's",
    ] {
        let head = changed("---\nx: 1\n---\n", &[("x", json!(text))]);
        let block = front_matter::split(head.as_bytes()).unwrap().block.unwrap();
        let parsed = front_matter::parse(&block).unwrap().map.to_json();
        assert_eq!(parsed["x"], json!(text), "{head}");
    }
}

#[test]
fn toml_and_json_keep_their_layout() {
    let toml = "+++\n# Comment\ntitle = \"Old\" # after\ntags = [\"a\"]\n[extra]\nx = 1\n+++\n";
    assert_eq!(
        changed(toml, &[("title", json!("New")), ("draft", json!(true))]),
        toml.replace("\"Old\"", "\"New\"")
            .replace("tags = [\"a\"]\n", "tags = [\"a\"]\ndraft = true\n")
    );
    let json = "{\n  \"title\": \"Old\",\n  \"x\": 1\n}\n";
    assert_eq!(
        changed(json, &[("title", json!("New"))]),
        json.replace("Old", "New")
    );
}

#[test]
fn front_matter_that_cannot_be_split_by_keys_is_not_changed() {
    for head in [
        "---\n{a: 1, b: 2}\n---\n",
        "---\na: &x {b: 1}\nc:\n  <<: *x\n---\n",
        "text\n",
    ] {
        assert!(FrontMatter::read(head).is_none(), "{head}");
    }
}
