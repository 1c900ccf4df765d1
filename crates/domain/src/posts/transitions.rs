//! A post's life as data: what can be done in which status, and where it leads.

use std::fmt;

use super::{Post, Status};
use crate::error::{Error, IllegalTransition, Result};

/// A status without its data: a row heading of [`TRANSITIONS`] and a filter of desk lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusName {
    /// Not public.
    Draft,
    /// Public.
    Published,
    /// In the trash.
    Trashed,
}

impl StatusName {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Draft, Self::Published, Self::Trashed];

    /// The name in answers, filters and keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Trashed => "trashed",
        }
    }
}

/// Something done to a whole post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transition {
    /// Change the working copy.
    Edit,
    /// Ask for a review of the working copy.
    Submit,
    /// Answer a review with a wish for changes.
    RequestChanges,
    /// Make the working copy public.
    Publish,
    /// Take the public copy away and keep the post.
    Unpublish,
    /// Put the post into the trash.
    Trash,
    /// Take it out again, as a draft.
    Untrash,
}

impl Transition {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Edit,
        Self::Submit,
        Self::RequestChanges,
        Self::Publish,
        Self::Unpublish,
        Self::Trash,
        Self::Untrash,
    ];

    /// The name in problems and in the last segment of paths.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Submit => "submit",
            Self::RequestChanges => "request-changes",
            Self::Publish => "publish",
            Self::Unpublish => "unpublish",
            Self::Trash => "trash",
            Self::Untrash => "untrash",
        }
    }
}

impl fmt::Display for Transition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

use StatusName::{Draft, Published, Trashed};
use Transition::{Edit, Publish, RequestChanges, Submit, Trash, Unpublish, Untrash};

/// The transition table: from, by, to. What is not in it is refused with 409.
pub const TRANSITIONS: &[(StatusName, Transition, StatusName)] = &[
    (Draft, Edit, Draft),
    (Draft, Submit, Draft),
    (Draft, RequestChanges, Draft),
    (Draft, Publish, Published),
    (Draft, Trash, Trashed),
    (Published, Edit, Published),
    (Published, Submit, Published),
    (Published, RequestChanges, Published),
    (Published, Publish, Published),
    (Published, Unpublish, Draft),
    (Published, Trash, Trashed),
    (Trashed, Untrash, Draft),
];

impl Status {
    /// The status without its data.
    #[must_use]
    pub fn name(&self) -> StatusName {
        match self {
            Self::Draft => Draft,
            Self::Published { .. } => Published,
            Self::Trashed => Trashed,
        }
    }

    /// What can be done in this status.
    pub fn legal(&self) -> impl Iterator<Item = Transition> {
        let name = self.name();
        TRANSITIONS
            .iter()
            .filter(move |(from, ..)| *from == name)
            .map(|(_, by, _)| *by)
    }
}

impl Post {
    /// Fails with [`Error::IllegalTransition`], naming the legal ones, unless the table allows it.
    pub(super) fn require(&self, attempted: Transition) -> Result<()> {
        let status = &self.standing.status;
        if status.legal().any(|legal| legal == attempted) {
            return Ok(());
        }
        Err(Error::IllegalTransition(IllegalTransition {
            attempted,
            status: status.name().as_str(),
            legal: status.legal().collect(),
        }))
    }
}
