//! The rules of Tintero: values, posts, accounts, and who may do what.
//!
//! Read [`values`] first, then [`posts`] and [`accounts`]; [`access`] holds the role table and
//! [`error`] every way to fail. Nothing here does I/O: stores, the clock and identifiers are
//! traits, so the same rules run on a laptop, in a container and as a Lambda.

pub mod access;
pub mod accounts;
pub mod audit;
pub mod bylines;
pub mod clock;
pub mod error;
pub mod freshness;
pub mod images;
pub mod lease;
pub mod operations;
pub mod page;
pub mod posts;
pub mod redirects;
mod retry;
pub mod taxonomy;
pub mod values;
pub mod writes;

pub use error::{Error, FieldErrors, Result};
