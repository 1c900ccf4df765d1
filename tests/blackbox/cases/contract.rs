//! The contract check itself: it detects answers that the document does not describe.

use libtest_mimic::Trial;
use reqwest::{
    Method,
    header::{CONTENT_TYPE, HeaderMap, HeaderValue},
};
use serde_json::{Value, json};

use crate::harness::{Answer, cases, contract};

pub(super) fn all() -> Vec<Trial> {
    cases![
        answers_outside_the_document_are_detected,
        paths_match_the_most_literal_operation,
    ]
}

fn breaches(status: u16, media: &'static str, body: &Value) -> Vec<String> {
    let operation = contract::operation(&Method::GET, "/v1/me").unwrap();
    let media = HeaderValue::from_static(media);
    let answer = Answer {
        call: String::new(),
        request_id: String::new(),
        status,
        headers: HeaderMap::from_iter([(CONTENT_TYPE, media)]),
        body: body.to_string().into_bytes(),
    };
    contract::breaches(operation, &answer)
}

async fn answers_outside_the_document_are_detected() {
    let mut me = json!({
        "id": "01912d68-783e-7a03-8467-5661c1243ad4", "email": "ana@example.org", "display_name": "Ana",
        "role": "author", "permissions": ["posts:read"], "language": null, "bio": null, "allowed": ["update"],
        "second_factor": "none",
    });
    assert_eq!(breaches(200, "application/json", &me), Vec::<String>::new());
    assert_eq!(
        breaches(200, "application/json; charset=utf-8", &me),
        Vec::<String>::new()
    );
    assert_eq!(breaches(200, "text/html", &me).len(), 1, "another type");
    assert_eq!(
        breaches(418, "application/json", &me).len(),
        1,
        "another status"
    );
    assert_eq!(
        breaches(401, "application/problem+json", &me).len(),
        7,
        "a problem has other members"
    );
    me["id"] = json!("not a UUID");
    assert_eq!(
        breaches(200, "application/json", &me).len(),
        1,
        "another format"
    );
    me.as_object_mut().unwrap().remove("role");
    assert_eq!(
        breaches(200, "application/json", &me).len(),
        2,
        "a member is missing"
    );
}

async fn paths_match_the_most_literal_operation() {
    let id = |method: Method, path: &str| {
        contract::operation(&method, path).map(|operation| operation.id.as_str())
    };
    assert_eq!(
        id(Method::GET, "/v1/posts/by-source"),
        Some("get_post_by_source")
    );
    assert_eq!(id(Method::GET, "/v1/posts/some-id"), Some("get_post"));
    assert_eq!(id(Method::HEAD, "/v1/posts"), Some("list_posts"));
    assert_eq!(id(Method::DELETE, "/v1/posts"), None);
    assert_eq!(id(Method::GET, "/v1/posts/"), Some("get_post"));
}
