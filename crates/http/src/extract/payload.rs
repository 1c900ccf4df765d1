//! Reads bodies and checks their media types.

use axum::body::Body as Stream;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, header, request::Parts};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde_json::json;
use tintero_domain::FieldErrors;

use crate::{
    body::{self, Body},
    problem::{Problem, ProblemType},
};

const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");

/// Maximum number of bytes of a rejected body that are read and discarded. A client that is still
/// sending would see a closed connection instead of the response.
const MAX_DRAINED: usize = 16 * 1024 * 1024;

/// Reads a body of at most `max` bytes.
pub(super) async fn bytes(
    headers: &HeaderMap,
    stream: Stream,
    max: usize,
) -> Result<Bytes, Problem> {
    if content_length(headers).is_some_and(|length| (max + 1..=MAX_DRAINED).contains(&length)) {
        drain(stream).await;
        return Err(too_large(max));
    }
    match limited(headers, stream, max)?.collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large(max)),
        Err(_) => Err(Problem::new(ProblemType::MalformedBody).detail("The body ended early.")),
    }
}

/// Returns the value of `Content-Length`.
fn content_length(headers: &HeaderMap) -> Option<usize> {
    let length = headers.get(header::CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

async fn drain(stream: Stream) {
    let mut stream = Limited::new(stream, MAX_DRAINED);
    while let Some(Ok(_)) = stream.frame().await {}
}

/// Limits a body to `max` bytes. Fails at once if `Content-Length` is larger.
pub(super) fn limited(
    headers: &HeaderMap,
    stream: Stream,
    max: usize,
) -> Result<Limited<Stream>, Problem> {
    if content_length(headers).is_some_and(|length| length > max) {
        return Err(too_large(max));
    }
    Ok(Limited::new(stream, max))
}

/// Returns the problem for a body of more than `max` bytes.
pub(super) fn too_large(max: usize) -> Problem {
    Problem::new(ProblemType::BodyTooLarge)
        .detail(format!("The body must have at most {max} bytes."))
        .member("max_bytes", max)
}

/// Parses the body of an operation.
pub(super) fn read<B: Body>(parts: &Parts, bytes: &[u8]) -> Result<B, Problem> {
    let object = if B::OPTIONAL && bytes.is_empty() {
        serde_json::Map::new()
    } else {
        accept::<B>(parts)?;
        body::parse(bytes)?
    };
    let mut errors = FieldErrors::default();
    match body::read(object, "", &mut errors) {
        Some(body) if errors.is_empty() => Ok(body),
        _ => Err(errors.into()),
    }
}

fn accept<B: Body>(parts: &Parts) -> Result<(), Problem> {
    let field = parts.headers.get(header::CONTENT_TYPE);
    let text = field
        .and_then(|field| field.to_str().ok())
        .unwrap_or_default();
    let mut pieces = text
        .split(';')
        .map(|piece| piece.trim().to_ascii_lowercase());
    let known = pieces
        .next()
        .is_some_and(|essence| B::MEDIA_TYPES.contains(&essence.as_str()));
    // JSON is UTF-8 (RFC 8259, section 8.1), so no other charset is accepted.
    let utf8 = pieces
        .filter_map(|piece| Some(piece.strip_prefix("charset=")?.trim_matches('"').to_owned()))
        .all(|charset| charset == "utf-8");
    if known && utf8 {
        return Ok(());
    }
    let accepted = B::MEDIA_TYPES.join(", ");
    let problem = Problem::new(ProblemType::UnsupportedMediaType)
        .detail(format!("The Content-Type must be one of: {accepted}."))
        .member("accepted", json!(B::MEDIA_TYPES));
    Err(if parts.method == Method::PATCH {
        problem.header(ACCEPT_PATCH, &accepted)
    } else {
        problem
    })
}
