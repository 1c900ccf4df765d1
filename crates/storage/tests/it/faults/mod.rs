//! Injects every fault into every request of every write. A write is atomic and its repetition is
//! idempotent. The results are documented in `docs/fault-matrix.md`.

#![expect(clippy::unwrap_used, reason = "a failed setup fails the test")]

mod accounts;
mod factors;
mod fixture;
mod page;
mod posts;
mod references;
mod runs;
mod sessions;
mod tokens;
mod view;
mod writes;

use tintero_domain::Error;
use tintero_embedded::faults::FaultAction;

use crate::site::{draft, editor, site};

#[tokio::test]
async fn persistent_contention_returns_an_error_of_its_own() {
    let site = site().await;
    site.wire.on(|call| match call.operation {
        "TransactWriteItems" => FaultAction::TransactionConflict,
        _ => FaultAction::Pass,
    });
    let refused = site.posts.create(&editor(), draft("Hola")).await;
    assert!(matches!(refused, Err(Error::Contended)));
}
