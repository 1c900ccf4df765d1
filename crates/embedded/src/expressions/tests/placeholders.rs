use super::*;

fn names(names: &[(&str, &str)]) -> BTreeMap<String, String> {
    let owned =
        |(placeholder, name): &(&str, &str)| ((*placeholder).to_owned(), (*name).to_owned());
    names.iter().map(owned).collect()
}

#[test]
fn placeholders_have_a_sign_and_maps_of_them_an_element() {
    let message = |result: Result<Substitutions<'_>, RequestError>| result.unwrap_err().message;
    let empty = names(&[]);
    assert_eq!(
        message(Substitutions::new(Some(&empty), None)),
        "ExpressionAttributeNames must not be empty"
    );
    assert_eq!(
        message(Substitutions::new(None, Some(&Map::new()))),
        "ExpressionAttributeValues must not be empty"
    );
    let bare = names(&[("name", "title")]);
    assert_eq!(
        message(Substitutions::new(Some(&bare), None)),
        "ExpressionAttributeNames contains invalid key: Syntax error; key: \"name\""
    );
    let nameless = names(&[("#name", "")]);
    assert_eq!(
        message(Substitutions::new(Some(&nameless), None)),
        "ExpressionAttributeNames contains invalid value: Empty attribute name for key #name"
    );
    let Item(bare) = item(&json!({ "value": { "S": "a" } }));
    assert_eq!(
        message(Substitutions::new(None, Some(&bare))),
        "ExpressionAttributeValues contains invalid key: Syntax error; key: \"value\""
    );
}

#[test]
fn placeholders_need_an_expression() {
    let names = names(&[("#name", "title")]);
    let Item(values) = item(&json!({ ":v": { "S": "a" } }));
    let refusal = |names, values| {
        let result = Substitutions::refuse_all(names, values);
        result.map_err(|error| error.message)
    };
    assert_eq!(refusal(None, None), Ok(()));
    assert_eq!(
        refusal(Some(&names), Some(&values)),
        Err("ExpressionAttributeNames can only be specified when using expressions".to_owned())
    );
    assert_eq!(
        refusal(None, Some(&values)),
        Err("ExpressionAttributeValues can only be specified when using expressions".to_owned())
    );
}

#[test]
fn unknown_placeholders_are_refused() {
    let substitutions = Substitutions::new(None, None).unwrap();
    let refusal = |text| Condition::parse(text, &substitutions).unwrap_err().message;
    assert_eq!(
        refusal("attribute_exists(#name)"),
        "Invalid ConditionExpression: An expression attribute name used in the document path is not \
         defined; attribute name: #name"
    );
    assert_eq!(
        refusal("a1 = :value"),
        "Invalid ConditionExpression: An expression attribute value used in expression is not \
         defined; attribute value: :value"
    );
}

#[test]
fn unused_placeholders_are_refused() {
    let names = names(&[("#a", "a"), ("#b", "b"), ("#c", "c")]);
    let Item(values) = item(&json!({ ":v": { "S": "a" }, ":w": { "S": "a" } }));
    let after = |text: &str| {
        let substitutions = Substitutions::new(Some(&names), Some(&values)).unwrap();
        Condition::parse(text, &substitutions).unwrap();
        substitutions.finish().map_err(|error| error.message)
    };
    assert_eq!(
        after("#b = :v"),
        Err(
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #c}"
                .to_owned()
        )
    );
    assert_eq!(
        after("#a = :v OR #b = :v OR #c = :v"),
        Err(
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}"
                .to_owned()
        )
    );
    assert_eq!(after("#a = :v OR #b = :w OR #c = :v"), Ok(()));
}

#[test]
fn the_list_of_reserved_words_is_complete() {
    use super::super::reserved_words::is_reserved;
    assert!(is_reserved("status") && is_reserved("ABORT") && is_reserved("Zone"));
    assert!(!is_reserved("posts") && !is_reserved("pk"));
    let words = include_str!("../reserved_words.txt");
    assert_eq!(words.split_whitespace().count(), 573);
}
