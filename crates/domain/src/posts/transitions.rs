//! A post's life as data: what can be done in which status, and where it leads.

use std::fmt;

use super::{Post, Status};
use crate::error::{Error, IllegalTransition, Result};

/// A status without its data: a row heading of [`TRANSITIONS`] and a filter of desk lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusName {
    /// Not public.
    Draft,
    /// Public from a moment that is still to come.
    Scheduled,
    /// Public.
    Published,
    /// Public at its address, and in no list.
    Archived,
    /// In the trash.
    Trashed,
}

impl StatusName {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Draft,
        Self::Scheduled,
        Self::Published,
        Self::Archived,
        Self::Trashed,
    ];

    /// The name in answers, filters and keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Published => "published",
            Self::Archived => "archived",
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
    /// Plan when the working copy becomes public, and when what is public vanishes.
    Schedule,
    /// Give the plan up; what is public stays.
    Unschedule,
    /// Take the public copy, or the plan of one, away and keep the post.
    Unpublish,
    /// Take the public copy out of all lists and keep it at its address.
    Archive,
    /// Put the post into the trash.
    Trash,
    /// Take it out again, as a draft.
    Untrash,
    /// Remove it from the trash for ever, with its history, and give its names back.
    Purge,
}

impl Transition {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Edit,
        Self::Submit,
        Self::RequestChanges,
        Self::Publish,
        Self::Schedule,
        Self::Unschedule,
        Self::Unpublish,
        Self::Archive,
        Self::Trash,
        Self::Untrash,
        Self::Purge,
    ];

    /// The name in problems and in the last segment of paths.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Submit => "submit",
            Self::RequestChanges => "request-changes",
            Self::Publish => "publish",
            Self::Schedule => "schedule",
            Self::Unschedule => "unschedule",
            Self::Unpublish => "unpublish",
            Self::Archive => "archive",
            Self::Trash => "trash",
            Self::Untrash => "untrash",
            Self::Purge => "purge",
        }
    }
}

impl fmt::Display for Transition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

use StatusName::{Archived, Draft, Published, Scheduled, Trashed};
use Transition::{
    Archive, Edit, Publish, Purge, RequestChanges, Schedule, Submit, Trash, Unpublish, Unschedule,
    Untrash,
};

/// The transition table: from, by, to; to nothing, where nothing is left. What is not in it is
/// refused with 409.
pub const TRANSITIONS: &[(StatusName, Transition, Option<StatusName>)] = &[
    (Draft, Edit, Some(Draft)),
    (Draft, Submit, Some(Draft)),
    (Draft, RequestChanges, Some(Draft)),
    (Draft, Publish, Some(Published)),
    (Draft, Schedule, Some(Scheduled)),
    (Draft, Trash, Some(Trashed)),
    (Scheduled, Edit, Some(Scheduled)),
    (Scheduled, Submit, Some(Scheduled)),
    (Scheduled, RequestChanges, Some(Scheduled)),
    (Scheduled, Publish, Some(Published)),
    (Scheduled, Schedule, Some(Scheduled)),
    (Scheduled, Unschedule, Some(Draft)),
    (Scheduled, Unpublish, Some(Draft)),
    (Scheduled, Trash, Some(Trashed)),
    (Published, Edit, Some(Published)),
    (Published, Submit, Some(Published)),
    (Published, RequestChanges, Some(Published)),
    (Published, Publish, Some(Published)),
    (Published, Schedule, Some(Published)),
    (Published, Unschedule, Some(Published)),
    (Published, Unpublish, Some(Draft)),
    (Published, Archive, Some(Archived)),
    (Published, Trash, Some(Trashed)),
    (Archived, Edit, Some(Archived)),
    (Archived, Submit, Some(Archived)),
    (Archived, RequestChanges, Some(Archived)),
    (Archived, Publish, Some(Published)),
    (Archived, Unpublish, Some(Draft)),
    (Archived, Trash, Some(Trashed)),
    (Trashed, Untrash, Some(Draft)),
    (Trashed, Purge, None),
];

impl Status {
    /// The status without its data.
    #[must_use]
    pub fn name(&self) -> StatusName {
        match self {
            Self::Draft => Draft,
            Self::Scheduled { .. } => Scheduled,
            Self::Published { .. } => Published,
            Self::Archived { .. } => Archived,
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
        let status = &self.state.status;
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
