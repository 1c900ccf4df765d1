use serde::{Deserialize, Serialize};

use crate::values::{Digest, PostId, Timestamp};

/// How far the background work has followed the changes that links depend on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkProgress {
    /// Digest of the settings of the site that the paths of posts depend on.
    pub paths: Digest,
    /// The walk over all posts after these settings changed.
    pub walk: LinkWalk,
    /// Time of the last followed change.
    pub until: Timestamp,
}

/// A walk over all posts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkWalk {
    /// Continues from a position; from the start without one.
    From(Option<String>),
    /// All posts were rendered.
    Complete,
}

/// A position in the list of public changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangePosition {
    /// Time of the change.
    pub at: Timestamp,
    /// The post of the change before. Absent for the first change at this time.
    pub after: Option<PostId>,
}
