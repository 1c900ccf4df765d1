//! The domain of Tintero: values, posts, accounts and permissions.
//!
//! Read [`values`] first, then [`posts`] and [`accounts`]. [`access`] contains the role table and
//! [`error`] all errors. This crate does no I/O: stores, the clock and identifiers are traits, so
//! the same code runs on a laptop, in a container and on AWS Lambda.

pub mod access;
pub mod accounts;
pub mod audit;
pub mod audit_action;
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
pub mod site;
pub mod taxonomy;
pub mod text_work;
pub mod values;
pub mod writes;

pub use error::{Error, FieldErrors, Result};
