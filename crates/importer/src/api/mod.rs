//! A client of the server's REST API.

mod export;
mod image;
mod post;
mod problem;
mod resources;
mod retry;
mod send;

use std::sync::atomic::AtomicBool;

use reqwest::{Method, Url};
use serde_json::json;

pub(crate) use export::ListedImage;
pub(crate) use image::UploadSource;
pub(crate) use post::{RemotePost, RemotePostRow, RemoteStatus};
pub(crate) use problem::ProblemDetails;
pub(crate) use resources::{RemoteByline, RemoteCategory};

use crate::{
    args::Token,
    error::ImportError,
    post::{JsonObject, PublicationTime},
    text::sha256,
};
use send::ApiRequest;

/// Sends requests to one server with one token.
#[derive(Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    /// The base URL of the API, which ends in `/v1`.
    root: Url,
    token: Token,
    /// Whether the server responded before. Distinguishes a temporary failure from a wrong URL.
    reached: AtomicBool,
}

/// The error of a call.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// Every further call would fail too.
    #[error(transparent)]
    Fatal(#[from] ImportError),
    #[error("{0}")]
    Refused(Box<ProblemDetails>),
    /// The file to upload cannot be read.
    #[error("cannot be read: {0}")]
    File(std::io::Error),
}

pub(crate) type ApiResult<T> = Result<T, ApiError>;

impl Client {
    pub(crate) fn new(server: &Url, token: Token) -> Result<Self, ImportError> {
        let http = send::http_client().map_err(|error| {
            ImportError::new(format!("the HTTP client cannot be set up: {error}"))
        })?;
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

    /// Finds the post that an earlier run created from this file.
    pub(crate) async fn find_post(
        &self,
        import: &str,
        path: &str,
    ) -> ApiResult<Option<RemotePost>> {
        let mut url = self.endpoint(&["posts", "by-source"]);
        url.query_pairs_mut()
            .append_pair("import", import)
            .append_pair("path", path);
        match self.send_for_post(&ApiRequest::new(Method::GET, url)).await {
            Ok(post) => Ok(Some(post)),
            Err(ApiError::Refused(problem)) if problem.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn get_post(&self, id: &str) -> ApiResult<RemotePost> {
        let url = self.endpoint(&["posts", id]);
        self.send_for_post(&ApiRequest::new(Method::GET, url)).await
    }

    /// Lists the working copies that are not in the trash.
    pub(crate) async fn list_posts(&self) -> ApiResult<Vec<RemotePostRow>> {
        let mut url = self.endpoint(&["posts"]);
        url.query_pairs_mut()
            .append_pair("status", "any")
            .append_pair("limit", "100");
        let mut posts: Vec<RemotePostRow> = self.list(url).await?;
        posts.retain(|post| post.status != RemoteStatus::Trashed);
        Ok(posts)
    }

    /// Creates a post. Repeating the call with the same idempotency `key` returns the same post.
    pub(crate) async fn create_post(
        &self,
        members: &JsonObject,
        key: &str,
    ) -> ApiResult<RemotePost> {
        let request = ApiRequest::new(Method::POST, self.endpoint(&["posts"]));
        self.send_for_post(&request.json(&json!(members)).key(key))
            .await
    }

    /// Updates a post if it still has the `ETag` of the handle.
    pub(crate) async fn update_post(
        &self,
        post: &PostHandle,
        patch: &JsonObject,
    ) -> ApiResult<RemotePost> {
        let request = ApiRequest::new(Method::PATCH, self.endpoint(&["posts", &post.id]));
        self.send_for_post(&request.merge_patch(&json!(patch)).if_match(&post.etag))
            .await
    }

    /// Publishes a post under its date, or schedules it if the date is in the future.
    pub(crate) async fn publish(
        &self,
        post: &PostHandle,
        time: &PublicationTime,
    ) -> ApiResult<RemotePost> {
        let at = &time.at;
        let (verb, body) = if time.is_future {
            ("schedule", json!({ "publish_at": at }))
        } else {
            ("publish", json!({ "published_at": at }))
        };
        self.transition(post, verb, &body).await
    }

    pub(crate) async fn unpublish(&self, post: &PostHandle) -> ApiResult<RemotePost> {
        self.transition(post, "unpublish", &json!({})).await
    }

    async fn transition(
        &self,
        post: &PostHandle,
        verb: &str,
        body: &serde_json::Value,
    ) -> ApiResult<RemotePost> {
        let request = ApiRequest::new(Method::POST, self.endpoint(&["posts", &post.id, verb]));
        let body = body.to_string();
        let key = idempotency_key([verb, &post.id, &post.etag, &body]);
        self.send_for_post(
            &request
                .text("application/json", body)
                .if_match(&post.etag)
                .key(&key),
        )
        .await
    }

    async fn send_for_post(&self, request: &ApiRequest) -> ApiResult<RemotePost> {
        let response = self.send(request).await?;
        self.read(&response, |response| {
            RemotePost::read(&response.headers, &response.body)
        })
    }

    fn endpoint(&self, parts: &[&str]) -> Url {
        let mut url = self.root.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.extend(parts);
        }
        url
    }
}

/// The id and the `ETag` of the post that the next write is based on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PostHandle {
    pub(crate) id: String,
    pub(crate) etag: String,
    /// The slug on the server, which can differ from the one in the file.
    pub(crate) slug: String,
}

/// Derives an idempotency key from the content of a call, so that a later run repeats it.
pub(crate) fn idempotency_key<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
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
    fn endpoints_are_below_the_path_of_the_server_url() {
        assert_eq!(client("http://a").root.as_str(), "http://a/v1");
        assert_eq!(
            client("http://a/api/")
                .endpoint(&["posts", "x/y", "publish"])
                .as_str(),
            "http://a/api/v1/posts/x%2Fy/publish"
        );
    }

    #[test]
    fn idempotency_keys_separate_their_parts() {
        assert_ne!(idempotency_key(["a", "bc"]), idempotency_key(["ab", "c"]));
        assert_eq!(idempotency_key(["a"]).len(), 64);
    }
}
