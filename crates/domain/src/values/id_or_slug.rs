use std::str::FromStr;

use super::{Code, Slug, ValueError};

/// An id or a slug. No slug has the form of an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdOrSlug<Id> {
    /// An id.
    Id(Id),
    /// A slug.
    Slug(Slug),
}

impl<Id: FromStr> FromStr for IdOrSlug<Id> {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<Self, ValueError> {
        if let Ok(id) = raw.parse() {
            return Ok(Self::Id(id));
        }
        raw.parse().map(Self::Slug).map_err(|_: ValueError| {
            ValueError::new(Code::Format, "must be an id or a slug such as serverless")
        })
    }
}
