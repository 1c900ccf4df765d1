//! Tables, items and indexes in SQLite.
//!
//! 1. `database` is the open database: it runs reads and writes.
//! 2. `session` is one connection with the definitions of the tables that it used.
//! 3. `catalog` stores table definitions; `layout` names the SQL tables and builds their statements.
//! 4. `items` and `ranges` read and write items and index entries.
//! 5. `writer` is the thread that writes to a file; `group` commits its writes.
//! 6. `tokens` recognises repeated transactions.
//! 7. `unsynced` writes files that are not yet in use.
//! 8. `opening` opens connections; `foreign` compares their SQL tables with the expected ones; `failure` is the
//!    error of every request.

mod catalog;
mod database;
mod expiry;
mod failure;
mod foreign;
mod group;
mod items;
mod layout;
mod opening;
mod ranges;
mod session;
mod tokens;
mod unsynced;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use catalog::{IndexDefinition, TableDefinition};
pub(crate) use database::SqlDatabase;
pub(crate) use failure::RequestFailure;
pub(crate) use items::{FoundItem, StoredItem};
pub(crate) use layout::{Index, Table};
pub(crate) use opening::{create_private, resolved};
pub(crate) use ranges::{IndexPosition, RangeItem, ScanDirection};
pub(crate) use session::SqlSession;
pub(crate) use tokens::CompletedTransaction;
pub(crate) use unsynced::{fill_unsynced, open_unsynced};
