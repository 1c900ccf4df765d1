//! Expressions of requests: conditions, updates and key conditions.
//!
//! Expressions name top-level attributes only; document paths are refused.

mod condition;
mod key_condition;
mod substitutions;
mod update;

pub(crate) use condition::Condition;
pub(crate) use key_condition::{KeyRange, SortRange};
pub(crate) use substitutions::Substitutions;
pub(crate) use update::Update;
