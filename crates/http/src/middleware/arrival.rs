//! Reads the body of a request before the request takes a place among the concurrent ones.

use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use http::HeaderMap;
use http_body_util::{BodyExt as _, Limited};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    extract::payload,
    problem::{Problem, ProblemType},
};

/// Number of bytes of a body that need no reservation, so that small writes and sign-ins succeed while
/// large bodies use up the memory.
const UNRESERVED: usize = 16 * 1024;

/// Unit of reservations in bytes.
const UNIT: usize = 16 * 1024;

/// The memory for bodies of requests that are not answered yet.
#[derive(Clone)]
pub(super) struct BodyMemory(Arc<Semaphore>);

/// A complete body, with its reservation until the request is answered.
pub(super) struct WholeBody {
    pub(super) bytes: Bytes,
    _reserved: Option<OwnedSemaphorePermit>,
}

impl BodyMemory {
    /// Creates the memory for `bytes` bytes.
    pub(super) fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(bytes / UNIT)))
    }

    /// Reads a body of at most `max` bytes.
    ///
    /// Discards a body whose `Content-Length` is larger and returns no bytes; the operation rejects it by
    /// the header. Otherwise a client that is still sending would see a closed connection instead of the
    /// response.
    ///
    /// # Errors
    /// [`ProblemType::BodyTooLarge`], [`ProblemType::Overloaded`] if no memory is left,
    /// [`ProblemType::RequestTimeout`] if the client is too slow, and [`ProblemType::MalformedBody`] if
    /// the body ends early.
    pub(super) async fn read(
        &self,
        headers: &HeaderMap,
        body: Body,
        max: usize,
    ) -> Result<WholeBody, Problem> {
        if payload::content_length(headers).is_some_and(|length| length > max) {
            payload::drain(headers, body).await;
            return Ok(WholeBody {
                bytes: Bytes::new(),
                _reserved: None,
            });
        }
        let mut body = Limited::new(body, max);
        // A vector that grows by itself needs up to three times the memory. Unused capacity needs none.
        let length = payload::content_length(headers).unwrap_or_default();
        let (mut bytes, mut reserved) = (Vec::new(), None);
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| payload::unreadable(&error, max))?;
            let Ok(data) = frame.into_data() else {
                continue;
            };
            self.reserve(&mut reserved, bytes.len() + data.len())?;
            if bytes.capacity() < length && bytes.len() + data.len() > UNRESERVED {
                bytes.reserve_exact(length - bytes.len());
            }
            bytes.extend_from_slice(&data);
        }
        Ok(WholeBody {
            bytes: bytes.into(),
            _reserved: reserved,
        })
    }

    /// Extends a reservation to `length` bytes.
    fn reserve(
        &self,
        reserved: &mut Option<OwnedSemaphorePermit>,
        length: usize,
    ) -> Result<(), Problem> {
        let needed = length.saturating_sub(UNRESERVED).div_ceil(UNIT);
        let held = reserved
            .as_ref()
            .map_or(0, OwnedSemaphorePermit::num_permits);
        if needed <= held {
            return Ok(());
        }
        let more = u32::try_from(needed - held).unwrap_or(u32::MAX);
        let more = Arc::clone(&self.0)
            .try_acquire_many_owned(more)
            .map_err(|_| Problem::new(ProblemType::Overloaded))?;
        match reserved {
            Some(reserved) => reserved.merge(more),
            None => *reserved = Some(more),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX: usize = 1024 * 1024;

    async fn read(memory: &BodyMemory, length: usize) -> Result<WholeBody, Problem> {
        let body = Body::from(vec![b' '; length]);
        memory.read(&HeaderMap::new(), body, MAX).await
    }

    #[tokio::test]
    async fn large_bodies_share_the_memory_and_small_ones_need_none() {
        let memory = BodyMemory::new(4 * UNIT);
        let large = read(&memory, UNRESERVED + 4 * UNIT).await.unwrap();
        assert_eq!(large.bytes.len(), UNRESERVED + 4 * UNIT);
        let refused = read(&memory, UNRESERVED + 1).await.err().unwrap();
        assert_eq!(refused.status(), 503);
        assert!(read(&memory, UNRESERVED).await.is_ok());
        drop(large);
        assert!(read(&memory, UNRESERVED + 1).await.is_ok());
    }

    #[tokio::test]
    async fn a_body_that_grows_extends_its_reservation() {
        let memory = BodyMemory::new(4 * UNIT);
        let mut reserved = None;
        for length in (0..=UNRESERVED + 4 * UNIT).step_by(1000) {
            memory.reserve(&mut reserved, length).unwrap();
        }
        assert!(
            memory
                .reserve(&mut reserved, UNRESERVED + 4 * UNIT + 1)
                .is_err()
        );
        assert_eq!(memory.0.available_permits(), 0);
        drop(reserved);
        assert_eq!(memory.0.available_permits(), 4);
    }

    #[tokio::test]
    async fn a_body_above_the_limit_is_rejected_or_discarded() {
        let memory = BodyMemory::new(MAX * 2);
        let refused = read(&memory, MAX + 1).await.err().unwrap();
        assert_eq!(refused.status(), 413);
        let mut headers = HeaderMap::new();
        headers.insert(http::header::CONTENT_LENGTH, (MAX + 1).into());
        let body = Body::from(vec![b' '; MAX + 1]);
        let discarded = memory.read(&headers, body, MAX).await.unwrap();
        assert!(discarded.bytes.is_empty());
    }
}
