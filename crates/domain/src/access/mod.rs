//! Roles and permissions. Every use case checks the role table in its first line.

mod grant;

use serde::{Deserialize, Serialize};

pub use grant::{Grant, Scopes};

use crate::{
    audit::AuditAction,
    clock::Ids,
    error::{Error, Result},
    values::{Timestamp, UserId},
    writes::IdempotencyRequest,
    writes::WriteContext,
};

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

/// A permission. Each permission is a row of [`TABLE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Read working copies, revisions and desk lists.
    ReadPosts,
    /// Create posts.
    CreatePosts,
    /// Edit own posts.
    EditOwnPosts,
    /// Edit all posts.
    EditAnyPosts,
    /// Publish and unpublish own posts.
    PublishOwnPosts,
    /// Publish and unpublish all posts.
    PublishAnyPosts,
    /// Move own posts to the trash and back.
    TrashOwnPosts,
    /// Move all posts to the trash and back.
    TrashAnyPosts,
    /// Remove posts from the trash permanently.
    PurgePosts,
    /// Publish with a date in the past.
    BackdatePosts,
    /// Create, rename, move, merge and delete categories.
    ManageCategories,
    /// Rename and merge tags.
    ManageTags,
    /// Create and update bylines.
    ManageBylines,
    /// Create, list and remove redirects.
    ManageRedirects,
    /// Upload images.
    UploadImages,
    /// Read and cancel operations.
    ManageOperations,
}

impl Permission {
    /// Name of the permission in `/v1/me`, problems and scopes.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReadPosts => "posts:read",
            Self::CreatePosts => "posts:create",
            Self::EditOwnPosts => "posts:edit_own",
            Self::EditAnyPosts => "posts:edit_any",
            Self::PublishOwnPosts => "posts:publish_own",
            Self::PublishAnyPosts => "posts:publish_any",
            Self::TrashOwnPosts => "posts:trash_own",
            Self::TrashAnyPosts => "posts:trash_any",
            Self::PurgePosts => "posts:purge",
            Self::BackdatePosts => "posts:backdate",
            Self::ManageCategories => "categories:manage",
            Self::ManageTags => "tags:manage",
            Self::ManageBylines => "bylines:manage",
            Self::ManageRedirects => "redirects:manage",
            Self::UploadImages => "images:upload",
            Self::ManageOperations => "operations:manage",
        }
    }
}

impl std::fmt::Display for Permission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

use Role::{Administrator, Author, Contributor, Editor, Reader};

/// The role table: the roles that have each permission.
pub const TABLE: &[(Permission, &[Role])] = &[
    (
        Permission::ReadPosts,
        &[Administrator, Editor, Author, Contributor, Reader],
    ),
    (
        Permission::CreatePosts,
        &[Administrator, Editor, Author, Contributor],
    ),
    (
        Permission::EditOwnPosts,
        &[Administrator, Editor, Author, Contributor],
    ),
    (Permission::EditAnyPosts, &[Administrator, Editor]),
    (
        Permission::PublishOwnPosts,
        &[Administrator, Editor, Author],
    ),
    (Permission::PublishAnyPosts, &[Administrator, Editor]),
    (
        Permission::TrashOwnPosts,
        &[Administrator, Editor, Author, Contributor],
    ),
    (Permission::TrashAnyPosts, &[Administrator, Editor]),
    (Permission::PurgePosts, &[Administrator]),
    (Permission::BackdatePosts, &[Administrator, Editor]),
    (Permission::ManageCategories, &[Administrator, Editor]),
    (Permission::ManageTags, &[Administrator, Editor]),
    (Permission::ManageBylines, &[Administrator, Editor]),
    (Permission::ManageRedirects, &[Administrator, Editor]),
    (
        Permission::UploadImages,
        &[Administrator, Editor, Author, Contributor],
    ),
    (Permission::ManageOperations, &[Administrator, Editor]),
];

/// An authenticated caller and their request.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The user.
    pub user_id: UserId,
    /// Current role, read from the store and not from the token.
    pub role: Role,
    /// Credential, which may restrict the permissions of the role.
    pub grant: Grant,
    /// The request.
    pub request: RequestContext,
}

/// Metadata of a request.
#[derive(Debug, Clone, Default)]
pub struct RequestContext {
    /// Request id in logs and in the audit trail.
    pub request_id: String,
    /// The request's idempotency key, if it has one.
    pub idempotency: Option<IdempotencyRequest>,
}

impl Caller {
    /// Permissions of the caller: those of the role that the grant covers.
    pub fn permissions(&self) -> impl Iterator<Item = Permission> {
        let held = self.role.permissions();
        held.filter(|permission| self.grant.covers(*permission))
    }

    /// Fails with [`Error::Forbidden`] unless the caller has the permission.
    pub fn require(&self, permission: Permission) -> Result<()> {
        if self.may(permission) {
            Ok(())
        } else {
            Err(Error::Forbidden(permission))
        }
    }

    /// Fails unless the caller has the permission `any`, or is the owner and has the permission `own`.
    pub fn require_for(&self, owner: UserId, own: Permission, any: Permission) -> Result<()> {
        if owner == self.user_id && self.may(own) {
            Ok(())
        } else {
            self.require(any)
        }
    }

    fn may(&self, permission: Permission) -> bool {
        self.permissions().any(|held| held == permission)
    }

    /// Builds the context of a write by this caller.
    pub(crate) fn context(
        &self,
        action: AuditAction,
        ids: &dyn Ids,
        at: Timestamp,
    ) -> WriteContext {
        WriteContext {
            id: ids.next(),
            actor: Some(self.user_id),
            key: self.grant.key(),
            action,
            at,
            request_id: self.request.request_id.clone(),
            idempotency: self.request.idempotency.clone(),
            step: None,
        }
    }
}
