//! The server, as its REST API shows it.

mod image;
mod names;
mod post;
mod problem;
mod send;
mod wait;

use std::sync::atomic::AtomicBool;

use reqwest::{Method, Url};
use serde_json::json;

pub(crate) use image::Upload;
pub(crate) use names::{Byline, Category};
pub(crate) use post::{Remote, Status};
pub(crate) use problem::Problem;

use crate::{
    args::Token,
    finding::Refusal,
    post::{Members, Release},
    text::sha256,
};
use send::Request;

/// A server and the right to write to it.
#[derive(Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    /// The address of the API.
    root: Url,
    token: Token,
    /// Whether the server ever answered, which tells a wrong address from a passing failure.
    reached: AtomicBool,
}

/// Why a call came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// No further call can succeed either.
    #[error(transparent)]
    Fatal(#[from] Refusal),
    /// The server refused this call.
    #[error("{0}")]
    Refused(Box<Problem>),
    /// The file that the call sends cannot be read.
    #[error("cannot be read: {0}")]
    File(std::io::Error),
}

/// A call's answer.
pub(crate) type Answer<T> = Result<T, Failure>;

impl Client {
    pub(crate) fn new(server: &Url, token: Token) -> Result<Self, Refusal> {
        let http = send::http_client()
            .map_err(|error| Refusal::new(format!("no connection can be made: {error}")))?;
        let mut root = server.clone();
        if let Ok(mut path) = root.path_segments_mut() {
            path.pop_if_empty().push("v1");
        }
        Ok(Self {
            http,
            root,
            token,
            reached: AtomicBool::new(false),
        })
    }

    /// The post that an earlier run made of this file.
    pub(crate) async fn find(&self, import: &str, path: &str) -> Answer<Option<Remote>> {
        let mut url = self.below(&["posts", "by-source"]);
        url.query_pairs_mut()
            .append_pair("import", import)
            .append_pair("path", path);
        match self.post(&Request::new(Method::GET, url)).await {
            Ok(remote) => Ok(Some(remote)),
            Err(Failure::Refused(problem)) if problem.is_unknown() => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Makes a post. Repeating the call with the same `key` makes no second one.
    pub(crate) async fn create(&self, members: &Members, key: &str) -> Answer<Remote> {
        let request = Request::new(Method::POST, self.below(&["posts"]));
        self.post(&request.json(&json!(members)).key(key)).await
    }

    /// Changes a post that is still as `remote` says.
    pub(crate) async fn update(&self, remote: &Handle, patch: &Members) -> Answer<Remote> {
        let request = Request::new(Method::PATCH, self.below(&["posts", &remote.id]));
        self.post(&request.merge_patch(&json!(patch)).if_match(&remote.etag))
            .await
    }

    /// Makes a post public at its date, which may be still to come.
    pub(crate) async fn publish(&self, remote: &Handle, release: &Release) -> Answer<Remote> {
        let at = &release.at;
        let (verb, body) = if release.is_to_come {
            ("schedule", json!({ "publish_at": at }))
        } else {
            ("publish", json!({ "published_at": at }))
        };
        self.transition(remote, verb, &body).await
    }

    /// Takes a post back from the public.
    pub(crate) async fn unpublish(&self, remote: &Handle) -> Answer<Remote> {
        self.transition(remote, "unpublish", &json!({})).await
    }

    async fn transition(
        &self,
        remote: &Handle,
        verb: &str,
        body: &serde_json::Value,
    ) -> Answer<Remote> {
        let request = Request::new(Method::POST, self.below(&["posts", &remote.id, verb]));
        let body = body.to_string();
        let key = key([verb, &remote.id, &remote.etag, &body]);
        self.post(
            &request
                .text("application/json", body)
                .if_match(&remote.etag)
                .key(&key),
        )
        .await
    }

    async fn post(&self, request: &Request) -> Answer<Remote> {
        let reply = self.send(request).await?;
        self.read(&reply, |reply| Remote::read(&reply.headers, &reply.body))
    }

    fn below(&self, parts: &[&str]) -> Url {
        let mut url = self.root.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.extend(parts);
        }
        url
    }
}

/// A post in the state that the next write is based on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Handle {
    pub(crate) id: String,
    pub(crate) etag: String,
    /// The slug it has, which may not be the one its file asks for.
    pub(crate) slug: String,
}

/// An idempotency key made of what a call is about, so that a later run makes the same one.
pub(crate) fn key<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    sha256(
        parts
            .into_iter()
            .flat_map(|part| [part.as_bytes(), b"\0".as_slice()]),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(server: &str) -> Client {
        Client::new(&server.parse().unwrap(), "t".parse().unwrap()).unwrap()
    }

    #[test]
    fn addresses_are_below_the_path_of_the_server() {
        assert_eq!(client("http://a").root.as_str(), "http://a/v1");
        assert_eq!(
            client("http://a/api/")
                .below(&["posts", "x/y", "publish"])
                .as_str(),
            "http://a/api/v1/posts/x%2Fy/publish"
        );
    }

    #[test]
    fn keys_do_not_run_into_each_other() {
        assert_ne!(key(["a", "bc"]), key(["ab", "c"]));
        assert_eq!(key(["a"]).len(), 64);
    }
}
