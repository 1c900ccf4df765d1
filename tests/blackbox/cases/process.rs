//! The process: shutdown, locks, concurrent servers, exit codes.

use std::net::{TcpListener, TcpStream};

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{ADMINISTRATOR, Setup, Unfinished, cases, draft, ending};

pub(super) fn all() -> Vec<Trial> {
    cases![
        a_restart_keeps_everything,
        sigterm_lets_requests_in_flight_finish,
        a_second_server_on_one_data_folder_fails_naming_the_first,
        a_port_in_use_is_named,
        a_password_is_reset_while_the_server_runs,
        all_invalid_settings_are_reported_at_once,
    ]
}

async fn a_restart_keeps_everything() {
    let setup = Setup::embedded();
    let server = setup.start();
    let author = server.administrator().await;
    let published = author.create_published(&draft("kept")).await;
    let changed = author
        .change(&published, &json!({ "title": "Changed" }))
        .await
        .is(200)
        .json();
    let public = server
        .anonymous()
        .get(&published.public_path())
        .send()
        .await
        .is(200)
        .json();
    assert!(server.stop().success());
    assert_eq!(server.log().count(|line| line["message"] == "stopped"), 1);

    let again = setup.start();
    let author = again.holder_of(author.token());
    assert_eq!(
        author.get(&published.path()).send().await.is(200).json(),
        changed
    );
    let found = again
        .anonymous()
        .get(&published.public_path())
        .send()
        .await
        .is(200);
    assert_eq!(found.json(), public);
    assert_eq!(again.anonymous().walk("/v1/posts").await.len(), 1);
}

async fn sigterm_lets_requests_in_flight_finish() {
    let setup = Setup::embedded();
    let server = setup.start();
    let author = server.administrator().await;
    let slow = Unfinished::begin(&server, &author, &draft("in-flight"));
    server.terminate();
    let stopping = |line: &Value| {
        line["message"]
            .as_str()
            .is_some_and(|text| text.starts_with("shutting down"))
    };
    assert!(server.log().wait_for(stopping).is_some());
    assert!(
        TcpStream::connect(server.address()).is_err(),
        "no new connections are taken"
    );

    let answer = slow.finish();
    assert!(answer.starts_with("HTTP/1.1 201 Created"), "{answer}");
    assert!(server.ended().success());
    let again = setup.start();
    assert_eq!(
        again
            .holder_of(author.token())
            .walk("/v1/posts?status=draft")
            .await
            .len(),
        1
    );
}

async fn a_second_server_on_one_data_folder_fails_naming_the_first() {
    let setup = Setup::embedded();
    let first = setup.start();
    let (code, text) = ending(&setup.run(&["serve"]));
    assert_eq!(code, 2, "{text}");
    let holder = format!("process {}", first.pid().as_raw_nonzero());
    assert!(
        text.contains(&holder) && text.contains(first.address()),
        "{text}"
    );
    first.anonymous().get("/readyz").send().await.is(200);
}

async fn a_port_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let setup = Setup::memory().with("TINTERO_LISTEN", &address.to_string());
    let (code, text) = ending(&setup.run(&["serve"]));
    assert_eq!(code, 2, "{text}");
    assert!(
        text.contains(&address.port().to_string()) && text.contains("TINTERO_LISTEN"),
        "{text}"
    );
}

async fn a_password_is_reset_while_the_server_runs() {
    const NEW: &str = "another horse battery";
    let setup = Setup::embedded();
    let server = setup.start();
    let (email, password) = ADMINISTRATOR;
    let credentials = json!({ "email": email, "password": password });
    let before = server
        .anonymous()
        .post("/v1/auth/login")
        .json(&credentials)
        .send()
        .await
        .is(200)
        .json();
    let output = setup.run_with_input(&["users", "reset-password", email, "--password-stdin"], NEW);
    assert!(output.status.success(), "{}", ending(&output).1);
    let login = server
        .anonymous()
        .post("/v1/auth/login")
        .json(&credentials)
        .send()
        .await;
    login.refused(401, "bad_credentials");
    let after = server.sign_in(email, NEW).await;
    let post = after.create(&draft("after-reset")).await;
    after.get(&post.path()).send().await.is(200);
    let session = json!({ "refresh_token": before["refresh_token"] });
    let refresh = server
        .anonymous()
        .post("/v1/auth/refresh")
        .json(&session)
        .send()
        .await;
    refresh.refused(401, "invalid_token");

    let (code, text) = ending(&setup.run(&["users", "reset-password", "nobody@example.org"]));
    assert_ne!(code, 0);
    assert!(text.contains("nobody@example.org"), "{text}");
}

async fn all_invalid_settings_are_reported_at_once() {
    let setup = Setup::memory()
        .with("TINTERO_LISTENN", "1")
        .with("TINTERO_LISTEN", "nowhere")
        .with("TINTERO_REQUEST_TIMEOUT", "soon");
    let (code, text) = ending(&setup.run(&["serve"]));
    assert_eq!(code, 2, "{text}");
    for name in [
        "TINTERO_LISTENN",
        "TINTERO_LISTEN must",
        "TINTERO_REQUEST_TIMEOUT",
    ] {
        assert!(text.contains(name), "{name} is not in: {text}");
    }
    let (code, _) = ending(&Setup::memory().run(&["serve", "--nonsense"]));
    assert_eq!(code, 2);
    let (code, text) = ending(
        &Setup::memory()
            .with("TINTERO_DYNAMODB", "aws")
            .run(&["serve"]),
    );
    assert_eq!(
        code, 2,
        "without shared keys there is no server on AWS: {text}"
    );
}
