//! Malformed requests: each gets a problem and exactly one access line.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
};

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{Answer, Client, Post, Refusals, cases, draft, shared};

pub(super) fn all() -> Vec<Trial> {
    cases![
        unreadable_bodies_are_rejected,
        all_invalid_members_are_reported_at_once,
        writes_without_the_current_version_are_rejected,
        a_body_over_the_limit_is_rejected_in_every_form,
        a_chunked_body_is_cut_off_at_the_limit,
    ]
}

fn create(author: &Client, media: &str, body: impl Into<Vec<u8>>) -> impl Future<Output = Answer> {
    author.post("/v1/posts").body(media, body).send()
}

async fn unreadable_bodies_are_rejected() {
    const JSON: &str = "application/json";
    let server = shared::server();
    let author = server.administrator().await;
    let mut refusals = Refusals::of(&server);
    let deep = format!(
        "{{\"title\": {}1{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    for body in [
        b"{\"title\": ".to_vec(),
        b"".to_vec(),
        b"{} {}".to_vec(),
        b"{\"title\": \"\xff\xfe\", \"body\": \"\"}".to_vec(),
        b"{\"title\": \"\\ud800\", \"body\": \"\"}".to_vec(),
        deep.into_bytes(),
    ] {
        let answer = create(&author, JSON, body).await;
        refusals.expect(answer, 400, "malformed_body");
    }
    for body in ["[]", "\"text\"", "null"] {
        let problem = refusals.expect(create(&author, JSON, body).await, 422, "invalid");
        assert_eq!(
            problem["errors"][0]["pointer"], "",
            "the whole body is wrong"
        );
    }
    for media in [
        "text/plain",
        "application/xml",
        "application/json; charset=latin-1",
        "nonsense",
    ] {
        let answer = create(&author, media, draft("media").to_string()).await;
        let problem = refusals.expect(answer, 415, "unsupported_media_type");
        assert_eq!(problem["accepted"], json!([JSON]));
    }
    let answer = author.post("/v1/posts").send().await;
    refusals.expect(answer, 415, "unsupported_media_type");
    let post = author.create(&draft("media")).await;
    let patch = author
        .patch(&post.path())
        .based_on(&post.etag)
        .body("application/json-patch+json", "[]");
    let answer = patch.send().await;
    assert_eq!(
        answer.header("accept-patch"),
        "application/merge-patch+json, application/json"
    );
    refusals.expect(answer, 415, "unsupported_media_type");
    refusals.were_logged_once().await;
}

async fn all_invalid_members_are_reported_at_once() {
    let server = shared::server();
    let author = server.administrator().await;
    let mut refusals = Refusals::of(&server);
    let wrong = json!({
        "title": "", "slug": "Not A Slug", "locale": "x_y", "tags": ["ok", 5, "t".repeat(41)],
        "published_at": "yesterday", "category_ids": "none", "seo": { "nonsense": 1 }, "unknown": true,
    });
    let answer = create(&author, "application/json", wrong.to_string()).await;
    let problem = refusals.expect(answer, 422, "invalid");
    let errors = problem["errors"].as_array().unwrap();
    let mut pointers: Vec<&str> = errors
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    pointers.sort_unstable();
    let expected = [
        "/body",
        "/category_ids",
        "/locale",
        "/published_at",
        "/seo/nonsense",
        "/slug",
        "/tags/1",
        "/tags/2",
        "/title",
        "/unknown",
    ];
    assert_eq!(pointers, expected, "{problem:#}");

    let many: serde_json::Map<String, Value> = (0..200)
        .map(|number| (format!("unknown{number}"), Value::Null))
        .collect();
    let answer = create(&author, "application/json", Value::from(many).to_string()).await;
    let problem = refusals.expect(answer, 422, "invalid");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 50);

    let twice = r#"{"title": "one", "title": "two", "body": ""}"#;
    let answer = create(&author, "application/json", twice).await;
    assert!(
        matches!(answer.status, 400 | 422),
        "a member that stands twice is ambiguous: {answer:?}"
    );
    refusals.were_logged_once().await;
}

async fn writes_without_the_current_version_are_rejected() {
    let server = shared::server();
    let author = server.administrator().await;
    let mut refusals = Refusals::of(&server);
    let first = author.create(&draft("conditional")).await;
    let post = Post::of(
        &author
            .change(&first, &json!({ "title": "Second" }))
            .await
            .is(200),
    );
    let change = |tag: Option<&str>| {
        let call = author
            .patch(&post.path())
            .json(&json!({ "title": "Third" }));
        let call = match tag {
            Some(tag) => call.based_on(tag),
            None => call,
        };
        call.send()
    };
    refusals.expect(change(None).await, 428, "precondition_required");
    refusals.expect(change(Some("*")).await, 428, "precondition_required");
    refusals.expect(change(Some(&first.etag)).await, 412, "stale");
    refusals.expect(change(Some("\"99.99\"")).await, 412, "stale");
    for foreign in ["\"one\"", "\"1\"", "W/\"01.1\"", "\"\""] {
        refusals.expect(change(Some(foreign)).await, 412, "stale");
    }
    for garbage in ["garbage", "2.2", "\"1.1\", \"2.2\"", "\"1.1", ""] {
        refusals.expect(change(Some(garbage)).await, 400, "bad_header");
    }
    let unconditional = author
        .post(&format!("{}/publish", post.path()))
        .send()
        .await;
    refusals.expect(unconditional, 428, "precondition_required");
    let never = author
        .patch("/v1/posts/01912d68-783e-7a03-8467-5661c1243ad4")
        .based_on("\"1.1\"");
    refusals.expect(
        never.json(&json!({ "title": "x" })).send().await,
        404,
        "not_found",
    );
    assert_eq!(
        author.get(&post.path()).send().await.header("etag"),
        post.etag
    );
    refusals.were_logged_once().await;
}

async fn a_body_over_the_limit_is_rejected_in_every_form() {
    let server = shared::server();
    let author = server.administrator().await;
    let mut refusals = Refusals::of(&server);
    let huge = format!(
        "{{\"title\": \"x\", \"body\": \"{}\"}}",
        "x".repeat(5_000_000)
    );
    let answer = create(&author, "application/json", huge).await;
    let problem = refusals.expect(answer, 413, "body_too_large");
    assert!(
        problem["max_bytes"]
            .as_u64()
            .is_some_and(|bytes| bytes >= 1 << 20)
    );

    let long = json!({ "title": "x", "body": "x".repeat((1 << 20) + 1) });
    let answer = create(&author, "application/json", long.to_string()).await;
    let problem = refusals.expect(answer, 422, "invalid");
    assert_eq!(problem["errors"][0]["pointer"], "/body");
    refusals.were_logged_once().await;
}

/// A chunked body without an end.
async fn a_chunked_body_is_cut_off_at_the_limit() {
    let server = shared::server();
    let token = server.administrator().await.token().to_owned();
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let mut sender = stream.try_clone().unwrap();
    let head = format!(
        "POST /v1/posts HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    sender.write_all(head.as_bytes()).unwrap();
    let chunk = [b"10000\r\n".as_slice(), &vec![b' '; 0x10000], b"\r\n"].concat();
    // Ends when the server closes the connection.
    let sending = thread::spawn(move || while sender.write_all(&chunk).is_ok() {});
    let mut answer = vec![];
    let read = tokio::task::block_in_place(|| stream.read_to_end(&mut answer));
    drop(stream);
    sending.join().unwrap();
    let answer = String::from_utf8_lossy(&answer);
    assert!(
        answer.starts_with("HTTP/1.1 413 Payload Too Large"),
        "{read:?}: {answer}"
    );
    assert!(answer.contains("body_too_large"), "{answer}");
}
