use serde::{Deserialize, Serialize};

use super::{Locale, Slug};

/// Public address of a post: a slug within a locale. An address belongs to at most one post.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Address {
    /// Language within which the slug is unique.
    pub locale: Locale,
    /// Human-readable name.
    pub slug: Slug,
}
