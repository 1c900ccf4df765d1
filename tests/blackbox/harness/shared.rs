//! One server for all cases that need nothing of their own.

use std::sync::{Arc, Mutex};

use super::{Server, Setup};

static SHARED: Mutex<Option<Arc<Server>>> = Mutex::new(None);

/// The shared server, started by whoever comes first.
pub(crate) fn server() -> Arc<Server> {
    let mut shared = SHARED.lock().unwrap();
    let start = || Arc::new(Setup::memory().with("TINTERO_CORS_ORIGINS", ORIGIN).start());
    Arc::clone(shared.get_or_insert_with(start))
}

/// The web origin whose scripts the shared server serves.
pub(crate) const ORIGIN: &str = "https://desk.example.org";

/// Ends it; a static is never dropped.
pub(crate) fn stop() {
    SHARED.lock().unwrap().take();
}
