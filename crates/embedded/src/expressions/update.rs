//! Update expressions.

use super::Substitutions;
use crate::api_error::ApiError;
use crate::item::{Item, KeySchema};

/// A parsed update expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Update;

impl Update {
    pub(crate) fn parse(text: &str, substitutions: &Substitutions<'_>) -> Result<Self, ApiError> {
        let _ = (text, substitutions);
        todo!()
    }

    /// Refuses an update of a key attribute of the table.
    pub(crate) fn check_keys(&self, keys: &KeySchema) -> Result<(), ApiError> {
        let _ = keys;
        todo!()
    }

    /// Returns the updated item. An item that does not exist is passed as its key attributes.
    pub(crate) fn apply(&self, item: Item) -> Result<Item, ApiError> {
        let _ = item;
        todo!()
    }
}
