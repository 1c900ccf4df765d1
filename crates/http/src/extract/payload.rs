//! Reads bodies and checks their media types.

use std::{error::Error, iter};

use axum::body::Body as Stream;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header, request::Parts};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde_json::json;
use tintero_domain::{FieldErrors, error::BoxError};

use crate::{
    app::SlowBody,
    body::{self, Body},
    problem::{Problem, ProblemType},
};

/// The coding of a body that is not encoded.
const IDENTITY: &str = "identity";

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
    if content_length(headers).is_some_and(|length| length > max) {
        drain(headers, stream).await;
        return Err(too_large(max));
    }
    match limited(headers, stream, max)?.collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) => Err(unreadable(&error, max)),
    }
}

/// Returns the problem for an error of reading a body of at most `max` bytes.
pub(crate) fn unreadable(error: &BoxError, max: usize) -> Problem {
    if error.is::<LengthLimitError>() {
        return too_large(max);
    }
    let first: &(dyn Error + 'static) = error.as_ref();
    let mut sources = iter::successors(Some(first), |&error| error.source());
    if sources.any(<dyn Error>::is::<SlowBody>) {
        return Problem::new(ProblemType::RequestTimeout);
    }
    Problem::new(ProblemType::MalformedBody).detail("The body ended early.")
}

/// Fails if the body has a content coding, such as gzip. None is supported.
pub(crate) fn require_no_coding(headers: &HeaderMap) -> Result<(), Problem> {
    let mut codings = headers.get_all(header::CONTENT_ENCODING).iter();
    let is_identity =
        |field: &HeaderValue| field.as_bytes().eq_ignore_ascii_case(IDENTITY.as_bytes());
    if codings.all(is_identity) {
        return Ok(());
    }
    let detail = "The body must have no Content-Encoding: send it uncompressed.";
    Err(Problem::new(ProblemType::UnsupportedMediaType)
        .detail(detail)
        .header(header::ACCEPT_ENCODING, IDENTITY))
}

/// Returns the value of `Content-Length`.
pub(crate) fn content_length(headers: &HeaderMap) -> Option<usize> {
    let length = headers.get(header::CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

/// Reads and discards a body, unless its `Content-Length` is above [`MAX_DRAINED`].
pub(crate) async fn drain(headers: &HeaderMap, stream: Stream) {
    if content_length(headers).is_some_and(|length| length > MAX_DRAINED) {
        return;
    }
    let mut stream = Limited::new(stream, MAX_DRAINED);
    while let Some(Ok(_)) = stream.frame().await {}
}

/// Limits a body to `max` bytes. Fails at once if `Content-Length` is larger.
pub(crate) fn limited(
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
