//! The transition table: the legal transitions of each status and their results.

use std::fmt;

use crate::{
    access::{Caller, Permission},
    audit_action::AuditAction,
    error::{Error, IllegalTransition, Result},
    posts::{Post, Status},
};

/// A status without its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusName {
    /// Not public.
    Draft,
    /// Becomes public at a planned time.
    Scheduled,
    /// Public at its address and in lists.
    Published,
    /// Public at its address, but in no list.
    Archived,
    /// In the trash.
    Trashed,
}

impl StatusName {
    /// All statuses.
    pub const ALL: [Self; 5] = [
        Self::Draft,
        Self::Scheduled,
        Self::Published,
        Self::Archived,
        Self::Trashed,
    ];

    /// The name in responses, filters and keys.
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

/// An action on a whole post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transition {
    /// Change the working copy.
    Edit,
    /// Request a review of the working copy.
    Submit,
    /// Request changes as a reviewer.
    RequestChanges,
    /// Make the working copy public.
    Publish,
    /// Schedule the publication of the working copy and the removal of the public copy.
    Schedule,
    /// Discard the schedule. The public copy stays.
    Unschedule,
    /// Remove the public copy, or its schedule.
    Unpublish,
    /// Remove the public copy from all lists and keep it at its address.
    Archive,
    /// Move the post to the trash.
    Trash,
    /// Restore the post from the trash as a draft.
    Untrash,
    /// Delete the post permanently with its history, and release its names.
    Purge,
}

impl Transition {
    /// All transitions.
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

    /// The name in problem details and in the last path segment of the operation.
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

    /// Fails with [`Error::Forbidden`] unless the caller has the permission for this transition of the post.
    pub(in crate::posts) fn authorize(self, caller: &Caller, post: &Post) -> Result<()> {
        let (own, any) = match self {
            Self::Edit | Self::Submit => (Permission::EditOwnPosts, Permission::EditAnyPosts),
            Self::RequestChanges => (Permission::EditAnyPosts, Permission::EditAnyPosts),
            Self::Publish | Self::Schedule | Self::Unschedule | Self::Unpublish | Self::Archive => {
                (Permission::PublishOwnPosts, Permission::PublishAnyPosts)
            }
            Self::Trash | Self::Untrash => (Permission::TrashOwnPosts, Permission::TrashAnyPosts),
            Self::Purge => (Permission::PurgePosts, Permission::PurgePosts),
        };
        caller.require_for(post.state.owner_id, own, any)
    }

    pub(super) fn action(self) -> AuditAction {
        match self {
            Self::Edit | Self::Submit | Self::RequestChanges => AuditAction::UpdatePost,
            Self::Publish => AuditAction::PublishPost,
            Self::Schedule => AuditAction::SchedulePost,
            Self::Unschedule => AuditAction::UnschedulePost,
            Self::Unpublish => AuditAction::UnpublishPost,
            Self::Archive => AuditAction::ArchivePost,
            Self::Trash => AuditAction::TrashPost,
            Self::Untrash => AuditAction::UntrashPost,
            Self::Purge => AuditAction::PurgePost,
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

/// The transition table: status, transition, resulting status. `None` means that the post is
/// deleted. All other combinations are rejected with 409.
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

    /// The legal transitions of this status.
    pub fn legal(&self) -> impl Iterator<Item = Transition> {
        let name = self.name();
        TRANSITIONS
            .iter()
            .filter(move |(from, ..)| *from == name)
            .map(|(_, by, _)| *by)
    }
}

impl Post {
    /// Fails with [`Error::IllegalTransition`] unless the transition is legal in the post's status.
    pub(in crate::posts) fn require(&self, attempted: Transition) -> Result<()> {
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
