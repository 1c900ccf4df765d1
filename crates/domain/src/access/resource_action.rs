//! What a caller may do with resources whose actions depend on permissions only.

use super::{Caller, Permission};

/// An action on a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResourceAction {
    /// Change it.
    Update,
    /// Give it another name.
    Rename,
    /// Replace it by another one.
    Merge,
    /// Remove it.
    Delete,
    /// Take it out of the trash.
    Restore,
    /// Stop it.
    Cancel,
}

impl ResourceAction {
    /// Name of the action in responses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Update => "update",
            Self::Rename => "rename",
            Self::Merge => "merge",
            Self::Delete => "delete",
            Self::Restore => "restore",
            Self::Cancel => "cancel",
        }
    }
}

/// A kind of resource whose actions need one permission, whoever created the resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManagedKind {
    /// Categories.
    Category,
    /// Tags.
    Tag,
    /// Bylines.
    Byline,
    /// Redirects.
    Redirect,
    /// The settings of the site.
    Site,
}

impl ManagedKind {
    /// The permission that all actions need.
    #[must_use]
    pub fn permission(self) -> Permission {
        match self {
            Self::Category => Permission::ManageCategories,
            Self::Tag => Permission::ManageTags,
            Self::Byline => Permission::ManageBylines,
            Self::Redirect => Permission::ManageRedirects,
            Self::Site => Permission::ManageSite,
        }
    }

    fn actions(self) -> &'static [ResourceAction] {
        use ResourceAction::{Delete, Merge, Rename, Update};
        match self {
            Self::Tag => &[Rename, Merge],
            Self::Category | Self::Byline => &[Update, Merge, Delete],
            Self::Redirect => &[Delete],
            Self::Site => &[Update],
        }
    }
}

impl Caller {
    /// The actions that the caller may perform on every resource of a kind.
    #[must_use]
    pub fn allowed_on(&self, kind: ManagedKind) -> &'static [ResourceAction] {
        if self.may(kind.permission()) {
            kind.actions()
        } else {
            &[]
        }
    }
}
