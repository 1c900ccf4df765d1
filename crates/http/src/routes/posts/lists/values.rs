//! Types of the parameters of lists.

use tintero_domain::{
    posts::StatusName::{self, Archived, Draft, Published, Scheduled, Trashed},
    values::{Code, PostId, ValueError},
};
use utoipa::openapi::{
    ArrayBuilder, ObjectBuilder, Type,
    path::{ParameterBuilder, ParameterStyle},
};

use crate::body::{Choice, Text};

/// The value of `status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StatusFilter {
    Only(StatusName),
    Any,
}

impl StatusFilter {
    pub(super) fn name(self) -> Option<StatusName> {
        match self {
            Self::Only(name) => Some(name),
            Self::Any => None,
        }
    }
}

impl Choice for StatusFilter {
    const CHOICES: &'static [(&'static str, Self)] = &[
        ("draft", Self::Only(Draft)),
        ("scheduled", Self::Only(Scheduled)),
        ("published", Self::Only(Published)),
        ("archived", Self::Only(Archived)),
        ("trashed", Self::Only(Trashed)),
        ("any", Self::Any),
    ];
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SortOrder {
    PublishedDescending,
    CreatedDescending,
    UpdatedDescending,
    UpdatedAscending,
}

impl Choice for SortOrder {
    const CHOICES: &'static [(&'static str, Self)] = &[
        ("-published_at", Self::PublishedDescending),
        ("-created_at", Self::CreatedDescending),
        ("-updated_at", Self::UpdatedDescending),
        ("updated_at", Self::UpdatedAscending),
    ];
}

/// A boolean parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flag(pub(super) bool);

impl Text for Flag {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        let flag = raw.parse().map(Self);
        flag.map_err(|_| ValueError::new(Code::Format, "must be true or false"))
    }

    fn schema() -> ObjectBuilder {
        ObjectBuilder::new().schema_type(Type::Boolean)
    }
}

/// A kind of related resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IncludeName {
    Categories,
    Bylines,
    Images,
    Owner,
}

impl Choice for IncludeName {
    const CHOICES: &'static [(&'static str, Self)] = &[
        ("categories", Self::Categories),
        ("bylines", Self::Bylines),
        ("images", Self::Images),
        ("owner", Self::Owner),
    ];
}

/// Distinct values separated by commas.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CommaList<T>(pub(super) Vec<T>);

impl<T> Default for CommaList<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// An item of a [`CommaList`].
pub(super) trait CommaItem: Text + PartialEq {
    /// Maximum number of items.
    const MAX: usize;
}

impl CommaItem for IncludeName {
    const MAX: usize = Self::CHOICES.len();
}

impl CommaItem for PostId {
    const MAX: usize = 100;
}

impl<T: CommaItem> Text for CommaList<T> {
    const IS_LIST: bool = true;

    fn parse(raw: &str) -> Result<Self, ValueError> {
        if raw.split(',').count() > T::MAX {
            let detail = format!("must have at most {} items", T::MAX);
            return Err(ValueError::new(Code::TooLong, detail));
        }
        let mut items = Vec::new();
        for word in raw.split(',') {
            let item = T::parse(word).map_err(|error| {
                let detail = format!(
                    "must be a list separated by commas; each item {}",
                    error.detail
                );
                ValueError::new(Code::Format, detail)
            })?;
            if items.contains(&item) {
                let detail = format!("must not contain {word:?} twice");
                return Err(ValueError::new(Code::Duplicate, detail));
            }
            items.push(item);
        }
        Ok(Self(items))
    }

    fn schema() -> ObjectBuilder {
        ObjectBuilder::new().schema_type(Type::String)
    }

    fn describe(parameter: ParameterBuilder) -> ParameterBuilder {
        let list = ArrayBuilder::new()
            .items(T::schema())
            .min_items(Some(1))
            .max_items(Some(T::MAX))
            .unique_items(true);
        parameter
            .schema(Some(list))
            .style(Some(ParameterStyle::Form))
            .explode(Some(false))
    }
}
