//! The values that filters of posts take.

use std::collections::BTreeSet;

use tintero_domain::{
    posts::StatusName,
    values::{Code, PostId, ValueError},
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

    /// As it is written.
    pub(super) fn as_str(self) -> &'static str {
        self.name().map_or("any", StatusName::as_str)
    }

    fn all() -> impl Iterator<Item = Self> {
        StatusName::ALL
            .into_iter()
            .map(Self::Only)
            .chain([Self::Any])
    }
}

impl Text for Wanted {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        let known = Self::all().find(|wanted| wanted.as_str() == raw);
        known
            .ok_or_else(|| refused("must be draft, scheduled, published, archived, trashed or any"))
    }

    fn schema() -> ObjectBuilder {
        text().enum_values(Some(Self::all().map(Self::as_str)))
    }
}

/// Which copy of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::routes::posts) enum Side {
    Live,
    Working,
}

impl Side {
    /// As it is written.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Working => "working",
        }
    }
}

impl Text for Side {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        let known = [Self::Live, Self::Working];
        let known = known.into_iter().find(|side| side.as_str() == raw);
        known.ok_or_else(|| refused("must be live or working"))
    }

    fn schema() -> ObjectBuilder {
        text().enum_values(Some(["live", "working"]))
    }
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    NewestDate,
    NewestCreation,
    LatestChange,
    EarliestChange,
}

impl Order {
    const ALL: [Self; 4] = [
        Self::NewestDate,
        Self::NewestCreation,
        Self::LatestChange,
        Self::EarliestChange,
    ];

    /// As it is written.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::NewestDate => "-published_at",
            Self::NewestCreation => "-created_at",
            Self::LatestChange => "-updated_at",
            Self::EarliestChange => "updated_at",
        }
    }
}

impl Text for Order {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        let known = Self::ALL.into_iter().find(|order| order.as_str() == raw);
        known
            .ok_or_else(|| refused("must be -published_at, -created_at, -updated_at or updated_at"))
    }

    fn schema() -> ObjectBuilder {
        text().enum_values(Some(Self::ALL.map(Self::as_str)))
    }
}

/// True or false.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flag(pub(super) bool);

impl Text for Flag {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        let flag = raw.parse().map_err(|_| refused("must be true or false"));
        flag.map(Self)
    }

    fn schema() -> ObjectBuilder {
        ObjectBuilder::new().schema_type(Type::Boolean)
    }
}

/// What rows refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Related {
    Categories,
    Bylines,
    Images,
}

/// Names separated by commas, none of them twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Names<T>(pub(super) Vec<T>);

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// Reads names; what is no name is refused.
fn names<T: PartialEq>(
    raw: &str,
    read: impl Fn(&str) -> Result<T, ValueError>,
) -> Result<Names<T>, ValueError> {
    let mut names = Vec::new();
    for word in raw.split(',') {
        let name = read(word)?;
        if names.contains(&name) {
            let detail = format!("must not hold {word:?} twice");
            return Err(ValueError::new(Code::Duplicate, detail));
        }
        names.push(name);
    }
    Ok(Names(names))
}

impl Text for Names<Related> {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        names(raw, |word| match word {
            "categories" => Ok(Related::Categories),
            "bylines" => Ok(Related::Bylines),
            "images" => Ok(Related::Images),
            _ => Err(refused(
                "must be of categories, bylines and images, separated by commas",
            )),
        })
    }

    fn schema() -> ObjectBuilder {
        text().examples(["categories,bylines"])
    }
}

impl Text for Names<PostId> {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        const MAX: usize = 100;
        if raw.split(',').count() > MAX {
            let detail = "must have at most 100 ids";
            return Err(ValueError::new(Code::TooLong, detail));
        }
        names(raw, |word| {
            word.parse()
                .map_err(|_: ValueError| refused("must be ids of posts, separated by commas"))
        })
    }

    fn schema() -> ObjectBuilder {
        text().examples(["01912d68-783e-7a03-8467-5661c1243ad4"])
    }
}

impl Text for Names<String> {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        names(raw, |word| Ok(word.to_owned()))
    }

    fn schema() -> ObjectBuilder {
        text().examples(["slug,title"])
    }
}

impl Names<String> {
    /// The first that is none of these.
    pub(super) fn unknown(&self, known: &BTreeSet<String>) -> Option<&str> {
        let unknown = self.0.iter().find(|name| !known.contains(*name));
        unknown.map(String::as_str)
    }
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn refused(detail: &str) -> ValueError {
    ValueError::new(Code::Format, detail)
}
