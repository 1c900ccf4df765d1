//! The only crate that knows DynamoDB: keys, items, requests, migrations.
//!
//! Read [`keys`] first: every access pattern is visible there. A write is a
//! [`UnitOfWork`](unit_of_work::UnitOfWork): one transaction that carries the effect, its audit
//! record and its idempotency record. `posts` and `accounts` implement the domain's store traits.

mod accounts;
mod api_keys;
mod backoff;
mod bylines;
mod categories;
pub mod client;
pub mod cost;
mod cursor;
pub mod doctor;
mod dynamo;
mod error;
mod images;
mod item;
pub mod keys;
pub mod migrations;
pub mod objects;
mod operations;
mod paging;
mod pieces;
mod posts;
mod redirects;
mod slugs;
mod succession;
mod tags;
mod unit_of_work;

pub use accounts::Accounts;
pub use api_keys::ApiKeys;
pub use bylines::Bylines;
pub use categories::Categories;
pub use cursor::{CursorKey, CursorKeys};
pub use dynamo::Dynamo;
pub use images::Images;
pub use operations::Operations;
pub use posts::Posts;
pub use redirects::Redirects;
pub use tags::Tags;
