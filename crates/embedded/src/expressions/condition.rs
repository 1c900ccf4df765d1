//! Condition expressions.

use super::Substitutions;
use crate::api_error::ApiError;
use crate::item::Item;

/// A parsed condition expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition;

impl Condition {
    pub(crate) fn parse(text: &str, substitutions: &Substitutions<'_>) -> Result<Self, ApiError> {
        let _ = (text, substitutions);
        todo!()
    }

    /// Whether the stored item meets the condition. `None` is an item that does not exist.
    pub(crate) fn holds(&self, item: Option<&Item>) -> Result<bool, ApiError> {
        let _ = item;
        todo!()
    }
}
