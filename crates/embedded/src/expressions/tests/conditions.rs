use super::*;

fn parse(text: &str, values: &Json) -> Result<Condition, String> {
    with_values(values, |substitutions| {
        Condition::parse(text, substitutions)
    })
}

fn refusal(text: &str) -> String {
    let values = json!({ ":n": { "N": "1" }, ":yes": { "BOOL": true } });
    parse(text, &values).unwrap_err()
}

fn holds(text: &str, of: &Json, values: &Json) -> bool {
    parse(text, values).unwrap().holds(Some(&item(of)))
}

#[test]
fn attributes_exist_or_not() {
    let post = json!({ "name": { "NULL": true } });
    let none = json!({});
    assert!(holds("attribute_exists(#name)", &post, &none));
    assert!(!holds("attribute_exists(unknown1)", &post, &none));
    assert!(holds("attribute_not_exists(unknown1)", &post, &none));
    let absent = parse("attribute_not_exists(unknown1)", &none).unwrap();
    assert!(absent.holds(None));
    let present = parse("attribute_exists(unknown1)", &none).unwrap();
    assert!(!present.holds(None));
}

#[test]
fn numbers_compare_as_numbers_and_texts_as_bytes() {
    let post = json!({ "text1": { "S": "10" }, "binary1": { "B": "AQ==" } });
    let values = json!({
        ":nine": { "N": "9.0" }, ":ten": { "N": "1e1" }, ":text": { "S": "9" }, ":bytes": { "B": "Ag==" },
    });
    for text in [
        "unknown1 <> :ten",
        "binary1 < :bytes",
        "text1 < :text",
        ":text > text1",
        "text1 <> :ten",
        "NOT text1 = :ten",
        "NOT text1 < :ten",
    ] {
        assert!(holds(text, &post, &values), "{text}");
    }
    let post = json!({ "posts": { "N": "10" } });
    for (text, expected) in [
        ("posts = :ten", true),
        ("posts <> :ten", false),
        ("posts < :nine", false),
        ("posts <= :ten", true),
        ("posts > :nine", true),
        ("posts >= :nine", true),
    ] {
        assert_eq!(holds(text, &post, &values), expected, "{text}");
    }
}

#[test]
fn an_attribute_that_does_not_exist_only_differs() {
    let values = json!({ ":v": { "S": "a" } });
    for operator in ["=", "<", "<=", ">", ">="] {
        assert!(!holds(&format!("a {operator} :v"), &json!({}), &values));
    }
    assert!(holds("a <> :v", &json!({}), &values));
    assert!(parse("a <> :v", &values).unwrap().holds(None));
}

#[test]
fn sets_and_documents_compare_only_for_equality() {
    let post = json!({ "ids": { "SS": ["b", "a"] }, "inner1": { "M": { "n": { "N": "1.0" } } } });
    let values = json!({ ":ids": { "SS": ["a", "b"] }, ":inner": { "M": { "n": { "N": "1" } } } });
    assert!(holds("ids = :ids AND inner1 = :inner", &post, &values));
}

#[test]
fn size_counts_elements_bytes_and_utf_16_units() {
    for (value, size) in [
        (json!({ "S": "\u{1f58b}ñ" }), "3"),
        (json!({ "B": "aW5r" }), "3"),
        (json!({ "SS": ["a", "b"] }), "2"),
        (json!({ "NS": ["1"] }), "1"),
        (json!({ "BS": ["AA=="] }), "1"),
        (json!({ "L": [{ "S": "a" }] }), "1"),
        (json!({ "M": {} }), "0"),
    ] {
        let values = json!({ ":size": { "N": size } });
        let post = json!({ "name": value });
        assert!(holds("size(#name) = :size", &post, &values), "{post}");
        assert!(holds(":size >= size(#name)", &post, &values), "{post}");
    }
    let values = json!({ ":most": { "N": "9" } });
    let post = json!({ "name": { "N": "1" } });
    assert!(!holds("size(#name) < :most", &post, &values));
    assert!(!holds("size(unknown1) < :most", &post, &values));
}

#[test]
fn and_binds_more_tightly_than_or_and_not_more_than_both() {
    let values = json!({ ":n": { "N": "1" } });
    let post = json!({ "x": { "N": "1" }, "y": { "N": "2" } });
    for (text, expected) in [
        ("x = :n OR y = :n AND y = :n", true),
        ("(x = :n OR y = :n) AND y = :n", false),
        ("NOT y = :n AND x = :n", true),
        ("NOT (x = :n AND y <> :n)", false),
        ("not x = :n or x = :n", true),
    ] {
        assert_eq!(holds(text, &post, &values), expected, "{text}");
    }
}

#[test]
fn a_syntax_error_names_the_token_and_its_neighbours() {
    for (text, reason) in [
        ("", "The expression can not be empty;"),
        ("  ", r#"Syntax error; token: "<EOF>", near: "  ""#),
        ("a =", r#"Syntax error; token: "<EOF>", near: "=""#),
        ("a = = :n", r#"Syntax error; token: "=", near: "= = :n""#),
        ("a  ! :n", r#"Syntax error; token: "!", near: "a  ! :n""#),
        ("a = :n b", r#"Syntax error; token: "b", near: ":n b""#),
        (
            "attribute_exists(a",
            r#"Syntax error; token: "<EOF>", near: "a""#,
        ),
        (
            "attribute_exists(:n)",
            r#"Syntax error; token: ":n", near: "(:n)""#,
        ),
        ("((a = :n))", "The expression has redundant parentheses;"),
        ("a = :ñ", r#"Syntax error; token: ":", near: "= :ñ""#),
    ] {
        assert_eq!(
            refusal(text),
            format!("Invalid ConditionExpression: {reason}"),
            "{text}"
        );
    }
    assert!(parse("((x = :n) AND (y = :n))", &json!({ ":n": { "N": "1" } })).is_ok());
}

#[test]
fn what_the_engine_lacks_is_refused_by_name() {
    for (text, what) in [
        ("contains(#name, :n)", "the function contains"),
        ("begins_with(#name, :n)", "the function begins_with"),
        ("attribute_type(#name, :n)", "the function attribute_type"),
        ("#name BETWEEN :n AND :n", "the operator BETWEEN"),
        ("#name IN (:n)", "the operator IN"),
        ("#name.inner = :n", "document paths"),
        ("#name[0] = :n", "document paths"),
    ] {
        let reason =
            format!("Invalid ConditionExpression: the embedded engine does not support {what}");
        assert_eq!(refusal(text), reason);
    }
    assert_eq!(
        refusal("length(#name) = :n"),
        "Invalid ConditionExpression: Invalid function name; function: length"
    );
}

#[test]
fn an_order_needs_values_that_have_one() {
    assert_eq!(
        refusal("a < :yes"),
        "Invalid ConditionExpression: Incorrect operand type for operator or function; operator or \
         function: <, operand type: BOOL"
    );
    assert!(parse("a <> :yes", &json!({ ":yes": { "BOOL": true } })).is_ok());
}

proptest! {
    /// The parser neither panics nor accepts what DynamoDB's alphabet excludes.
    #[test]
    fn any_text_is_parsed_or_refused(text in "[a-z#:()<>=., ANDORNOTé\\[\\]!0-9]{0,40}") {
        let parsed = parse(&text, &json!({ ":a": { "S": "a" } }));
        prop_assert!(parsed.is_err() || !text.contains(['é', '!', '[', '.']));
    }

    /// A condition without parentheses means the same with the parentheses of its precedence.
    #[test]
    fn parentheses_of_the_precedence_change_nothing(bits in prop::collection::vec(any::<(bool, bool, bool)>(), 1..7)) {
        let values = json!({ ":yes": { "N": "1" } });
        let post = json!({ "yes1": { "N": "1" } });
        let (mut plain, mut grouped) = (String::new(), String::from("("));
        let mut expected = false;
        let mut conjunction = true;
        for (index, (is_true, is_negated, is_or)) in bits.iter().enumerate() {
            let name = if *is_true { "yes1" } else { "no1" };
            let not = if *is_negated { "NOT " } else { "" };
            if index > 0 {
                plain.push_str(if *is_or { " OR " } else { " AND " });
                grouped.push_str(if *is_or { ") OR (" } else { " AND " });
                if *is_or {
                    expected |= conjunction;
                    conjunction = true;
                }
            }
            let term = format!("{not}{name} = :yes");
            plain.push_str(&term);
            grouped.push_str(&term);
            conjunction &= is_true != is_negated;
        }
        expected |= conjunction;
        grouped.push(')');
        prop_assert_eq!(holds(&plain, &post, &values), expected);
        prop_assert_eq!(holds(&grouped, &post, &values), expected);
    }
}
