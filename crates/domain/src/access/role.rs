//! Roles of users.

use serde::{Deserialize, Serialize};

use super::{Permission, TABLE};

/// Role of a user. Each role is a column of [`TABLE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Administers the site.
    Administrator,
    /// Edits and publishes all posts.
    Editor,
    /// Edits and publishes own posts.
    Author,
    /// Edits own posts and cannot publish them.
    Contributor,
    /// Reads working copies. Has no write permission.
    Reader,
}

impl Role {
    /// All roles, the most privileged first.
    pub const ALL: [Self; 5] = [
        Self::Administrator,
        Self::Editor,
        Self::Author,
        Self::Contributor,
        Self::Reader,
    ];

    /// Name of the role in tokens, responses and tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Editor => "editor",
            Self::Author => "author",
            Self::Contributor => "contributor",
            Self::Reader => "reader",
        }
    }

    /// Permissions of the role, in the order of the table.
    pub fn permissions(self) -> impl Iterator<Item = Permission> {
        TABLE
            .iter()
            .filter(move |(_, roles)| roles.contains(&self))
            .map(|(permission, _)| *permission)
    }
}
