//! Every write meets every fault at each of its requests: nothing is ever half done, and a
//! repetition does it once. What comes of it is the page `docs/fault-matrix.md`.

#![expect(
    clippy::unwrap_used,
    reason = "what a test builds on must work, or the test fails"
)]

mod accounts;
mod deeds;
mod page;
mod parts;
mod posts;
mod stage;
mod trial;
mod view;

use tintero_domain::Error;
use tintero_embedded::faults::FaultAction;

use crate::site::{draft, editor, site};

#[tokio::test]
async fn contention_beyond_patience_is_said_to_be_that() {
    let site = site().await;
    site.wire.on(|call| match call.operation {
        "TransactWriteItems" => FaultAction::TransactionConflict,
        _ => FaultAction::Pass,
    });
    assert!(matches!(
        site.posts.create(&editor(), draft("Hola")).await,
        Err(Error::Contended)
    ));
}
