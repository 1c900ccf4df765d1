use axum::{
    body::{Body, HttpBody as _},
    response::Response,
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use http_body_util::BodyExt as _;

use super::{Coding, compress::Compressor};
use crate::entity_tag;

/// Bodies below this size fit into one packet anyway.
const MIN_BODY: u64 = 512;

/// Larger bodies are sent as they are, so that compression needs little memory.
const MAX_BODY: u64 = 16 * 1024 * 1024;

/// Compresses responses, unless switched off.
#[derive(Debug, Clone)]
pub(crate) struct Compression(Option<Compressor>);

impl Compression {
    pub(crate) fn new(enabled: bool) -> Self {
        Self(enabled.then(Compressor::new))
    }

    /// Returns the coding in which a client gets compressible responses, or `None` for uncompressed ones.
    pub(crate) fn coding(&self, headers: &HeaderMap) -> Option<Coding> {
        self.0.as_ref().and_then(|_| Coding::accepted(headers))
    }

    /// Returns the body in the coding, or `None` to send it as it is.
    pub(crate) async fn compress(&self, coding: Coding, body: &Bytes) -> Option<Bytes> {
        let compressor = self.0.as_ref()?;
        if u64::try_from(body.len()).ok()? < MIN_BODY {
            return None;
        }
        compressor.compress(coding, body).await
    }

    /// Marks a text as dependent on `Accept-Encoding`, also if it is not compressed. Returns whether it
    /// can be compressed.
    pub(crate) fn negotiate(&self, response: &mut Response) -> bool {
        if self.0.is_none() || !is_compressible(response) {
            return false;
        }
        vary(response.headers_mut());
        let size = response.body().size_hint().exact();
        size.is_some_and(|size| (MIN_BODY..=MAX_BODY).contains(&size))
    }

    /// Compresses the body of a response for which [`negotiate`](Self::negotiate) returned true.
    pub(crate) async fn encode(&self, coding: Coding, response: Response) -> Response {
        let (mut parts, body) = response.into_parts();
        let body = match body.collect().await {
            Ok(body) => body.to_bytes(),
            // The connection reports the error to the client.
            Err(error) => {
                let failed = futures::stream::once(async { Err::<Bytes, _>(error) });
                return Response::from_parts(parts, Body::from_stream(failed));
            }
        };
        match self.compress(coding, &body).await {
            None => Response::from_parts(parts, body.into()),
            Some(body) => {
                mark(&mut parts.headers, coding, body.len());
                Response::from_parts(parts, body.into())
            }
        }
    }
}

/// Marks a response as dependent on `Accept-Encoding`.
pub(crate) fn vary(headers: &mut HeaderMap) {
    headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
}

/// Changes the headers of a response whose body is now in `coding` and has `length` bytes.
pub(crate) fn mark(headers: &mut HeaderMap, coding: Coding, length: usize) {
    headers.insert(header::CONTENT_ENCODING, coding.field());
    headers.insert(header::CONTENT_LENGTH, length.into());
    mark_tag(headers, coding);
}

/// Changes the tag of a response to that of its form in `coding`: a strong tag identifies bytes.
pub(crate) fn mark_tag(headers: &mut HeaderMap, coding: Coding) {
    let tag = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok());
    let tag = tag.map(|tag| entity_tag::with_coding(tag, coding.as_str()));
    if let Some(Ok(tag)) = tag.map(HeaderValue::try_from) {
        headers.insert(header::ETAG, tag);
    }
}

/// Whether the response is a complete text. Texts with `no-store` can contain secrets, whose length
/// would reveal them if a request can add text to them.
fn is_compressible(response: &Response) -> bool {
    let headers = response.headers();
    let forbids = |value: &HeaderValue| {
        let value = value.to_str().unwrap_or_default();
        value.contains("no-store") || value.contains("no-transform")
    };
    response.status() != StatusCode::PARTIAL_CONTENT
        && !headers.contains_key(header::CONTENT_ENCODING)
        && !headers.get_all(header::CACHE_CONTROL).iter().any(forbids)
        && headers.get(header::CONTENT_TYPE).is_some_and(is_text)
}

fn is_text(media_type: &HeaderValue) -> bool {
    let text = media_type.to_str().unwrap_or_default();
    let name = text.split(';').next().unwrap_or_default().trim();
    let subtype = name.strip_prefix("application/").unwrap_or_default();
    let known = ["json", "javascript", "yaml", "xml"].contains(&subtype);
    name.starts_with("text/") || known || name.ends_with("+json") || name.ends_with("+xml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_compressible_and_images_are_not() {
        for text in [
            "application/json",
            "text/css; charset=utf-8",
            "application/problem+json",
            "image/svg+xml",
        ] {
            assert!(is_text(&HeaderValue::from_static(text)), "{text}");
        }
        for other in ["image/png", "application/octet-stream", "font/woff2", ""] {
            assert!(!is_text(&HeaderValue::from_static(other)), "{other}");
        }
    }
}
