use std::str::FromStr;

use super::{Code, Slug, ValueError};

/// Names a thing either by its id or by its slug. No slug looks like an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdOrSlug<Id> {
    /// By id.
    Id(Id),
    /// By slug.
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
