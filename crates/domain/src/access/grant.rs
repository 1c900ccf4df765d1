use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Permission, TABLE};
use crate::values::{ApiKeyId, Code, ValueError};

/// Credential of a caller, which may restrict the permissions of the role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant {
    /// An access token: all permissions of the role. Contains the id of the session, if there is one.
    Session(Option<Uuid>),
    /// A token of a foreign issuer: all permissions of the role.
    Foreign,
    /// An API key: permissions that are both in the role and in the key's scopes.
    Key {
        /// The key.
        id: ApiKeyId,
        /// Scopes of the key.
        scopes: Scopes,
    },
}

impl Grant {
    /// Whether the credential covers the permission. The role is not considered.
    #[must_use]
    pub fn covers(&self, permission: Permission) -> bool {
        match self {
            Self::Session(_) | Self::Foreign => true,
            Self::Key { scopes, .. } => scopes.0.contains(&permission),
        }
    }

    /// The API key, if the caller used one.
    #[must_use]
    pub fn key(&self) -> Option<ApiKeyId> {
        match self {
            Self::Session(_) | Self::Foreign => None,
            Self::Key { id, .. } => Some(*id),
        }
    }
}

/// Scopes of an API key: one or more permissions.
///
/// Written as names separated by commas; [`IMPORT`](Self::IMPORT) and [`BUILD`](Self::BUILD) abbreviate the
/// permissions of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Scopes(BTreeSet<Permission>);

impl Scopes {
    /// Scope with all permissions that an import needs.
    pub const IMPORT: &str = "import";

    /// Scope with all permissions that a build of a static site needs. Public content needs none, and
    /// nothing can be written.
    pub const BUILD: &str = "build";

    const OF_BUILD: [Permission; 1] = [Permission::ReadRedirects];

    // An import may resume one of another user, so it edits posts of other owners.
    const OF_IMPORT: [Permission; 11] = [
        Permission::ReadPosts,
        Permission::CreatePosts,
        Permission::EditOwnPosts,
        Permission::EditAnyPosts,
        Permission::PublishOwnPosts,
        Permission::PublishAnyPosts,
        Permission::BackdatePosts,
        Permission::ManageCategories,
        Permission::ManageBylines,
        Permission::UploadImages,
        Permission::ManageSite,
    ];

    /// The permissions, in the order of the role table.
    pub fn iter(&self) -> impl Iterator<Item = Permission> {
        self.0.iter().copied()
    }

    fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, ValueError> {
        let mut held = BTreeSet::new();
        for name in names {
            match name {
                Self::IMPORT => held.extend(Self::OF_IMPORT),
                Self::BUILD => held.extend(Self::OF_BUILD),
                name => {
                    held.insert(permission(name)?);
                }
            }
        }
        if held.is_empty() {
            return Err(ValueError::new(Code::TooShort, "must not be empty"));
        }
        Ok(Self(held))
    }
}

fn permission(name: &str) -> Result<Permission, ValueError> {
    let mut all = TABLE.iter().map(|(permission, _)| *permission);
    all.clone()
        .find(|permission| permission.as_str() == name)
        .ok_or_else(|| {
            let known = all.by_ref().map(Permission::as_str);
            let known: Vec<_> = known.chain([Scopes::IMPORT, Scopes::BUILD]).collect();
            let known = known.join(", ");
            ValueError::new(
                Code::Format,
                format!("must be a comma-separated list of {known}; {name:?} is unknown"),
            )
        })
}

impl FromStr for Scopes {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        Self::of(text.split(',').map(str::trim))
    }
}

impl TryFrom<Vec<String>> for Scopes {
    type Error = ValueError;

    fn try_from(names: Vec<String>) -> Result<Self, ValueError> {
        Self::of(names.iter().map(String::as_str))
    }
}

impl From<Scopes> for Vec<String> {
    fn from(scopes: Scopes) -> Self {
        scopes.iter().map(|held| held.to_string()).collect()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Vec::from(self.clone()).join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_a_set_in_the_tables_order() {
        let scopes: Scopes = "posts:create, posts:read,posts:create".parse().unwrap();
        assert_eq!(scopes.to_string(), "posts:read,posts:create");
        assert_eq!(scopes.to_string().parse(), Ok(scopes));
    }

    #[test]
    fn the_import_scope_is_stored_as_its_permissions() {
        let scopes: Scopes = "import".parse().unwrap();
        assert_eq!(scopes.iter().count(), Scopes::OF_IMPORT.len());
        let trash = [Permission::TrashOwnPosts, Permission::TrashAnyPosts];
        assert!(scopes.iter().all(|held| !trash.contains(&held)));
        assert!(!scopes.to_string().contains(Scopes::IMPORT));
    }

    #[test]
    fn the_build_scope_reads_redirects_and_writes_nothing() {
        let scopes: Scopes = "build".parse().unwrap();
        assert_eq!(scopes.to_string(), "redirects:read");
        let both: Scopes = "import,build".parse().unwrap();
        assert_eq!(both.iter().count(), Scopes::OF_IMPORT.len() + 1);
    }

    #[test]
    fn empty_and_unknown_scopes_are_rejected_with_the_known_ones() {
        for text in ["", ",", "posts:read,", "POSTS:READ", "posts:*"] {
            let error = text.parse::<Scopes>().unwrap_err();
            assert!(error.detail.contains("posts:trash_any"), "{text}: {error}");
        }
        assert!(Scopes::try_from(Vec::new()).is_err());
    }
}
