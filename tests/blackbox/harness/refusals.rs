//! Rejected requests, checked in the log as well.

use serde_json::Value;

use super::{Answer, Server, is_access};

/// Rejections of a server, for checking its log.
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

    /// Asserts that each rejection has exactly one access line. Waits for the line of a later request first.
    pub(crate) async fn were_logged_once(self) {
        let last = self
            .server
            .anonymous()
            .get("/problems/not-found")
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
