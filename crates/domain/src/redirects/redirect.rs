use serde::{Deserialize, Serialize};

use crate::values::{Destination, OldPath, PostId, RedirectId, Timestamp, UserId};

/// A path that leads elsewhere because somebody said so. It is made and removed, never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirect {
    /// Which redirect.
    pub id: RedirectId,
    /// The path that it leads away from.
    pub from: OldPath,
    /// Where it leads.
    pub target: Target,
    /// True when clients may forget the old path.
    pub permanent: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: UserId,
}

/// Where a redirect leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// To an address.
    Place(Destination),
    /// To a post, wherever it is.
    Post(PostId),
}

/// A redirect that does not exist yet.
#[derive(Debug, Clone)]
pub struct NewRedirect {
    /// The path that it leads away from.
    pub from: OldPath,
    /// Where it leads.
    pub target: Target,
    /// True when clients may forget the old path.
    pub permanent: bool,
}

/// What holds a path of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathClaim {
    /// A post that was there.
    Post(PostId),
    /// A redirect that somebody made.
    Redirect(Box<Redirect>),
}

impl PathClaim {
    /// Where it leads, and whether for good.
    pub(super) fn leads(self) -> (Target, bool) {
        match self {
            Self::Post(id) => (Target::Post(id), true),
            Self::Redirect(redirect) => (redirect.target, redirect.permanent),
        }
    }
}
