//! Request logs.

#![expect(clippy::unwrap_used, reason = "an unreadable log fails the test")]

use std::{
    io,
    sync::{Arc, Mutex},
};

use serde_json::json;
use tintero_domain::access::Role;
use tintero_embedded::faults::FaultAction;
use tracing_subscriber::fmt::MakeWriter;

use crate::{
    call::Call,
    site::{PASSWORD, site, site_as},
};

/// Captures log lines.
#[derive(Clone, Default)]
struct Pages(Arc<Mutex<Vec<u8>>>);

impl Pages {
    fn lines(&self) -> Vec<String> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let ours = text
            .lines()
            .filter(|line| line.contains("\"target\":\"http\""));
        ours.map(str::to_owned).collect()
    }

    /// Captures the log of this thread while the guard exists.
    fn open(&self) -> tracing::subscriber::DefaultGuard {
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_writer(self.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }
}

impl io::Write for Pages {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Pages {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn a_request_is_logged_in_one_line_without_secrets() {
    let (site, token) = site_as(Role::Author).await;
    let pages = Pages::default();
    let guard = pages.open();
    let login = json!({"email": "author@example.org", "password": PASSWORD});
    site.post("/v1/auth/login", &login).await;
    let read = Call::get("/v1/posts/by-source?import=blog&path=geheim.md").signed(&token);
    read.header("x-request-id", "r-1").to(&site).await;
    drop(guard);
    let lines = pages.lines();
    assert_eq!(lines.len(), 2, "{lines:?}");
    for secret in [PASSWORD, "author@example.org", "geheim", token.as_str()] {
        assert!(lines.iter().all(|line| !line.contains(secret)), "{lines:?}");
    }
    for part in [
        "\"method\":\"GET\"",
        "\"route\":\"/v1/posts/by-source\"",
        "\"status\":404",
        "\"request_id\":\"r-1\"",
        "\"user_id\":\"019b",
    ] {
        assert!(lines[1].contains(part), "{part} in {}", lines[1]);
    }
}

#[tokio::test]
async fn a_server_error_is_logged_once_with_its_causes() {
    let site = site().await;
    site.wire.on(|_| FaultAction::CrashBefore);
    let pages = Pages::default();
    let guard = pages.open();
    site.get("/v1/posts/by-slug/hola").await;
    drop(guard);
    let lines = pages.lines();
    let errors: Vec<_> = lines
        .iter()
        .filter(|line| line.contains("\"ERROR\""))
        .collect();
    assert_eq!((lines.len(), errors.len()), (2, 1), "{lines:?}");
    assert!(
        errors[0].contains("the store is unavailable: "),
        "{}",
        errors[0]
    );
}
