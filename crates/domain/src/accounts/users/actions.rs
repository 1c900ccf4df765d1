//! What may be done with a user in each status.

use crate::{
    access::{Caller, Permission},
    accounts::User,
    values::UserStatus::{self, Active, Deleting, Disabled, Invited},
};

/// An action on a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UserAction {
    /// Change the profile or the role.
    Update,
    /// Reject sign-in, tokens and API keys.
    Disable,
    /// Accept sign-in again.
    Enable,
    /// Replace the invitation.
    Invite,
    /// Remove the second factor and end the sessions.
    RemoveSecondFactor,
    /// Remove the user and reassign the posts.
    Delete,
}

impl UserAction {
    /// All actions.
    pub const ALL: [Self; 6] = [
        Self::Update,
        Self::Disable,
        Self::Enable,
        Self::Invite,
        Self::RemoveSecondFactor,
        Self::Delete,
    ];

    /// Name of the action in responses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Update => "update",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Invite => "invite",
            Self::RemoveSecondFactor => "remove_second_factor",
            Self::Delete => "delete",
        }
    }

    /// Whether the action is possible in a status.
    #[must_use]
    pub fn is_possible(self, status: UserStatus) -> bool {
        match self {
            Self::Update | Self::RemoveSecondFactor => status != Deleting,
            Self::Disable => status == Active,
            Self::Enable => status == Disabled,
            Self::Invite => status == Invited,
            Self::Delete => true,
        }
    }
}

impl User {
    /// The actions that the caller may perform on the user now. One that would leave no active
    /// administrator is rejected although it is listed.
    #[must_use]
    pub fn allowed_to(&self, caller: &Caller) -> Vec<UserAction> {
        let is_managed = caller.may(Permission::ManageUsers);
        let mut all = UserAction::ALL.to_vec();
        let has_factor = self.second_factor_since.is_some();
        all.retain(|action| {
            let is_about_factor = *action == UserAction::RemoveSecondFactor;
            is_managed && action.is_possible(self.status) && (has_factor || !is_about_factor)
        });
        all
    }
}
