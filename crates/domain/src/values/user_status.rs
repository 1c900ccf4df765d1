use serde::{Deserialize, Serialize};

/// The status of a user.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// Can sign in.
    #[default]
    Active,
    /// Was invited and has no password yet.
    Invited,
    /// Cannot sign in. Tokens and API keys are rejected.
    Disabled,
    /// Cannot sign in. An operation reassigns the posts, then the user is removed.
    Deleting,
}

impl UserStatus {
    /// All statuses.
    pub const ALL: [Self; 4] = [Self::Active, Self::Invited, Self::Disabled, Self::Deleting];

    /// Name of the status in responses and tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Invited => "invited",
            Self::Disabled => "disabled",
            Self::Deleting => "deleting",
        }
    }
}
