//! The role table: the permissions of each role.

use super::Permission;
use super::Role::{self, Administrator, Author, Contributor, Editor, Reader};

const EVERYONE: &[Role] = &[Administrator, Editor, Author, Contributor, Reader];

/// The role table: the roles that have each permission.
pub const TABLE: &[(Permission, &[Role])] = &[
    (Permission::ReadPosts, EVERYONE),
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
    (
        Permission::ReadRedirects,
        &[Administrator, Editor, Author, Contributor, Reader],
    ),
    (Permission::ManageRedirects, &[Administrator, Editor]),
    (
        Permission::UploadImages,
        &[Administrator, Editor, Author, Contributor],
    ),
    (Permission::ManageOperations, &[Administrator, Editor]),
    (Permission::ManageSite, &[Administrator]),
    (Permission::ReadUsers, &[Administrator, Editor]),
    (Permission::ManageUsers, &[Administrator]),
    (Permission::EditProfile, EVERYONE),
    (Permission::ManageOwnKeys, EVERYONE),
    (Permission::ManageAnyKeys, &[Administrator]),
    (Permission::ReadOwnAudit, EVERYONE),
    (Permission::ReadContentAudit, &[Administrator, Editor]),
    (Permission::ReadAnyAudit, &[Administrator]),
];
