//! Expressions of requests: conditions, updates and key conditions.
//!
//! Only what the storage crate uses is supported: comparisons, `AND`, `OR`, `NOT`,
//! `attribute_exists`, `attribute_not_exists` and `size` in conditions; values in `SET`, and `REMOVE`,
//! `ADD` and `DELETE` in updates; comparisons and `BETWEEN` in key conditions. Expressions name
//! top-level attributes. Anything else is an error that names it.
//!
//! 1. `lexer` splits a text into tokens, `cursor` reads them and reports syntax errors.
//! 2. `substitutions` replaces placeholders, `reserved_words` refuses names that need one.
//! 3. `condition`, `update` and `key_condition` parse and evaluate.

mod condition;
mod cursor;
mod key_condition;
mod lexer;
mod reserved_words;
mod substitutions;
mod update;

pub(crate) use condition::Condition;
pub(crate) use key_condition::{KeyBounds, SortRange};
pub(crate) use substitutions::Substitutions;
pub(crate) use update::Update;

#[cfg(test)]
mod tests;
