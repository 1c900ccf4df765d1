use std::collections::BTreeSet;

use super::*;

fn parse(text: &str, values: &Json) -> Result<Update, String> {
    with_values(values, |substitutions| Update::parse(text, substitutions))
}

fn apply(text: &str, of: &Json, values: &Json) -> Result<Json, String> {
    let update = parse(text, values).unwrap();
    let updated = update.apply(item(of)).map_err(|error| error.message)?;
    Ok(serde_json::from_str(&updated.to_json()).unwrap())
}

fn refusal(text: &str) -> String {
    let values = json!({ ":n": { "N": "1" }, ":s": { "S": "a" }, ":l": { "L": [] } });
    let message = parse(text, &values).unwrap_err();
    message
        .strip_prefix("Invalid UpdateExpression: ")
        .unwrap()
        .to_owned()
}

#[test]
fn every_section_changes_its_attributes() {
    let old = json!({
        "dropped": { "S": "x" },
        "ids": { "SS": ["a", "b", "c"] },
        "kept": { "S": "y" },
        "posts": { "N": "9" },
    });
    let values =
        json!({ ":name": { "S": "new" }, ":gone": { "SS": ["a", "z"] }, ":by": { "N": "-10" } });
    let text =
        "SET #name = :name, fresh = :name REMOVE dropped, unknown1 ADD posts :by DELETE ids :gone";
    let new = json!({
        "fresh": { "S": "new" },
        "ids": { "SS": ["b", "c"] },
        "kept": { "S": "y" },
        "name": { "S": "new" },
        "posts": { "N": "-1" },
    });
    assert_eq!(apply(text, &old, &values), Ok(new));
}

#[test]
fn add_creates_attributes_and_joins_sets() {
    let values =
        json!({ ":n": { "N": "2" }, ":s": { "SS": ["b", "a"] }, ":ns": { "NS": ["10", "9"] } });
    let text = "ADD posts :n, ids :s, numbers :ns";
    let created = json!({ "ids": { "SS": ["a", "b"] }, "numbers": { "NS": ["9", "10"] }, "posts": { "N": "2" } });
    assert_eq!(apply(text, &json!({}), &values), Ok(created));
    let old = json!({ "ids": { "SS": ["b", "c"] }, "numbers": { "NS": ["9.0"] }, "posts": { "N": "0.5" } });
    let joined = json!({ "ids": { "SS": ["a", "b", "c"] }, "numbers": { "NS": ["9", "10"] }, "posts": { "N": "2.5" } });
    assert_eq!(apply(text, &old, &values), Ok(joined));
}

#[test]
fn delete_removes_a_set_that_becomes_empty() {
    let values = json!({ ":gone": { "BS": ["AA=="] } });
    let text = "DELETE ids :gone";
    assert_eq!(
        apply(text, &json!({ "ids": { "BS": ["AA=="] } }), &values),
        Ok(json!({}))
    );
    assert_eq!(apply(text, &json!({}), &values), Ok(json!({})));
}

#[test]
fn add_and_delete_need_the_type_of_the_attribute() {
    let values = json!({ ":n": { "N": "1" }, ":s": { "SS": ["a"] } });
    let old = json!({ "a1": { "S": "x" }, "b1": { "NS": ["1"] } });
    for text in [
        "ADD a1 :n",
        "ADD a1 :s",
        "ADD b1 :s",
        "DELETE b1 :s",
        "DELETE a1 :s",
    ] {
        assert_eq!(
            apply(text, &old, &values),
            Err("An operand in the update expression has an incorrect data type".to_owned()),
            "{text}"
        );
    }
}

#[test]
fn a_sum_out_of_range_is_refused() {
    let values = json!({ ":n": { "N": "1" } });
    let old = json!({ "posts": { "N": "99999999999999999999999999999999999999" } });
    assert!(
        apply("ADD posts :n", &old, &values).is_ok(),
        "the sum has one digit"
    );
    let old = json!({ "posts": { "N": "0.9999999999999999999999999999999999999" } });
    let message = apply("ADD posts :n", &old, &json!({ ":n": { "N": "10" } }));
    assert_eq!(
        message,
        Err("Attempting to store more than 38 significant digits in a Number".to_owned())
    );
}

#[test]
fn invalid_updates_are_refused() {
    for (text, reason) in [
        ("", "The expression can not be empty;"),
        (" ", r#"Syntax error; token: "<EOF>", near: " ""#),
        ("a = :n", r#"Syntax error; token: "a", near: "a =""#),
        ("SET ((", r#"Syntax error; token: "(", near: "SET ((""#),
        ("SET x1 :n", r#"Syntax error; token: ":n", near: "x1 :n""#),
        ("SET x1 = :n,", r#"Syntax error; token: "<EOF>", near: ",""#),
        (
            "REMOVE x1 x2",
            r#"Syntax error; token: "x2", near: "x1 x2""#,
        ),
        (
            "SET x1 = :n SET x2 = :n",
            r#"The "SET" section can only be used once in an update expression;"#,
        ),
        (
            "ADD x1 :s",
            "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND",
        ),
        (
            "DELETE x1 :n",
            "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_ADD_OPERAND",
        ),
        (
            "SET x1 = :n REMOVE x1",
            "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [x1], path two: [x1]",
        ),
        (
            "SET status = :n",
            "Attribute name is a reserved keyword; reserved keyword: status",
        ),
    ] {
        assert_eq!(refusal(text), reason, "{text}");
    }
    let long = format!("REMOVE {}", "a".repeat(4096));
    assert_eq!(
        refusal(&long),
        "Expression size has exceeded the maximum allowed size;"
    );
}

#[test]
fn what_the_engine_lacks_is_refused_by_name() {
    for (text, what) in [
        (
            "SET x1 = if_not_exists(x1, :n)",
            "the function if_not_exists",
        ),
        ("SET x1 = list_append(x1, :l)", "the function list_append"),
        ("SET x1 = x2", "attributes on the right side of SET"),
        ("SET x1 = x1 + :n", "attributes on the right side of SET"),
        ("SET x1 = :n + :n", "the operator +"),
        ("SET x1 = :n - :n", "the operator -"),
        ("REMOVE x1[0]", "document paths"),
    ] {
        assert_eq!(
            refusal(text),
            format!("the embedded engine does not support {what}")
        );
    }
}

#[test]
fn key_attributes_cannot_be_updated() {
    let attribute = |name: &str| KeyAttribute {
        name: name.to_owned(),
        kind: KeyRole::S,
    };
    let keys = KeySchema {
        partition: attribute("pk"),
        sort: Some(attribute("sk")),
    };
    for text in ["REMOVE pk", "REMOVE another, sk"] {
        let update = parse(text, &json!({})).unwrap();
        let message = update.check_keys(&keys).unwrap_err().message;
        assert!(
            message.ends_with("This attribute is part of the key"),
            "{message}"
        );
    }
    assert!(
        parse("REMOVE another", &json!({}))
            .unwrap()
            .check_keys(&keys)
            .is_ok()
    );
}

proptest! {
    /// Sets behave as sets: after an ADD and a DELETE of the same elements only others are left.
    #[test]
    fn sets_are_joined_and_subtracted(
        old in prop::collection::btree_set("[a-e]", 1..5),
        change in prop::collection::btree_set("[a-e]", 1..5),
    ) {
        let as_json = |set: &BTreeSet<String>| {
            if set.is_empty() { json!({}) } else { json!({ "ids": { "SS": set } }) }
        };
        let values = json!({ ":change": { "SS": change } });
        let joined = apply("ADD ids :change", &as_json(&old), &values).unwrap();
        prop_assert_eq!(&joined, &as_json(&(&old | &change)));
        let left = apply("DELETE ids :change", &joined, &values).unwrap();
        prop_assert_eq!(left, as_json(&(&old - &change)));
    }
}
