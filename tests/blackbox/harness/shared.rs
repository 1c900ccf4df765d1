//! One server, shared by all cases that need no server of their own.

use std::sync::{Arc, Mutex};

use super::{Server, Setup};

static SHARED: Mutex<Option<Arc<Server>>> = Mutex::new(None);

/// The shared server, started at first use.
pub(crate) fn server() -> Arc<Server> {
    let mut shared = SHARED.lock().unwrap();
    let start = || Arc::new(Setup::memory().with("TINTERO_CORS_ORIGINS", ORIGIN).start());
    Arc::clone(shared.get_or_insert_with(start))
}

/// Origin that the shared server allows by CORS.
pub(crate) const ORIGIN: &str = "https://desk.example.org";

/// Stops the server; statics are never dropped.
pub(crate) fn stop() {
    SHARED.lock().unwrap().take();
}
