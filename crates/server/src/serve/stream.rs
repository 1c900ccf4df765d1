//! The transport of a connection: measures progress and ends transfers that are too slow.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{
    client::ConnectedClient,
    head::{BareLineFeed, HeadScan},
    pace::{MinRate, Pace},
};

/// A stream that fails with [`io::ErrorKind::TimedOut`] if the client receives too slowly.
pub(super) struct ClientStream<S> {
    stream: S,
    client: Arc<ConnectedClient>,
    sending: Pace,
    head: HeadScan,
}

/// Sent for a head with line ends that are not CRLF. The router never sees such a request.
const BAD_LINE_END: &[u8] =
    b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

impl<S> ClientStream<S> {
    pub(super) fn new(stream: S, client: Arc<ConnectedClient>, rate: MinRate) -> Self {
        Self {
            stream,
            client,
            sending: Pace::new(rate),
            head: HeadScan::default(),
        }
    }

    /// Scans received bytes that belong to a head.
    fn scan(&mut self, bytes: &[u8]) -> Result<(), BareLineFeed> {
        if !self.client.expects_head() {
            return Ok(());
        }
        if self.head.is_complete() {
            self.head = HeadScan::default();
        }
        self.head.scan(bytes)
    }

    fn measured(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(bytes)) => {
                self.client.progress();
                self.sending.progress(bytes);
                Poll::Ready(Ok(bytes))
            }
            Poll::Pending => {
                self.client.awaited();
                ready!(self.sending.poll_too_slow(context));
                Poll::Ready(Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "the client receives too slowly",
                )))
            }
            failed @ Poll::Ready(Err(_)) => failed,
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for ClientStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        let received = &buffer.filled()[before..];
        if received.is_empty() {
            return Poll::Ready(Ok(()));
        }
        self.client.progress();
        if let Err(BareLineFeed) = self.scan(received) {
            buffer.set_filled(before);
            // After another request its response may be on the way. Before, the buffer of the system is
            // empty, so the write never waits.
            if !self.client.has_request() {
                drop(Pin::new(&mut self.stream).poll_write(context, BAD_LINE_END));
            }
            return Poll::Ready(Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a line of the head ends with LF alone",
            )));
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for ClientStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.measured(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.measured(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::{net::Ipv4Addr, time::Duration};

    use tokio::io::{AsyncWriteExt as _, duplex};

    use super::*;

    const RATE: MinRate = MinRate {
        window: Duration::from_millis(20),
        bytes: 1000,
    };

    fn stream<S>(stream: S) -> (ClientStream<S>, Arc<ConnectedClient>) {
        let client = Arc::new(ConnectedClient::new(Ipv4Addr::LOCALHOST.into()));
        (ClientStream::new(stream, Arc::clone(&client), RATE), client)
    }

    #[tokio::test]
    async fn a_write_to_a_client_that_does_not_receive_fails() {
        let (server, _client) = duplex(64);
        let (mut stream, known) = stream(server);
        let error = stream.write_all(&[0; 65]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(known.is_waited_for());
    }
}
