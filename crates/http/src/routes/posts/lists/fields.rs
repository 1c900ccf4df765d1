//! The parameter `fields`.

use std::collections::BTreeSet;

use tintero_domain::values::ValueError;
use utoipa::openapi::{ObjectBuilder, Type};

use super::{
    row::PostRow,
    values::{CommaItem, CommaList},
};
use crate::{body::Text, routes::posts::copy_view::CopyView};

/// The name of a member of a post.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FieldName(pub(super) String);

impl Text for FieldName {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        Ok(Self(raw.to_owned()))
    }

    fn schema() -> ObjectBuilder {
        let all: BTreeSet<_> = [CopyView::Live, CopyView::Working]
            .into_iter()
            .flat_map(PostRow::members)
            .map(String::as_str)
            .collect();
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(all))
    }
}

impl CommaItem for FieldName {
    /// More than all members, so that unknown ones are reported by name.
    const MAX: usize = 100;
}

impl CommaList<FieldName> {
    pub(super) fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|field| field.0 == name)
    }

    /// Returns the first name that is not known.
    pub(super) fn unknown(&self, known: &BTreeSet<String>) -> Option<&str> {
        let mut names = self.0.iter().map(|field| field.0.as_str());
        names.find(|name| !known.contains(*name))
    }
}
