use axum::{body::Body, extract::Request, middleware::Next, response::Response};
use http::{HeaderMap, Method, StatusCode, header};

/// Returns 304 if the client already has the current representation
/// ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2)).
///
/// Ignores dates, because two versions of the same second have the same date.
pub(super) async fn respond(request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = request.headers().get_all(header::IF_NONE_MATCH);
    let known: Vec<String> = known
        .iter()
        .filter_map(|field| Some(field.to_str().ok()?.to_owned()))
        .collect();
    let mut response = next.run(request).await;
    if is_read && response.status() == StatusCode::OK && matches(&known, response.headers()) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        let headers = response.headers_mut();
        headers.remove(header::CONTENT_TYPE);
        headers.remove(header::CONTENT_LENGTH);
    }
    response
}

/// Compares weakly, because compressors mark tags as weak.
fn matches(known: &[String], headers: &HeaderMap) -> bool {
    let Some(current) = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()) else {
        return false;
    };
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").replace("-gzip\"", "\"");
    known
        .iter()
        .flat_map(|field| field.split(','))
        .any(|tag| tag.trim() == "*" || opaque(tag) == opaque(current))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_compared_weakly() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ETAG, "\"3.2\"".parse().unwrap());
        let matches = |field: &str| matches(&[field.to_owned()], &headers);
        for field in [
            "\"3.2\"",
            "W/\"3.2\"",
            "\"1.1\", \"3.2\"",
            "*",
            "\"3.2-gzip\"",
        ] {
            assert!(matches(field), "{field}");
        }
        for field in ["\"3.1\"", "3.2", "", "\"13.2\""] {
            assert!(!matches(field), "{field}");
        }
    }
}
