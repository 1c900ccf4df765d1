use std::{io, sync::atomic::Ordering, time::Duration};

use reqwest::{
    Method, StatusCode, Url,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, IF_MATCH, LOCATION},
    redirect::Policy,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Answer, Client, Failure, Problem, Upload, wait};
use crate::finding::Refusal;

const CONNECT: Duration = Duration::from_secs(10);
const WHOLE_CALL: Duration = Duration::from_mins(1);
/// 20 MiB over a line that is slow and still works.
const WHOLE_UPLOAD: Duration = Duration::from_mins(10);

/// A call that can be made several times.
pub(super) struct Request {
    method: Method,
    pub(super) url: Url,
    body: Body,
    if_match: Option<String>,
    key: Option<String>,
    may_move: bool,
}

enum Body {
    None,
    Text(&'static str, String),
    Upload(Upload),
}

/// An answer with its body read.
pub(super) struct Reply {
    status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// Why an attempt got no answer.
enum Lost {
    /// The file to send cannot be read, now or later.
    File(io::Error),
    Call(reqwest::Error),
}

pub(super) fn http_client() -> reqwest::Result<reqwest::Client> {
    // A redirect would carry the token, and the text of drafts, to wherever it leads.
    reqwest::Client::builder()
        .redirect(Policy::none())
        .connect_timeout(CONNECT)
        .timeout(WHOLE_CALL)
        .user_agent(concat!("tintero-import/", env!("CARGO_PKG_VERSION")))
        .build()
}

impl Request {
    pub(super) fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            body: Body::None,
            if_match: None,
            key: None,
            may_move: false,
        }
    }

    pub(super) fn json(self, body: &Value) -> Self {
        self.text("application/json", body.to_string())
    }

    pub(super) fn merge_patch(self, body: &Value) -> Self {
        self.text("application/merge-patch+json", body.to_string())
    }

    pub(super) fn text(mut self, media_type: &'static str, body: String) -> Self {
        self.body = Body::Text(media_type, body);
        self
    }

    pub(super) fn upload(mut self, upload: Upload) -> Self {
        self.body = Body::Upload(upload);
        self
    }

    pub(super) fn if_match(mut self, etag: &str) -> Self {
        self.if_match = Some(etag.to_owned());
        self
    }

    /// That something is elsewhere by now is an answer, and no reason to doubt the server.
    pub(super) fn may_move(mut self) -> Self {
        self.may_move = true;
        self
    }

    pub(super) fn key(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }
}

impl Reply {
    /// The last part of the address where it is by now, when it moved.
    pub(super) fn moved_to(&self) -> Option<&str> {
        let is_moved = self.status.is_redirection();
        let place = self.headers.get(LOCATION).filter(|_| is_moved)?;
        let (_, name) = place.to_str().ok()?.rsplit_once('/')?;
        Some(name)
    }
}

impl Client {
    /// Makes a call, again after a pause when it may succeed then.
    pub(super) async fn send(&self, request: &Request) -> Answer<Reply> {
        let mut attempt = 0;
        loop {
            let is_last = attempt == wait::RETRIES;
            let pause = match self.attempt(request).await {
                Ok(reply) if is_last || !wait::passes(reply.status, &reply.headers) => {
                    return self.understood(reply, request);
                }
                Ok(reply) => wait::before_retry(attempt, wait::asked(&reply.headers)),
                Err(Lost::File(error)) => return Err(Failure::File(error)),
                Err(Lost::Call(error)) if is_last || self.is_wrong_address(&error) => {
                    return Err(self.unreachable(&error).into());
                }
                Err(Lost::Call(_)) => wait::before_retry(attempt, None),
            };
            tokio::time::sleep(pause).await;
            attempt += 1;
        }
    }

    async fn attempt(&self, request: &Request) -> Result<Reply, Lost> {
        let mut call = self
            .http
            .request(request.method.clone(), request.url.clone())
            .header(AUTHORIZATION, self.token.authorization());
        call = match &request.body {
            Body::None => call,
            Body::Text(media_type, body) => {
                call.header(CONTENT_TYPE, *media_type).body(body.clone())
            }
            Body::Upload(upload) => {
                let form = upload.form().await.map_err(Lost::File)?;
                call.timeout(WHOLE_UPLOAD).multipart(form)
            }
        };
        if let Some(etag) = &request.if_match {
            call = call.header(IF_MATCH, etag);
        }
        if let Some(key) = &request.key {
            call = call.header("Idempotency-Key", key);
        }
        let response = call.send().await.map_err(Lost::Call)?;
        self.reached.store(true, Ordering::Relaxed);
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.map_err(Lost::Call)?.to_vec();
        Ok(Reply {
            status,
            headers,
            body,
        })
    }

    /// What an answer says, once it is known that it is one of success.
    pub(super) fn json<T: DeserializeOwned>(&self, reply: &Reply) -> Answer<T> {
        self.read(reply, |reply| serde_json::from_slice(&reply.body))
    }

    pub(super) fn read<T>(
        &self,
        reply: &Reply,
        read: impl FnOnce(&Reply) -> serde_json::Result<T>,
    ) -> Answer<T> {
        read(reply).map_err(|error| self.strange(&format!("its answer cannot be read ({error})")))
    }

    fn strange(&self, what: &str) -> Failure {
        let server = self.server();
        Refusal::new(format!("{server} is no Tintero server: {what}")).into()
    }

    fn understood(&self, reply: Reply, request: &Request) -> Answer<Reply> {
        match reply.status {
            status if status.is_success() => Ok(reply),
            status if status.is_redirection() && request.may_move => Ok(reply),
            status if status.is_redirection() => {
                let target = reply.headers.get(LOCATION);
                let target = target.and_then(|place| place.to_str().ok());
                let target = target.unwrap_or("elsewhere");
                let hint = format!("it redirects to {target}; give that address as --url");
                Err(self.strange(&hint))
            }
            StatusCode::UNAUTHORIZED => {
                let reason = Problem::read(401, &reply.body).reason();
                let sentence = format!(
                    "{} does not accept the token ({reason}); give another with --token or TINTERO_TOKEN",
                    self.server()
                );
                Err(Refusal::new(sentence).into())
            }
            status => {
                let problem = Problem::read(status.as_u16(), &reply.body);
                if status == StatusCode::NOT_FOUND && problem.code != "not_found" {
                    return Err(self.strange(&format!("it knows no {}", request.url.path())));
                }
                Err(Failure::Refused(Box::new(problem)))
            }
        }
    }

    /// A first call that cannot even connect is a mistyped address or a server that was not started.
    fn is_wrong_address(&self, error: &reqwest::Error) -> bool {
        error.is_builder() || (error.is_connect() && !self.reached.load(Ordering::Relaxed))
    }

    fn unreachable(&self, error: &reqwest::Error) -> Refusal {
        let hint = if self.reached.load(Ordering::Relaxed) {
            "run the import again to go on where it stopped"
        } else {
            "is the server running there?"
        };
        Refusal::new(format!(
            "{} cannot be reached: {}; {hint}",
            self.server(),
            innermost(error)
        ))
    }

    fn server(&self) -> &str {
        self.root.as_str().trim_end_matches("/v1")
    }
}

/// The cause that says most: the outer ones only say that sending failed.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
