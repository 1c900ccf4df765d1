//! The embedded DynamoDB of Tintero: an engine behind the HTTP client of the AWS SDK. The storage crate
//! runs the same code on a laptop and on AWS, without a port or credentials.
//!
//! # Modules
//!
//! 1. [`Engine`] opens a database in memory or in a file, returns its HTTP client, deletes expired
//!    items and copies the database.
//! 2. `connector` executes requests of the SDK: short reads on the calling thread, long reads on the
//!    blocking pool, writes on the thread of the database file.
//! 3. `requests` parses requests; `item` has attribute values, numbers, sizes and keys; `expressions`
//!    has conditions, updates and key conditions.
//! 4. `operations` executes requests and counts capacity units.
//! 5. `store` keeps tables, items and indexes in SQLite and commits concurrent writes together.
//! 6. `response` builds the responses of DynamoDB from results and errors.
//! 7. `faults` (cargo feature `faults`, for tests only) wraps any HTTP client to throttle requests,
//!    lose responses, serve outdated indexes and measure the cost of requests.
//!
//! # What is supported
//!
//! The operations, parameters and expressions that `crates/storage` uses. Everything else is rejected
//! with an error that names it: keys of other types than string, index projections other than `ALL`,
//! provisioned capacity, filters, projections, document paths, `TransactGetItems`, tags.
//!
//! # Differences from DynamoDB
//!
//! Tests on this engine do not cover the following. `faults` can inject those marked with †.
//!
//! - **Index lag** †: a global index is consistent as soon as a write is acknowledged. On AWS an index
//!   lags, so no write reads one. `ConsistentRead` changes only the cost.
//! - **Throttling** †, **transaction conflicts** † and **unprocessed batch items** †: writes are
//!   executed one after another and none is rejected.
//! - **Lost responses** †: in memory, no failure is possible between commit and response.
//! - **Idempotency tokens**: `ClientRequestToken` is kept in this process only, for the last 64
//!   transactions instead of ten minutes. Permanent idempotency needs a record in the transaction.
//! - **Expiry**: items are deleted by [`Engine::delete_expired`] only. On AWS expiry may take days,
//!   so every read compares the time itself.
//! - **Index builds**: tables and indexes are active at once.
//! - **Descriptions of tables** have no numbers of items; [`Engine::item_counts`] counts them.
//! - **Streams**: the setting is stored and described, but no records are written.
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
mod takeover;

pub use engine::Engine;
pub use error::EngineError;
