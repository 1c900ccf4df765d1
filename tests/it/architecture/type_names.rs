//! A type name that is visible outside its file has one meaning in the workspace.

use std::collections::BTreeMap;

use super::sources::Sources;

/// Names that several modules define, always qualified where they are used.
const SHARED: &[&str] = &["Args", "Error"];

/// Words of DynamoDB, which the embedded engine implements and the storage crate uses.
const DYNAMODB: &[&str] = &["Condition", "Item", "Key", "Query", "Table"];

#[test]
fn a_type_name_has_one_meaning_in_the_workspace() {
    let mut definitions = BTreeMap::<String, Vec<String>>::new();
    for (place, line) in Sources::of(&["crates"]).lines() {
        if let Some(name) = visible_type(line) {
            let places = definitions.entry(name.to_owned()).or_default();
            places.push(place);
        }
    }
    definitions.retain(|name, places| {
        places.len() > 1 && ![SHARED, DYNAMODB].concat().contains(&name.as_str())
    });
    assert!(
        definitions.is_empty(),
        "rename all but one of each: {definitions:#?}"
    );
}

/// Name of the type that a line of code defines, if it is visible outside its file.
fn visible_type(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("pub")?;
    let rest = match rest.strip_prefix('(') {
        Some(scoped) => scoped.split_once(')')?.1,
        None => rest,
    };
    let (kind, rest) = rest.trim_start().split_once(' ')?;
    if !["struct", "enum", "trait", "type", "union"].contains(&kind) {
        return None;
    }
    rest.split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
        .filter(|name| !name.is_empty())
}

#[test]
fn visible_types_are_recognised() {
    assert_eq!(visible_type("pub struct Post {"), Some("Post"));
    assert_eq!(visible_type("    pub(super) enum Kind<T> {"), Some("Kind"));
    assert_eq!(
        visible_type("pub(in crate::posts) trait Store: Send {"),
        Some("Store")
    );
    assert_eq!(visible_type("pub struct $name(String);"), None);
    assert_eq!(visible_type("struct Private;"), None);
    assert_eq!(visible_type("pub fn structure() {"), None);
    assert_eq!(visible_type("    type Err = Error;"), None);
}
