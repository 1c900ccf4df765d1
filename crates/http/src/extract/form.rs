//! Streams bodies of type `multipart/form-data`
//! ([RFC 7578](https://www.rfc-editor.org/rfc/rfc7578)).

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use axum::body::Body as Stream;
use bytes::Bytes;
use futures::stream;
use http::{HeaderMap, header};
use http_body_util::{BodyExt as _, Limited};
use multer::{Multipart, parse_boundary};
use serde_json::json;
use tintero_domain::{
    error::BoxError,
    values::{Code, ValueError},
};

use super::payload;
use crate::problem::{Problem, ProblemType};

const MEDIA_TYPE: &str = "multipart/form-data";

/// Maximum size of a chunk for the parser, which copies its input, in bytes.
const CHUNK: usize = 64 * 1024;

/// Maximum number of bytes that the parser may buffer without output. Field headers are far
/// shorter, but the parser may receive two chunks before it parses the first.
const MAX_UNREAD: usize = 4 * CHUNK;

/// A form whose fields are read in order.
pub(crate) struct MultipartForm {
    parts: Multipart<'static>,
    unread: Unread,
    max: usize,
}

/// One field of a form. Read it to its end before the next one.
pub(crate) struct FormField<'a> {
    form: &'a MultipartForm,
    part: multer::Field<'static>,
}

/// Number of bytes given to the parser since its last output.
type Unread = Arc<AtomicUsize>;

#[derive(Debug, thiserror::Error)]
#[error("the header of a field is too long")]
struct FieldHeaderTooLong;

impl MultipartForm {
    /// Reads a body of at most `max` bytes.
    pub(super) fn reading(headers: &HeaderMap, body: Stream, max: usize) -> Result<Self, Problem> {
        payload::require_no_coding(headers)?;
        let field = headers.get(header::CONTENT_TYPE);
        let boundary = field
            .and_then(|field| parse_boundary(field.to_str().ok()?).ok())
            .ok_or_else(unsupported)?;
        let body = payload::limited(headers, body, max)?;
        let unread = Unread::default();
        Ok(Self {
            parts: Multipart::new(chunks(body, Arc::clone(&unread)), boundary),
            unread,
            max,
        })
    }

    /// Returns the next field, or `None` at the end of the form.
    pub(crate) async fn next(&mut self) -> Result<Option<FormField<'_>>, Problem> {
        let part = self.parts.next_field().await;
        let part = part.map_err(|error| self.broken(&error))?;
        self.unread.store(0, Relaxed);
        Ok(part.map(|part| FormField { form: self, part }))
    }

    fn broken(&self, error: &multer::Error) -> Problem {
        if let multer::Error::StreamReadFailed(source) = error
            && !source.is::<FieldHeaderTooLong>()
        {
            return payload::unreadable(source, self.max);
        }
        Problem::new(ProblemType::MalformedBody)
            .detail("The body must be a complete multipart form with short field headers.")
    }
}

impl FormField<'_> {
    /// Returns the name; empty if none was sent.
    pub(crate) fn name(&self) -> &str {
        self.part.name().unwrap_or_default()
    }

    /// The name of the file that the client sends.
    pub(crate) fn file_name(&self) -> Option<&str> {
        self.part.file_name()
    }

    /// Returns the next bytes, or `None` at the end.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, Problem> {
        let chunk = self.part.chunk().await;
        let chunk = chunk.map_err(|error| self.form.broken(&error))?;
        self.form.unread.store(0, Relaxed);
        Ok(chunk)
    }

    /// Discards the rest.
    pub(crate) async fn skip(mut self) -> Result<(), Problem> {
        while self.chunk().await?.is_some() {}
        Ok(())
    }

    /// Returns the text, which must be UTF-8 of at most `max` bytes.
    pub(crate) async fn text(mut self, max: usize) -> Result<Result<String, ValueError>, Problem> {
        let mut text = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            // One byte above the limit is enough to detect text that is too long.
            let used = (max + 1 - text.len()).min(chunk.len());
            text.extend_from_slice(&chunk[..used]);
        }
        if text.len() > max {
            let detail = format!("must have at most {max} bytes");
            return Ok(Err(ValueError::new(Code::TooLong, detail)));
        }
        let text = String::from_utf8(text);
        Ok(text.map_err(|_| ValueError::new(Code::Format, "must be UTF-8")))
    }
}

fn chunks(
    body: Limited<Stream>,
    unread: Unread,
) -> impl stream::Stream<Item = Result<Bytes, BoxError>> + Send {
    let source = (body, Bytes::new(), unread);
    stream::try_unfold(source, |(mut body, mut received, unread)| async move {
        // The parser reads everything that is ready. Yield before each chunk, so that a fast
        // client cannot fill the memory with chunks that were not written yet.
        tokio::task::yield_now().await;
        while received.is_empty() {
            match body.frame().await {
                Some(frame) => received = frame?.into_data().unwrap_or_default(),
                None => return Ok(None),
            }
        }
        let chunk = received.split_to(received.len().min(CHUNK));
        if unread.fetch_add(chunk.len(), Relaxed) > MAX_UNREAD {
            return Err(BoxError::from(FieldHeaderTooLong));
        }
        Ok(Some((chunk, (body, received, unread))))
    })
}

fn unsupported() -> Problem {
    Problem::new(ProblemType::UnsupportedMediaType)
        .detail(format!(
            "The Content-Type must be {MEDIA_TYPE} with a boundary."
        ))
        .member("accepted", json!([MEDIA_TYPE]))
}

#[cfg(test)]
mod tests;
