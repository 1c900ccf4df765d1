//! The only crate that uses DynamoDB: keys, items, requests and migrations.
//!
//! Read [`keys`] first: it shows every access pattern. A write is a
//! [`UnitOfWork`](unit_of_work::UnitOfWork): one transaction with the changes, the audit record
//! (`audit_record`) and the idempotency record (`idempotency`). `counters` counts the posts of lists, and
//! `chunks` stores large values.

mod accounts;
mod api_keys;
mod audit;
mod audit_record;
mod backoff;
mod bylines;
mod cache;
mod chunks;
pub mod client;
pub mod cost;
mod counters;
mod cursor;
pub mod doctor;
mod dynamo;
mod error;
mod guesses;
mod idempotency;
pub mod image_files;
mod images;
mod item;
pub mod keys;
pub mod migrations;
mod operations;
mod paging;
mod posts;
mod redirects;
mod site;
mod slugs;
mod taxonomy;
mod unit_of_work;

pub use accounts::{DynamoAccountStore, DynamoUserStore};
pub use api_keys::DynamoApiKeyStore;
pub use audit::DynamoAuditStore;
pub use bylines::DynamoBylineStore;
pub use cursor::{CursorKey, CursorKeys};
pub use dynamo::Dynamo;
pub use guesses::DynamoGuessStore;
pub use images::DynamoImageStore;
pub use operations::DynamoOperationStore;
pub use posts::DynamoPostStore;
pub use redirects::DynamoRedirectStore;
pub use site::DynamoSiteStore;
pub use taxonomy::DynamoTaxonomyStore;
