use axum::{body::Body, extract::Request, response::Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use httpdate::HttpDate;

use crate::entity_tag;

/// The conditions of a read ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-13.1)).
pub(super) enum Conditions {
    /// None, or not a read.
    Unconditional,
    /// `If-None-Match`. It takes precedence over `If-Modified-Since`.
    NoneMatch(Vec<HeaderValue>),
    /// `If-Modified-Since`.
    ModifiedSince(HttpDate),
}

impl Conditions {
    pub(super) fn of(request: &Request) -> Self {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Self::Unconditional;
        }
        let headers = request.headers();
        if headers.contains_key(header::IF_NONE_MATCH) {
            let tags = headers.get_all(header::IF_NONE_MATCH);
            return Self::NoneMatch(tags.iter().cloned().collect());
        }
        let since = headers.get(header::IF_MODIFIED_SINCE);
        since
            .and_then(date)
            .map_or(Self::Unconditional, Self::ModifiedSince)
    }

    /// Whether the client already has the current representation.
    pub(super) fn is_known(&self, response: &Response) -> bool {
        let headers = response.headers();
        response.status() == StatusCode::OK
            && match self {
                Self::Unconditional => false,
                Self::NoneMatch(known) => known.iter().any(|field| matches(field, headers)),
                Self::ModifiedSince(since) => {
                    let modified = headers.get(header::LAST_MODIFIED).and_then(date);
                    modified.is_some_and(|modified| modified <= *since)
                }
            }
    }
}

/// Returns 304 with the headers of the response.
pub(super) fn not_modified(response: Response) -> Response {
    let (mut parts, _) = response.into_parts();
    parts.status = StatusCode::NOT_MODIFIED;
    for name in [
        header::CONTENT_TYPE,
        header::CONTENT_LENGTH,
        header::CONTENT_ENCODING,
    ] {
        parts.headers.remove(name);
    }
    Response::from_parts(parts, Body::empty())
}

fn date(field: &HeaderValue) -> Option<HttpDate> {
    field.to_str().ok()?.parse().ok()
}

/// Compares weakly, and without the endings of compressors.
fn matches(field: &HeaderValue, headers: &HeaderMap) -> bool {
    let Some(current) = headers.get(header::ETAG).and_then(opaque) else {
        return false;
    };
    let field = field.to_str().unwrap_or_default();
    let mut tags = field.split(',').map(str::trim);
    tags.any(|tag| {
        let known = || entity_tag::opaque(tag).map(entity_tag::without_coding);
        tag == "*" || known() == Some(current)
    })
}

fn opaque(field: &HeaderValue) -> Option<&str> {
    let text = entity_tag::opaque(field.to_str().ok()?)?;
    Some(entity_tag::without_coding(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_known(name: header::HeaderName, value: &str) -> bool {
        let request = Request::builder().header(name, value);
        let response = Response::builder()
            .header(header::ETAG, "\"3.2\"")
            .header(header::LAST_MODIFIED, "Sun, 06 Nov 1994 08:49:37 GMT");
        let response = response.body(Body::empty()).unwrap();
        Conditions::of(&request.body(Body::empty()).unwrap()).is_known(&response)
    }

    #[test]
    fn tags_are_compared_weakly() {
        for field in [
            "\"3.2\"",
            "W/\"3.2\"",
            "\"1.1\", \"3.2\"",
            "*",
            "\"3.2-gzip\"",
            "\"3.2-br\"",
            "W/\"3.2--gzip\"",
        ] {
            assert!(is_known(header::IF_NONE_MATCH, field), "{field}");
        }
        for field in ["\"3.1\"", "3.2", "", "\"13.2\"", "\"3.2-5f2a\""] {
            assert!(!is_known(header::IF_NONE_MATCH, field), "{field}");
        }
    }

    #[test]
    fn a_date_is_known_from_the_time_of_the_last_change_on() {
        for known in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Mon, 07 Nov 1994 00:00:00 GMT",
        ] {
            assert!(is_known(header::IF_MODIFIED_SINCE, known), "{known}");
        }
        for older in ["Sun, 06 Nov 1994 08:49:36 GMT", "yesterday", ""] {
            assert!(!is_known(header::IF_MODIFIED_SINCE, older), "{older}");
        }
    }

    #[test]
    fn a_tag_takes_precedence_over_a_date() {
        let request = Request::builder()
            .header(header::IF_NONE_MATCH, "\"1.1\"")
            .header(header::IF_MODIFIED_SINCE, "Mon, 07 Nov 1994 00:00:00 GMT")
            .body(Body::empty())
            .unwrap();
        assert!(matches!(Conditions::of(&request), Conditions::NoneMatch(_)));
    }
}
