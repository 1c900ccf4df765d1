use http::{HeaderMap, Method, Uri, header, request::Parts};
use tintero_domain::act::IdempotencyClaim;

use crate::{
    body::Body,
    digest::sha256,
    problem::{Kind, Problem, Violation},
};

/// The field in which clients send their key.
pub(crate) const FIELD: &str = "Idempotency-Key";

/// The client's wish that a repetition has no second effect, bound to the whole request.
fn claim(parts: &Parts, body: &[u8]) -> Result<Option<IdempotencyClaim>, Problem> {
    let key = key(&parts.headers)?;
    Ok(key.map(|key| IdempotencyClaim {
        key,
        request_digest: digest(&parts.method, &parts.uri, &parts.headers, body),
    }))
}

/// The client's wish, where writes of this kind heed it; a key is refused where they do not.
pub(super) fn claim_for<B: Body>(
    parts: &Parts,
    body: &[u8],
) -> Result<Option<IdempotencyClaim>, Problem> {
    if B::KEYED {
        return claim(parts, body);
    }
    if parts.headers.contains_key(FIELD) {
        return Err(refused(
            "is not accepted here: a unique name or a version refuses the repetition",
        ));
    }
    Ok(None)
}

/// Refuses a key where an answer is a secret, which nobody may keep to repeat it.
pub(super) fn refuse(headers: &HeaderMap) -> Result<(), Problem> {
    if headers.contains_key(FIELD) {
        return Err(refused(
            "is not accepted here: the answer is a secret and is never kept",
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
        _ => Err(refused(
            "must be sent once, as 1 to 255 visible ASCII characters",
        )),
    }
}

/// A write that is based on another state is another request.
fn digest(method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> String {
    let query = uri.query().unwrap_or_default();
    let base = headers
        .get(header::IF_MATCH)
        .map(|base| String::from_utf8_lossy(base.as_bytes()));
    let base = base.unwrap_or_default();
    sha256(&[method.as_str(), uri.path(), query, &base], body)
}

fn refused(detail: &'static str) -> Problem {
    Problem::violated(Kind::BadHeader, [Violation::header(FIELD, detail)])
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
    fn the_claim_covers_path_query_and_body() {
        let digest = |uri: &str, body: &[u8]| {
            let claim = claim(&parts(uri, "k"), body).unwrap().unwrap();
            claim.request_digest
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
        assert!(claim(&parts("/", &"k".repeat(255)), b"").is_ok());
        for key in ["", "a b", &"k".repeat(256), "ñ"] {
            assert!(claim(&parts("/", key), b"").is_err(), "{key}");
        }
    }
}
