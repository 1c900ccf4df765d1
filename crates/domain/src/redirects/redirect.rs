use serde::{Deserialize, Serialize};

use super::follow::ResolvedChain;
use crate::values::{Destination, OldPath, PostId, RedirectId, Timestamp, UserId};

/// A manual redirect. Redirects are created and removed, never updated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirect {
    /// Id of the redirect.
    pub id: RedirectId,
    /// Path to redirect from.
    pub from: OldPath,
    /// Target of the redirect.
    pub target: RedirectTarget,
    /// Whether clients may cache the redirect permanently.
    pub permanent: bool,
    /// Creation time.
    pub created_at: Timestamp,
    /// The user who created it.
    pub created_by: UserId,
}

/// Target of a redirect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedirectTarget {
    /// A URL or a path of the site.
    #[serde(rename = "place")]
    Location(Destination),
    /// A post, at its current address.
    Post(PostId),
}

/// A redirect to be created.
#[derive(Debug, Clone)]
pub struct NewRedirect {
    /// Path to redirect from.
    pub from: OldPath,
    /// Target of the redirect.
    pub target: RedirectTarget,
    /// Whether clients may cache the redirect permanently.
    pub permanent: bool,
}

/// Holder of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathClaim {
    /// A post that formerly had the path.
    Post(PostId),
    /// A manual redirect.
    Redirect(Box<Redirect>),
}

impl PathClaim {
    /// Target, and whether the redirect is permanent.
    pub(super) fn target(self) -> ResolvedChain {
        match self {
            Self::Post(id) => ResolvedChain {
                target: RedirectTarget::Post(id),
                permanent: true,
            },
            Self::Redirect(redirect) => ResolvedChain {
                target: redirect.target,
                permanent: redirect.permanent,
            },
        }
    }
}
