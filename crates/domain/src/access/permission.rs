//! Permissions.

/// A permission. Each permission is a row of the [role table](super::TABLE).
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
    /// Create, update, merge and delete bylines.
    ManageBylines,
    /// List and export redirects.
    ReadRedirects,
    /// Create and remove redirects, and list the unknown addresses.
    ManageRedirects,
    /// Upload images.
    UploadImages,
    /// Read and cancel operations.
    ManageOperations,
    /// Change the settings of the site.
    ManageSite,
    /// List and read users.
    ReadUsers,
    /// Invite users, change their roles, disable, enable and delete them.
    ManageUsers,
    /// Change the own profile.
    EditProfile,
    /// Create, list, rotate and revoke own API keys.
    ManageOwnKeys,
    /// List, rotate and revoke the API keys of all users.
    ManageAnyKeys,
    /// Read audit records of own writes.
    ReadOwnAudit,
    /// Read audit records of posts and other content.
    ReadContentAudit,
    /// Read all audit records.
    ReadAnyAudit,
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
            Self::ReadRedirects => "redirects:read",
            Self::ManageRedirects => "redirects:manage",
            Self::UploadImages => "images:upload",
            Self::ManageOperations => "operations:manage",
            Self::ManageSite => "site:manage",
            Self::ReadUsers => "users:read",
            Self::ManageUsers => "users:manage",
            Self::EditProfile => "profile:edit",
            Self::ManageOwnKeys => "keys:manage_own",
            Self::ManageAnyKeys => "keys:manage_any",
            Self::ReadOwnAudit => "audit:read_own",
            Self::ReadContentAudit => "audit:read_content",
            Self::ReadAnyAudit => "audit:read_any",
        }
    }
}

impl std::fmt::Display for Permission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
