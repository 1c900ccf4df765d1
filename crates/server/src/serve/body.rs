//! The body of a request: fails if the client sends it too slowly.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::body::{Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use tintero_http::SlowBody;

use super::{
    client::ConnectedClient,
    pace::{MinRate, Pace},
};

/// A body that fails with [`SlowBody`] if the client sends too slowly.
pub(super) struct PacedBody {
    body: Incoming,
    client: Arc<ConnectedClient>,
    receiving: Pace,
}

/// An error of reading a body.
#[derive(Debug, thiserror::Error)]
pub(super) enum BodyError {
    #[error("the body is not complete")]
    Slow(#[from] SlowBody),
    #[error("cannot read the body")]
    Transport(#[source] hyper::Error),
}

impl PacedBody {
    pub(super) fn new(body: Incoming, client: Arc<ConnectedClient>, rate: MinRate) -> Self {
        Self {
            body,
            client,
            receiving: Pace::new(rate),
        }
    }
}

impl HttpBody for PacedBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = &mut *self;
        let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(context) else {
            this.client.awaited();
            ready!(this.receiving.poll_too_slow(context));
            return Poll::Ready(Some(Err(SlowBody.into())));
        };
        this.client.progress();
        if frame.is_none() || this.body.is_end_stream() {
            this.client.has_read_body();
        }
        let frame = frame.transpose().map_err(BodyError::Transport)?;
        let data = frame.as_ref().and_then(Frame::data_ref);
        this.receiving.progress(data.map_or(0, Bytes::len));
        Poll::Ready(Ok(frame).transpose())
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
