//! Placeholders of expressions: `#name` and `:value`.

use std::collections::BTreeMap;

use crate::api_error::ApiError;
use crate::item::Map;

/// The placeholders of a request. Remembers which of them an expression used.
#[derive(Debug)]
pub(crate) struct Substitutions<'a> {
    names: Option<&'a BTreeMap<String, String>>,
    values: Option<&'a Map>,
}

impl<'a> Substitutions<'a> {
    /// Checks the spelling of the placeholders.
    pub(crate) fn new(
        names: Option<&'a BTreeMap<String, String>>,
        values: Option<&'a Map>,
    ) -> Result<Self, ApiError> {
        Ok(Self { names, values })
    }

    /// Refuses placeholders that no expression used. Called after all expressions were parsed.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        let _ = (self.names, self.values);
        todo!()
    }
}
