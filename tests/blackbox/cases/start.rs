//! The first start.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{Setup, cases, contract, shared};

pub(super) fn all() -> Vec<Trial> {
    cases![
        a_new_server_publishes_a_post,
        a_generated_password_is_printed_once_and_works,
        a_first_password_that_is_refused_is_named_with_its_reason,
        the_served_openapi_document_is_the_committed_one,
        the_documentation_loads_nothing_from_other_hosts,
        health_and_keys_are_public,
        every_problem_type_has_a_page,
    ]
}

async fn a_new_server_publishes_a_post() {
    let server = Setup::embedded().start();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    anonymous.get("/readyz").send().await.is(200);
    assert_eq!(anonymous.walk("/v1/posts").await, Vec::<Value>::new());

    let me = author.get("/v1/me").send().await.is(200).json();
    assert_eq!(me["role"], "administrator");
    let text = "# ¡Hola!\n\nUn *tintero*.\n";
    let new = json!({ "title": "¡Hola, mundo!", "body": text, "locale": "es", "tags": ["Tinta"] });
    let draft = author.create(&new).await;
    assert_eq!(draft.seen["slug"], "hola-mundo");
    assert_eq!(draft.seen["status"], "draft");
    anonymous
        .get(&draft.public_path())
        .send()
        .await
        .refused(404, "not_found");

    let post = author.publish(&draft).await;
    assert_eq!(post.seen["owner_id"], me["id"]);
    let public = anonymous
        .get(&post.public_path())
        .send()
        .await
        .is(200)
        .json();
    assert_eq!(public["body"], text);
    assert!(
        public["html"]
            .as_str()
            .unwrap()
            .contains("<em>tintero</em>"),
        "{public}"
    );
    let list = anonymous.walk("/v1/posts?locale=es").await;
    assert_eq!(list.len(), 1);
    assert_eq!(list[0]["id"], post.seen["id"]);
    assert!(list[0].get("body").is_none() && list[0].get("html").is_none());
}

async fn a_generated_password_is_printed_once_and_works() {
    let setup = Setup::embedded().with("TINTERO_ADMIN_PASSWORD", "");
    let server = setup.start();
    let lines = server.output();
    let line = lines
        .wait_for(|line| password_in(line).is_some())
        .expect("a password is printed");
    let password = password_in(&line).unwrap();
    server.sign_in("ana@example.org", password).await;
    assert!(server.stop().success());
    assert_eq!(
        server
            .log()
            .count(|line| line.to_string().contains(password)),
        0
    );

    let again = setup.start();
    again.sign_in("ana@example.org", password).await;
    assert!(again.stop().success());
    assert_eq!(
        again
            .output()
            .count(|line| line.to_string().contains("password")),
        0
    );
}

/// The password in the greeting, after the word `password`.
fn password_in(line: &Value) -> Option<&str> {
    Some(
        line["text"]
            .as_str()?
            .trim()
            .strip_prefix("password")?
            .trim(),
    )
}

async fn a_first_password_that_is_refused_is_named_with_its_reason() {
    let setup = Setup::embedded().with("TINTERO_ADMIN_PASSWORD", "the password of Ana@example.org");
    // A server does not create the tables on AWS.
    assert!(setup.run(&["migrate", "up"]).status.success());
    let output = setup.run(&["serve"]);
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(
        text.contains("administrator: password must not contain the e-mail address"),
        "{text}"
    );
}

async fn the_served_openapi_document_is_the_committed_one() {
    let anonymous = shared::server().anonymous();
    let yaml = anonymous.get("/openapi.yaml").send().await.is(200);
    assert!(yaml.header("content-type").starts_with("application/yaml"));
    assert!(
        yaml.text() == contract::TEXT,
        "openapi.yaml is not what this server serves"
    );
    let json = anonymous.get("/openapi.json").send().await.is(200);
    assert_eq!(json.header("content-type"), "application/json");
    assert_eq!(&json.json(), contract::document());

    let printed = Setup::memory().run(&["openapi"]);
    assert!(
        printed.stdout == contract::TEXT.as_bytes(),
        "openapi.yaml is not what is printed"
    );
}

async fn the_documentation_loads_nothing_from_other_hosts() {
    let anonymous = shared::server().anonymous();
    let page = anonymous.get("/docs").send().await.is(200);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'self'")
    );
    let text = page.text();
    let sources = references(&text);
    assert!(
        sources.iter().any(|source| source.contains("bundle")),
        "{sources:?}"
    );
    for source in sources {
        assert!(!source.contains("//"), "{source} is on another host");
        let file = anonymous.get(&format!("/{source}")).send().await.is(200);
        assert!(!file.body.is_empty());
    }
    let start = anonymous
        .get("/docs/swagger-initializer.js")
        .send()
        .await
        .is(200)
        .text();
    assert!(
        start.contains("openapi.json") && !start.contains("://"),
        "{start}"
    );
}

/// Values of `src` and `href` in a page.
fn references(page: &str) -> Vec<&str> {
    let after = |name| {
        page.split(name)
            .skip(1)
            .filter_map(|rest: &str| rest.split('"').next())
    };
    after("src=\"").chain(after("href=\"")).collect()
}

async fn health_and_keys_are_public() {
    let anonymous = shared::server().anonymous();
    let health = anonymous.get("/healthz").send().await.is(200).json();
    assert_eq!(health, json!({ "status": "ok" }));
    let readiness = anonymous.get("/readyz").send().await.is(200).json();
    assert_eq!(readiness["status"], "ok");
    let keys = anonymous
        .get("/.well-known/jwks.json")
        .send()
        .await
        .is(200)
        .json();
    let key = &keys["keys"][0];
    assert_eq!((&key["kty"], &key["alg"]), (&json!("RSA"), &json!("RS256")));
    for private in ["d", "p", "q", "dp", "dq", "qi"] {
        assert!(
            key.get(private).is_none(),
            "the key's private half is shown"
        );
    }
}

async fn every_problem_type_has_a_page() {
    let anonymous = shared::server().anonymous();
    let refusal = anonymous
        .get("/v1/nothing")
        .send()
        .await
        .refused(404, "unknown_route");
    let kind = refusal["type"].as_str().unwrap();
    let explained = anonymous.get(kind).send().await.is(200).json();
    assert_eq!(explained["code"], "unknown_route");
    anonymous
        .get("/problems/never-heard-of")
        .send()
        .await
        .refused(404, "not_found");
}
