//! Key condition expressions of queries.

use std::ops::Bound;

use super::Substitutions;
use crate::api_error::ApiError;
use crate::item::KeySchema;

/// The keys that a query reads: one partition and a range of sort keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyRange {
    pub(crate) partition: String,
    pub(crate) sort: SortRange,
}

/// A range of sort keys. A prefix is a range, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SortRange {
    pub(crate) from: Bound<String>,
    pub(crate) to: Bound<String>,
}

impl KeyRange {
    pub(crate) fn parse(
        text: &str,
        substitutions: &Substitutions<'_>,
        schema: &KeySchema,
    ) -> Result<Self, ApiError> {
        let _ = (text, substitutions, schema);
        todo!()
    }
}
