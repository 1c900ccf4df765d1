use super::*;

fn schema() -> KeySchema {
    let attribute = |name: &str| KeyAttribute {
        name: name.to_owned(),
        kind: KeyRole::S,
    };
    KeySchema {
        partition: attribute("name"),
        sort: Some(attribute("sk")),
    }
}

fn values() -> Json {
    json!({ ":pk": { "S": "p" }, ":a": { "S": "a" }, ":b": { "S": "b" }, ":n": { "N": "1" }, ":empty": { "S": "" } })
}

fn parse(text: &str) -> Result<KeyBounds, String> {
    with_values(&values(), |substitutions| {
        KeyBounds::parse(text, substitutions, &schema())
    })
}

#[test]
fn a_condition_is_a_partition_and_a_range() {
    use Bound::{Excluded, Included, Unbounded};
    let [a, b] = ["a", "b"].map(str::to_owned);
    for (text, from, to) in [
        ("#name = :pk", Unbounded, Unbounded),
        (
            "#name = :pk AND sk = :a",
            Included(a.clone()),
            Included(a.clone()),
        ),
        ("sk < :b AND #name = :pk", Unbounded, Excluded(b.clone())),
        ("#name = :pk AND sk <= :b", Unbounded, Included(b.clone())),
        ("#name = :pk AND sk > :a", Excluded(a.clone()), Unbounded),
        ("#name = :pk AND sk >= :a", Included(a.clone()), Unbounded),
        (
            "#name = :pk AND sk BETWEEN :a AND :b",
            Included(a.clone()),
            Included(b.clone()),
        ),
        (
            "sk between :a and :a and #name = :pk",
            Included(a.clone()),
            Included(a),
        ),
    ] {
        let range = KeyBounds {
            partition: "p".to_owned(),
            sort: SortRange { from, to },
        };
        assert_eq!(parse(text), Ok(range), "{text}");
    }
}

#[test]
fn conditions_that_do_not_match_the_schema_are_refused() {
    for (text, reason) in [
        ("sk = :a", "Query condition missed key schema element: name"),
        ("#name < :pk", "Query key condition not supported"),
        (
            "#name = :pk AND another = :a",
            "Query condition missed key schema element: sk",
        ),
        (
            "#name = :pk AND sk > :a AND another = :a",
            "The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)",
        ),
        (
            "#name = :n",
            "One or more parameter values were invalid: Condition parameter type does not match schema type",
        ),
        (
            "#name = :pk AND sk = :empty",
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: sk",
        ),
        (
            "#name = :pk AND sk BETWEEN :b AND :a",
            "Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {S:b}, upper bound operand: AttributeValue: {S:a}",
        ),
        (
            "#name = :pk AND sk > :a AND sk < :b",
            "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key",
        ),
        (
            "#name = :pk AND",
            r#"Invalid KeyConditionExpression: Syntax error; token: "<EOF>", near: "AND""#,
        ),
        (
            "#name <> :pk",
            r##"Invalid KeyConditionExpression: Syntax error; token: "<>", near: "#name <> :pk""##,
        ),
    ] {
        assert_eq!(parse(text), Err(reason.to_owned()), "{text}");
    }
}

#[test]
fn what_the_engine_lacks_is_refused_by_name() {
    for (text, what) in [
        (
            "#name = :pk AND begins_with(sk, :a)",
            "the function begins_with",
        ),
        ("(#name = :pk)", "parentheses"),
    ] {
        let reason =
            format!("Invalid KeyConditionExpression: the embedded engine does not support {what}");
        assert_eq!(parse(text), Err(reason));
    }
}

#[test]
fn keys_of_other_types_are_refused_by_name() {
    let mut schema = schema();
    schema.partition.kind = KeyRole::B;
    let parsed = with_values(&values(), |substitutions| {
        KeyBounds::parse("#name = :pk", substitutions, &schema)
    });
    assert!(parsed.unwrap_err().ends_with("not name of type B"));
}

#[test]
fn a_query_continues_after_a_key_in_its_range_only() {
    let start = |text, partition, sort| {
        let range = parse(text).unwrap();
        let result = range.check_start(partition, sort);
        result.map_err(|error| error.message)
    };
    let refused = |message: &str| Err(message.to_owned());
    let whole = "#name = :pk";
    assert_eq!(start(whole, "p", "z"), Ok(()));
    assert_eq!(
        start(whole, "q", "z"),
        refused(
            "The provided starting key is outside query boundaries based on provided conditions"
        )
    );
    let part = "#name = :pk AND sk BETWEEN :a AND :b";
    assert_eq!(start(part, "p", "b"), Ok(()));
    assert_eq!(
        start(part, "p", "c"),
        refused("The provided starting key does not match the range key predicate")
    );
    assert_eq!(
        start(part, "q", "b"),
        refused("The query can return at most one row and cannot be restarted")
    );
}
