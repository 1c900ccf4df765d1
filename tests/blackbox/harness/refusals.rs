//! Refusals that are also looked up in the log.

use serde_json::Value;

use super::{Answer, Server, is_access};

/// The present refusals of a server, to be looked up in its log.
pub(crate) struct Refusals<'a> {
    server: &'a Server,
    named: Vec<String>,
}

impl<'a> Refusals<'a> {
    pub(crate) fn of(server: &'a Server) -> Self {
        Self {
            server,
            named: vec![],
        }
    }

    #[track_caller]
    pub(crate) fn expect(&mut self, answer: Answer, status: u16, code: &str) -> Value {
        self.named.push(answer.request_id.clone());
        answer.refused(status, code)
    }

    /// Each left exactly one access line. One of a later request is behind all of them.
    pub(crate) async fn were_logged_once(self) {
        let last = self
            .server
            .anybody()
            .get("/healthz")
            .send()
            .await
            .is(200)
            .request_id;
        let log = self.server.log();
        assert!(log.wait_for(|line| is_access(line, &last)).is_some());
        for name in self.named {
            assert_eq!(log.count(|line| is_access(line, &name)), 1, "{name}");
        }
    }
}
