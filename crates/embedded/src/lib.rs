//! The embedded DynamoDB of Tintero: an engine behind the HTTP client of the AWS SDK. The storage crate
//! runs the same code on a laptop and on AWS, without a port or credentials.
//!
//! # Modules
//!
//! 1. [`Engine`] opens a database in memory or in a file, returns its HTTP client, deletes expired
//!    items and copies the database.
//! 2. `connector` executes requests of the SDK: on the calling thread for a database in memory, on
//!    the blocking pool for a file.
//! 3. `dispatch` maps operations to the engine and converts errors to responses of DynamoDB.
//! 4. `transaction_tokens` replays a transaction that is sent again with the same token.
//! 5. `store` holds the open database and reopens a file after a panic of the engine.
//! 6. `faults` (cargo feature `faults`, for tests only) wraps any HTTP client to throttle requests,
//!    lose responses, serve outdated indexes and measure the cost of requests.
//!
//! # Differences from DynamoDB
//!
//! Tests on this engine do not cover the following. `faults` can inject those marked with †.
//!
//! - **Index lag** †: a global index is consistent as soon as a write is acknowledged, and
//!   `ConsistentRead` changes only the cost. On AWS an index lags, so no write reads one.
//! - **Throttling** †, **transaction conflicts** † and **unprocessed batch items** †: requests are
//!   executed one after another and none is rejected.
//! - **Lost responses** †: in memory, no failure is possible between commit and response.
//! - **Idempotency tokens**: `ClientRequestToken` is kept in this process only, for the last 64
//!   transactions instead of ten minutes. Permanent idempotency needs a record in the transaction.
//! - **Expiry**: items are deleted by [`Engine::delete_expired`] only. On AWS expiry may take days,
//!   so every read compares the time itself.
//! - **Index builds**: tables and indexes are active at once.
//! - **Scan order**: here it is the order of keys; on AWS it is undefined.
//! - **Cost of an index in a transaction**: the cost of the table is doubled, that of the index is not.
//!   AWS was not measured.
//! - **Backups and point-in-time recovery**: use [`Engine::copy_to`].

mod api_error;
mod connector;
mod copy;
mod engine;
mod error;
mod expiry;
mod expressions;
#[cfg(feature = "faults")]
pub mod faults;
mod item;
mod operations;
mod requests;
mod response;
mod store;

pub use engine::Engine;
pub use error::EngineError;
