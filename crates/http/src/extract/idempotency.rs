use http::{HeaderMap, Method, Uri, header, request::Parts};
use tintero_domain::writes::IdempotencyRequest;

use crate::{
    body::Body,
    digest::sha256,
    problem::{Problem, ProblemType, Violation},
};

/// The header with the client's key.
pub(crate) const FIELD: &str = "Idempotency-Key";

/// Reads the key and binds it to the whole request.
fn request(parts: &Parts, body: &[u8]) -> Result<Option<IdempotencyRequest>, Problem> {
    let key = key(&parts.headers)?;
    Ok(key.map(|key| IdempotencyRequest {
        key,
        request_digest: digest(&parts.method, &parts.uri, &parts.headers, body),
    }))
}

/// Reads the key for operations that support it; rejects a key for others.
pub(super) fn request_for<B: Body>(
    parts: &Parts,
    body: &[u8],
) -> Result<Option<IdempotencyRequest>, Problem> {
    if B::SECRET {
        reject(&parts.headers)?;
        return Ok(None);
    }
    if B::KEYED {
        return request(parts, body);
    }
    if parts.headers.contains_key(FIELD) {
        return Err(rejected(
            "is not supported by this operation: a unique name or a version already rejects repeated requests",
        ));
    }
    Ok(None)
}

/// Rejects a key: the response is a secret and is not stored for a replay.
pub(super) fn reject(headers: &HeaderMap) -> Result<(), Problem> {
    if headers.contains_key(FIELD) {
        return Err(rejected(
            "is not supported by this operation: its response is a secret and is not stored",
        ));
    }
    Ok(())
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut fields = headers.get_all(FIELD).iter();
    let Some(field) = fields.next() else {
        return Ok(None);
    };
    let visible = field.as_bytes().iter().all(u8::is_ascii_graphic);
    match field.to_str() {
        Ok(key) if visible && (1..=255).contains(&key.len()) && fields.next().is_none() => {
            Ok(Some(key.to_owned()))
        }
        _ => Err(rejected(
            "must be one value of 1 to 255 visible ASCII characters",
        )),
    }
}

/// The digest includes `If-Match`: a write that is based on another state is another request.
fn digest(method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> String {
    let query = uri.query().unwrap_or_default();
    let base = headers
        .get(header::IF_MATCH)
        .map(|base| String::from_utf8_lossy(base.as_bytes()));
    let base = base.unwrap_or_default();
    sha256(&[method.as_str(), uri.path(), query, &base], body)
}

fn rejected(detail: &'static str) -> Problem {
    Problem::violated(ProblemType::BadHeader, [Violation::header(FIELD, detail)])
        .detail(format!("{FIELD} {detail}."))
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn parts(uri: &str, key: &str) -> Parts {
        let request = Request::post(uri).header(FIELD, key).body(()).unwrap();
        request.into_parts().0
    }

    #[test]
    fn the_digest_covers_path_query_and_body() {
        let digest = |uri: &str, body: &[u8]| {
            request(&parts(uri, "k"), body)
                .unwrap()
                .unwrap()
                .request_digest
        };
        let first = digest("/v1/posts", b"{}");
        assert_eq!(first.len(), 64);
        assert_eq!(first, digest("/v1/posts", b"{}"));
        assert_ne!(first, digest("/v1/posts", b"{ }"));
        assert_ne!(first, digest("/v1/posts?a", b"{}"));
        assert_ne!(first, digest("/v1/posts/a", b"{}"));
    }

    #[test]
    fn keys_are_visible_ascii() {
        assert!(request(&parts("/", &"k".repeat(255)), b"").is_ok());
        for key in ["", "a b", &"k".repeat(256), "ñ"] {
            assert!(request(&parts("/", key), b"").is_err(), "{key}");
        }
    }
}
