//! The state of an open connection.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{
            AtomicBool, AtomicU64, AtomicUsize,
            Ordering::{Relaxed, SeqCst},
        },
    },
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

/// A client with an open connection.
#[derive(Debug)]
pub(super) struct ConnectedClient {
    pub(super) address: IpAddr,
    opened: Instant,
    /// Nanoseconds from `opened` to the last byte that was sent or received.
    progress: AtomicU64,
    /// Number of requests that the server processes.
    requests: AtomicUsize,
    /// Whether a request was received.
    has_request: AtomicBool,
    /// Whether the last request has a body that was not read to its end.
    has_unread_body: AtomicBool,
    /// Whether the server waits for bytes of a body, or for the client to receive.
    is_awaited: AtomicBool,
    /// Size of the last response in bytes.
    response: AtomicUsize,
    closed: Notify,
}

/// A request that the server processes.
pub(super) struct ActiveRequest(Arc<ConnectedClient>);

impl ConnectedClient {
    pub(super) fn new(address: IpAddr) -> Self {
        Self {
            address,
            opened: Instant::now(),
            progress: AtomicU64::new(0),
            requests: AtomicUsize::new(0),
            has_request: AtomicBool::new(false),
            has_unread_body: AtomicBool::new(false),
            is_awaited: AtomicBool::new(false),
            response: AtomicUsize::new(0),
            closed: Notify::new(),
        }
    }

    /// Records that bytes were sent or received.
    pub(super) fn progress(&self) {
        let elapsed = self.opened.elapsed().as_nanos();
        self.progress
            .store(u64::try_from(elapsed).unwrap_or(u64::MAX), Relaxed);
        self.is_awaited.store(false, Relaxed);
    }

    /// Records that the server waits for bytes of a body, or for the client to receive.
    pub(super) fn awaited(&self) {
        self.is_awaited.store(true, Relaxed);
    }

    /// Records a request, until the value is dropped.
    pub(super) fn request(self: &Arc<Self>, has_body: bool) -> ActiveRequest {
        self.response.store(0, Relaxed);
        self.has_request.store(true, Relaxed);
        self.has_unread_body.store(has_body, Relaxed);
        self.requests.fetch_add(1, SeqCst);
        ActiveRequest(Arc::clone(self))
    }

    /// Records that the body of the request was read to its end.
    pub(super) fn has_read_body(&self) {
        self.has_unread_body.store(false, Relaxed);
    }

    /// Whether the next bytes are those of a head.
    pub(super) fn expects_head(&self) -> bool {
        self.requests.load(SeqCst) == 0 && !self.has_unread_body.load(Relaxed)
    }

    /// Whether a request was received.
    pub(super) fn has_request(&self) -> bool {
        self.has_request.load(Relaxed)
    }

    /// Records the size of a response that is being sent.
    pub(super) fn response(&self, bytes: usize) {
        self.response.store(bytes, Relaxed);
    }

    /// Returns the size of the response that the client does not receive at the moment.
    pub(super) fn unsent(&self) -> usize {
        if self.is_awaited.load(Relaxed) {
            self.response.load(Relaxed)
        } else {
            0
        }
    }

    /// Whether the server waits for this client, and not the client for the server.
    pub(super) fn is_waited_for(&self) -> bool {
        self.requests.load(SeqCst) == 0 || self.is_awaited.load(Relaxed)
    }

    /// Time of the last byte that was sent or received.
    pub(super) fn last_progress(&self) -> Instant {
        self.opened + Duration::from_nanos(self.progress.load(Relaxed))
    }

    /// Closes the connection.
    pub(super) fn close(&self) {
        self.closed.notify_one();
    }

    /// Waits until the connection must be closed.
    pub(super) async fn closed(&self) {
        self.closed.notified().await;
    }
}

impl Drop for ActiveRequest {
    fn drop(&mut self) {
        self.0.requests.fetch_sub(1, SeqCst);
    }
}
