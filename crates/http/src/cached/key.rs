use std::sync::Arc;

use axum::extract::Request;
use http::{Method, Uri, header};

use crate::{coding::Coding, session_cookie};

/// Longer targets are not stored: no link of this API is that long.
const MAX_TARGET: usize = 2048;

/// The name of a stored answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct AnswerKey {
    target: Arc<str>,
    /// The coding of the body.
    pub(super) coding: Option<Coding>,
    /// The number of public writes before the answer was loaded. A write thus renames all later answers,
    /// and earlier ones are never found again.
    writes: u64,
}

impl AnswerKey {
    /// Returns the key of a read without credentials, or `None` for any other request.
    pub(super) fn of(request: &Request, coding: Option<Coding>, writes: u64) -> Option<Self> {
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        let headers = request.headers();
        let depends_on_caller = [header::AUTHORIZATION, header::RANGE]
            .iter()
            .any(|name| headers.contains_key(name));
        let is_api = request.uri().path().starts_with("/v1/");
        if !is_read || !is_api || depends_on_caller || session_cookie::may_be_in(headers) {
            return None;
        }
        Some(Self {
            target: target(request.uri())?,
            coding,
            writes,
        })
    }

    /// Returns the key of the uncompressed answer.
    pub(super) fn uncoded(&self) -> Self {
        Self {
            coding: None,
            ..self.clone()
        }
    }

    /// Returns the bytes that the key uses.
    pub(super) fn len(&self) -> usize {
        size_of::<Self>() + self.target.len()
    }
}

/// Returns path and query, with the parameters in a fixed order.
fn target(uri: &Uri) -> Option<Arc<str>> {
    let text = uri.path_and_query()?.as_str();
    if text.len() > MAX_TARGET {
        return None;
    }
    match uri.query() {
        Some(query) if query.contains('&') => {
            let mut parameters: Vec<_> = query.split('&').collect();
            parameters.sort_unstable();
            Some(format!("{}?{}", uri.path(), parameters.join("&")).into())
        }
        _ => Some(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn key(method: Method, uri: &str, credential: Option<&str>) -> Option<AnswerKey> {
        let mut request = Request::builder().method(method).uri(uri);
        if let Some(credential) = credential {
            request = request.header(header::AUTHORIZATION, credential);
        }
        AnswerKey::of(&request.body(Body::empty()).unwrap(), None, 0)
    }

    #[test]
    fn the_order_of_parameters_does_not_matter() {
        let key = |uri| key(Method::GET, uri, None).unwrap();
        assert_eq!(
            key("/v1/posts?tag=a&limit=2"),
            key("/v1/posts?limit=2&tag=a")
        );
        assert_ne!(
            key("/v1/posts?tag=a&limit=2"),
            key("/v1/posts?tag=a&limit=3")
        );
        assert_ne!(key("/v1/posts?tag=a"), key("/v1/posts"));
        assert_ne!(key("/v1/posts?a&b"), key("/v1/posts?a=&b"));
    }

    #[test]
    fn only_reads_without_credentials_have_a_key() {
        let uri = "/v1/posts";
        assert!(key(Method::HEAD, uri, None).is_some());
        assert!(key(Method::POST, uri, None).is_none());
        assert!(key(Method::GET, uri, Some("Bearer x")).is_none());
        assert!(key(Method::GET, uri, Some("")).is_none());
        let cookie = |value| Request::get(uri).header(header::COOKIE, value);
        let key_of = |request: http::request::Builder| {
            AnswerKey::of(&request.body(Body::empty()).unwrap(), None, 0)
        };
        assert!(key_of(cookie("tintero_session=x")).is_none());
        assert!(key_of(cookie("theme=dark")).is_some());
        assert!(key(Method::GET, "/media/x.png", None).is_none());
        let long = format!("/v1/posts?tag={}", "x".repeat(MAX_TARGET));
        assert!(key(Method::GET, &long, None).is_none());
    }

    #[test]
    fn a_write_changes_all_keys() {
        let request = Request::get("/v1/posts").body(Body::empty()).unwrap();
        let [before, after] = [7, 8].map(|writes| AnswerKey::of(&request, None, writes).unwrap());
        assert_ne!(before, after);
    }
}
