//! A client that checks every answer against `openapi.yaml`.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use reqwest::{Method, RequestBuilder, redirect};
use serde_json::Value;

use super::{Answer, contract};

/// Prevents a test from hanging. No test asserts it.
const PATIENCE: Duration = Duration::from_mins(2);

/// A client of the API.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    url: String,
    token: Option<String>,
    key: Option<String>,
}

impl Client {
    /// Creates a client of the server at `url`, with or without a token.
    pub(crate) fn new(url: String, token: Option<String>) -> Self {
        let http = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .timeout(PATIENCE)
            .no_proxy()
            .build()
            .expect("a plain client can be built");
        Self {
            http,
            url,
            token,
            key: None,
        }
    }

    /// The same client with an API key instead of a token.
    pub(crate) fn with_key(self, key: &str) -> Self {
        Self {
            token: None,
            key: Some(key.to_owned()),
            ..self
        }
    }

    /// The access token.
    pub(crate) fn token(&self) -> &str {
        self.token.as_deref().expect("this client is signed in")
    }

    pub(crate) fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str) -> Call {
        self.call(Method::POST, path)
    }

    pub(crate) fn patch(&self, path: &str) -> Call {
        self.call(Method::PATCH, path)
    }

    /// Builds a request for `path`, which may have a query string.
    pub(crate) fn call(&self, method: Method, path: &str) -> Call {
        let request_id = next_request_id();
        let mut request = self
            .http
            .request(method.clone(), format!("{}{path}", self.url))
            .header("X-Request-Id", &request_id);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(key) = &self.key {
            request = request.header("Authorization", format!("ApiKey {key}"));
        }
        Call {
            method,
            path: path.to_owned(),
            request_id,
            request,
            sent: None,
        }
    }
}

/// Builder of a request.
pub(crate) struct Call {
    method: Method,
    path: String,
    request_id: String,
    request: RequestBuilder,
    /// Body and content type, checked against the document if the request succeeds.
    sent: Option<(String, Vec<u8>)>,
}

impl Call {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// Sets `If-Match`.
    pub(crate) fn based_on(self, etag: &str) -> Self {
        self.header("If-Match", etag)
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        let media = match self.method {
            Method::PATCH => "application/merge-patch+json",
            _ => "application/json",
        };
        self.body(media, body.to_string())
    }

    pub(crate) fn body(mut self, media: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        self.sent = Some((media.to_owned(), body.clone()));
        self.request = self.request.header("Content-Type", media).body(body);
        self
    }

    /// Sends the request and checks the answer against the document.
    pub(crate) async fn send(self) -> Answer {
        let answer = self.try_send().await;
        answer.unwrap_or_else(|error| panic!("no answer: {error:?}"))
    }

    /// Like `send`, but returns an error if the server is not reachable.
    pub(crate) async fn try_send(self) -> Result<Answer, reqwest::Error> {
        let path = self.path.split('?').next().unwrap_or_default();
        let operation = contract::operation(&self.method, path);
        let response = self.request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let answer = Answer {
            call: format!(
                "{} {}",
                self.method,
                self.path.chars().take(200).collect::<String>()
            ),
            request_id: self.request_id,
            status,
            headers,
            body: response.bytes().await?.to_vec(),
        };
        answer.hold_against(operation, &self.method, self.sent.as_ref());
        Ok(answer)
    }
}

fn next_request_id() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    format!("blackbox-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}
