//! Types of the parameters of lists.

use tintero_domain::{
    posts::{
        Facets,
        StatusName::{self, Archived, Draft, Published, Scheduled, Trashed},
    },
    values::{Code, Locale, PostId, Tag, ValueError},
};
use utoipa::openapi::{ObjectBuilder, Type};

use crate::{
    body::{Choice, Text},
    extract::Params,
    routes::posts::comma_list::CommaItem,
};

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
    PlannedAscending,
}

impl Choice for SortOrder {
    const CHOICES: &'static [(&'static str, Self)] = &[
        ("-published_at", Self::PublishedDescending),
        ("-created_at", Self::CreatedDescending),
        ("-updated_at", Self::UpdatedDescending),
        ("updated_at", Self::UpdatedAscending),
        ("publish_at", Self::PlannedAscending),
    ];
}

/// A boolean parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::routes) struct Flag(pub(in crate::routes) bool);

impl Text for Flag {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        let flag = raw.parse().map(Self);
        flag.map_err(|_| ValueError::new(Code::Format, "must be true or false"))
    }

    fn schema() -> ObjectBuilder {
        ObjectBuilder::new().schema_type(Type::Boolean)
    }
}

/// Tags, all of which a post must have.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RequiredTags(pub(super) Vec<Tag>);

/// The value of a parameter of a list.
pub(super) trait ListParameter: Sized {
    fn read(params: &mut Params, name: &str, about: &str) -> Option<Self>;
}

impl<T: Text> ListParameter for T {
    fn read(params: &mut Params, name: &str, about: &str) -> Option<Self> {
        params.optional(name, about)
    }
}

impl ListParameter for RequiredTags {
    fn read(params: &mut Params, name: &str, about: &str) -> Option<Self> {
        params.repeated(name, about, Facets::MAX_TAGS).map(Self)
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

impl CommaItem for IncludeName {
    const MAX: usize = Self::CHOICES.len();
}

impl CommaItem for Locale {
    const MAX: usize = Facets::MAX_LOCALES;
}

impl CommaItem for PostId {
    const MAX: usize = 100;
}
