//! Bodies of type `multipart/form-data` ([RFC 7578](https://www.rfc-editor.org/rfc/rfc7578)), read
//! piece by piece as they arrive.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use axum::body::Body as Stream;
use bytes::Bytes;
use futures::stream;
use http::{HeaderMap, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use multer::{Multipart, parse_boundary};
use serde_json::json;
use tintero_domain::{
    error::BoxError,
    values::{Code, ValueError},
};

use super::payload;
use crate::problem::{Kind, Problem};

const MEDIA_TYPE: &str = "multipart/form-data";

/// Most bytes that the parser is given at once, however many came from the network: it copies them.
const PIECE: usize = 64 * 1024;

/// Most bytes that the parser may hold without giving something. Heads of fields are far shorter,
/// but it may be given two pieces before it looks at the first.
const MAX_UNREAD: usize = 4 * PIECE;

/// A form whose fields are read in their order.
pub(crate) struct Form {
    parts: Multipart<'static>,
    unread: Unread,
    max: usize,
}

/// One field of a form. It must be read to its end before the next one.
pub(crate) struct Field<'a> {
    form: &'a Form,
    part: multer::Field<'static>,
}

/// How many bytes the parser was given since it last gave something.
type Unread = Arc<AtomicUsize>;

#[derive(Debug, thiserror::Error)]
#[error("the head of a field is too long")]
struct LongHead;

impl Form {
    /// The form of a body that has at most `max` bytes.
    pub(super) fn reading(headers: &HeaderMap, body: Stream, max: usize) -> Result<Self, Problem> {
        let field = headers.get(header::CONTENT_TYPE);
        let boundary = field
            .and_then(|field| parse_boundary(field.to_str().ok()?).ok())
            .ok_or_else(unsupported)?;
        let body = payload::limited(headers, body, max)?;
        let unread = Unread::default();
        Ok(Self {
            parts: Multipart::new(pieces(body, Arc::clone(&unread)), boundary),
            unread,
            max,
        })
    }

    /// The next field; `None` at the end of the form.
    pub(crate) async fn next(&mut self) -> Result<Option<Field<'_>>, Problem> {
        let part = self.parts.next_field().await;
        let part = part.map_err(|error| self.broken(&error))?;
        self.unread.store(0, Relaxed);
        Ok(part.map(|part| Field { form: self, part }))
    }

    fn broken(&self, error: &multer::Error) -> Problem {
        if let multer::Error::StreamReadFailed(source) = error {
            if source.is::<LengthLimitError>() {
                return payload::too_large(self.max);
            }
            if !source.is::<LongHead>() {
                return Problem::new(Kind::MalformedBody).detail("The body broke off.");
            }
        }
        Problem::new(Kind::MalformedBody)
            .detail("The body must be a whole multipart form whose fields have short heads.")
    }
}

impl Field<'_> {
    /// Its name, which is empty where none was sent.
    pub(crate) fn name(&self) -> &str {
        self.part.name().unwrap_or_default()
    }

    /// Its next bytes; `None` at its end.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, Problem> {
        let piece = self.part.chunk().await;
        let piece = piece.map_err(|error| self.form.broken(&error))?;
        self.form.unread.store(0, Relaxed);
        Ok(piece)
    }

    /// Passes over the rest of it.
    pub(crate) async fn skip(mut self) -> Result<(), Problem> {
        while self.chunk().await?.is_some() {}
        Ok(())
    }

    /// Its text, when that is UTF-8 of at most `max` bytes.
    pub(crate) async fn text(mut self, max: usize) -> Result<Result<String, ValueError>, Problem> {
        let mut text = Vec::new();
        while let Some(piece) = self.chunk().await? {
            // One byte more than allowed tells that it is too long.
            let wanted = (max + 1 - text.len()).min(piece.len());
            text.extend_from_slice(&piece[..wanted]);
        }
        if text.len() > max {
            let detail = format!("must have at most {max} bytes");
            return Ok(Err(ValueError::new(Code::TooLong, detail)));
        }
        let text = String::from_utf8(text);
        Ok(text.map_err(|_| ValueError::new(Code::Format, "must be UTF-8")))
    }
}

/// The body as the parser is to get it.
fn pieces(
    body: Limited<Stream>,
    unread: Unread,
) -> impl stream::Stream<Item = Result<Bytes, BoxError>> + Send {
    let source = (body, Bytes::new(), unread);
    stream::try_unfold(source, |(mut body, mut came, unread)| async move {
        // The parser takes whatever is ready, so no two pieces ever are: else a fast client
        // would fill the memory with what waits to be written.
        tokio::task::yield_now().await;
        while came.is_empty() {
            match body.frame().await {
                Some(frame) => came = frame?.into_data().unwrap_or_default(),
                None => return Ok(None),
            }
        }
        let piece = came.split_to(came.len().min(PIECE));
        if unread.fetch_add(piece.len(), Relaxed) > MAX_UNREAD {
            return Err(BoxError::from(LongHead));
        }
        Ok(Some((piece, (body, came, unread))))
    })
}

fn unsupported() -> Problem {
    Problem::new(Kind::UnsupportedMediaType)
        .detail(format!(
            "The Content-Type must be {MEDIA_TYPE} with a boundary."
        ))
        .member("accepted", json!([MEDIA_TYPE]))
}

#[cfg(test)]
mod tests;
