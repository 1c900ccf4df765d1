//! An answer that matches `openapi.yaml`.

use std::fmt;

use reqwest::{Method, header::HeaderMap};
use serde_json::Value;

use super::{
    contract::{self, Operation},
    coverage,
};

/// An HTTP answer.
pub(crate) struct Answer {
    pub(crate) call: String,
    pub(crate) request_id: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Asserts the status.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// Asserts a problem with this status and code, and returns its body.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Value {
        let answer = self.is(status);
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{answer:?}"
        );
        let problem = answer.json();
        assert_eq!(problem["code"], code, "{answer:?}");
        assert_eq!(problem["status"], status, "{answer:?}");
        assert_eq!(problem["request_id"], answer.request_id, "{answer:?}");
        problem
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Value of a header.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|field| field.to_str().ok())
            .unwrap_or_default()
    }

    /// Head and body as text, to search for values that must not appear.
    pub(crate) fn everything(&self) -> String {
        format!("{:?}\n{}", self.headers, self.text())
    }

    /// Asserts that the document describes this answer.
    pub(super) fn hold_against(
        &self,
        operation: Option<&'static Operation>,
        method: &Method,
        sent: Option<&(String, Vec<u8>)>,
    ) {
        let mut breaches = vec![];
        if self.header("x-request-id") != self.request_id {
            breaches.push("X-Request-Id is not echoed".to_owned());
        }
        match operation {
            // Without a body there is only a status to check.
            Some(operation) if method == Method::HEAD => coverage::note(operation),
            Some(operation) => {
                coverage::note(operation);
                breaches.extend(contract::breaches(operation, self));
                // A batch has the refusals of its operations in an answer of 200.
                let is_accepted =
                    (200..=299).contains(&self.status) && !self.text().contains("\"failed\":");
                if let (true, Some((media, body))) = (is_accepted, sent) {
                    breaches.extend(contract::misread(operation, media, body));
                }
            }
            // Not in the document: unknown paths and methods, preflights, `/docs`, `/openapi.*`.
            None if self.status >= 400 && method != Method::HEAD => {
                breaches.extend(contract::unlike_a_problem(&self.body));
            }
            None => {}
        }
        assert!(breaches.is_empty(), "{breaches:#?}\n{self:?}");
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text: String = self.text().chars().take(2000).collect();
        write!(
            f,
            "{} → {}\n{:#?}\n{text}",
            self.call, self.status, self.headers
        )
    }
}
