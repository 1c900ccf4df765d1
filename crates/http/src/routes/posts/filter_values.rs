//! The values that filters of posts take.

use tintero_domain::{
    posts::StatusName,
    values::{Code, ValueError},
};
use utoipa::openapi::{ObjectBuilder, Type};

use crate::body::Text;

/// The status that a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Only(StatusName),
    Any,
}

impl Wanted {
    /// The one status, unless any will do.
    pub(super) fn name(self) -> Option<StatusName> {
        match self {
            Self::Only(name) => Some(name),
            Self::Any => None,
        }
    }
}

impl Text for Wanted {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        let known = StatusName::ALL
            .into_iter()
            .find(|name| name.as_str() == raw);
        match known {
            Some(name) => Ok(Self::Only(name)),
            None if raw == "any" => Ok(Self::Any),
            None => Err(refused(
                "must be draft, scheduled, published, archived, trashed or any",
            )),
        }
    }

    fn schema() -> ObjectBuilder {
        let names = StatusName::ALL
            .into_iter()
            .map(StatusName::as_str)
            .chain(["any"]);
        text().enum_values(Some(names))
    }
}

/// Which copy of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Live,
    Working,
}

impl Text for Side {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        match raw {
            "live" => Ok(Self::Live),
            "working" => Ok(Self::Working),
            _ => Err(refused("must be live or working")),
        }
    }

    fn schema() -> ObjectBuilder {
        text().enum_values(Some(["live", "working"]))
    }
}

/// The latest change first.
pub(super) struct Sort;

impl Text for Sort {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        if raw == "-updated_at" {
            Ok(Self)
        } else {
            Err(refused("must be -updated_at"))
        }
    }

    fn schema() -> ObjectBuilder {
        text().enum_values(Some(["-updated_at"]))
    }
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn refused(detail: &str) -> ValueError {
    ValueError::new(Code::Format, detail)
}
