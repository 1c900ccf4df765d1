//! The DynamoDB that Tintero carries inside: an engine behind the AWS SDK's
//! HTTP client, so that the storage crate speaks to a laptop and to AWS with
//! the same code. There is no port, no credential and no second protocol.
//!
//! # Reading order
//!
//! 1. [`Engine`] opens a database in memory or in a file, gives the HTTP
//!    client, sweeps what has expired and takes copies.
//! 2. `connector` carries a request of the SDK to the engine: at once in
//!    memory, on the blocking pool where a commit waits for the disk.
//! 3. `dispatch` names the operations and words a refused request as DynamoDB
//!    does.
//! 4. `tokens` answers a transaction that was made before from memory.
//! 5. `store` holds the open database, and opens the file again after a panic
//!    inside the engine.
//! 6. [`faults`] wraps any HTTP client for tests: it throttles, loses answers,
//!    serves late indexes, and measures what a request cost.
//!
//! # What this engine does not show
//!
//! A test that passes here has still to be read against this list. What
//! [`faults`] can inject is marked with †.
//!
//! - **Late indexes** †: a global index holds a write as soon as it is
//!   acknowledged, and `ConsistentRead` changes only the price. On AWS an index
//!   is late; so no write path reads one.
//! - **Throttling** †, **transaction conflicts** † and **unprocessed items of a
//!   batch** †: requests are served one after another and none is refused.
//! - **Lost answers** †: in memory nothing can break between the commit and the
//!   caller.
//! - **Idempotency tokens after a restart**: `ClientRequestToken` is remembered
//!   by this process alone, and for the last 64 transactions instead of ten
//!   minutes. A record in the transaction itself is what survives.
//! - **Expiry**: nothing is removed until [`Engine::sweep_expired`] runs; on AWS
//!   it may take days. Every read compares the time itself.
//! - **Slow index builds**: a table and an index are active at once.
//! - **Scan order**: here it is key order, on AWS it is not.
//! - **The price of an index inside a transaction**: the table's part is
//!   doubled, the index's part is not. AWS was not measured.
//! - **Backups and point-in-time recovery**: a backup is [`Engine::copy_to`].

mod answer;
mod connector;
mod copy;
mod dispatch;
mod engine;
mod error;
pub mod faults;
mod store;
mod tokens;

pub use engine::Engine;
pub use error::EngineError;
