//! Who may do what: one table, asked by the first line of every use case.

mod grant;

use serde::{Deserialize, Serialize};

pub use grant::{Grant, Scopes};

use crate::{
    writes::WriteContext, audit::AuditAction, writes::IdempotencyRequest,
    clock::Ids,
    error::{Error, Result},
    values::{Timestamp, UserId},
};

/// What a user is to the site. Each role is a column of [`TABLE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the site.
    Administrator,
    /// Answers for everybody's posts.
    Editor,
    /// Writes and publishes own posts.
    Author,
    /// Writes own posts; somebody else publishes them.
    Contributor,
    /// Reads working copies, writes nothing.
    Reader,
}

impl Role {
    /// All roles, the mightiest first.
    pub const ALL: [Self; 5] = [
        Self::Administrator,
        Self::Editor,
        Self::Author,
        Self::Contributor,
        Self::Reader,
    ];

    /// The role's name in tokens, answers and tables.
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

    /// What this role may do, in the table's order.
    pub fn permissions(self) -> impl Iterator<Item = Permission> {
        TABLE
            .iter()
            .filter(move |(_, roles)| roles.contains(&self))
            .map(|(permission, _)| *permission)
    }
}

/// Something that a role allows. A row of [`TABLE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Read working copies and desk lists.
    ReadPosts,
    /// Create posts.
    CreatePosts,
    /// Edit posts that one owns.
    EditOwnPosts,
    /// Edit anybody's posts.
    EditAnyPosts,
    /// Publish and unpublish posts that one owns.
    PublishOwnPosts,
    /// Publish and unpublish anybody's posts.
    PublishAnyPosts,
    /// Trash and untrash posts that one owns.
    TrashOwnPosts,
    /// Trash and untrash anybody's posts.
    TrashAnyPosts,
    /// Remove posts from the trash for ever.
    PurgePosts,
    /// Publish with a date in the past.
    BackdatePosts,
    /// Create, rename, move, merge and delete categories.
    ManageCategories,
    /// Rename and merge tags.
    ManageTags,
    /// Create and change bylines.
    ManageBylines,
    /// Make, list and remove redirects.
    ManageRedirects,
    /// Upload images.
    UploadImages,
    /// See and stop long operations.
    ManageOperations,
}

impl Permission {
    /// The permission's name in `/v1/me`, problems and scopes.
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

/// The role table: which roles hold which permission.
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

/// Somebody signed in, asking for one thing.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who it is.
    pub user_id: UserId,
    /// What they are to the site at this moment, read from the store and not from the token.
    pub role: Role,
    /// By which right: the role's permissions may be held back.
    pub grant: Grant,
    /// The request that they make.
    pub request: RequestContext,
}

/// What the entrance knows about one request, beyond its content.
#[derive(Debug, Clone, Default)]
pub struct RequestContext {
    /// Names the request in logs and in the audit trail.
    pub request_id: String,
    /// The client's wish that a repetition has no second effect.
    pub idempotency: Option<IdempotencyRequest>,
}

impl Caller {
    /// What this caller may do: what the role holds and the grant covers.
    pub fn permissions(&self) -> impl Iterator<Item = Permission> {
        let held = self.role.permissions();
        held.filter(|permission| self.grant.covers(*permission))
    }

    /// Fails with [`Error::Forbidden`] unless the caller may do this.
    pub fn require(&self, permission: Permission) -> Result<()> {
        if self.may(permission) {
            Ok(())
        } else {
            Err(Error::Forbidden(permission))
        }
    }

    /// Fails unless the caller may do it to anybody's, or owns the thing and may do it to their own.
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

    /// The record of what this caller now does.
    pub(crate) fn context(&self, action: AuditAction, ids: &dyn Ids, at: Timestamp) -> WriteContext {
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
