use serde::{Deserialize, Serialize};

use super::{Locale, Slug};

/// Where a post is found publicly: a slug within a locale. One post at a time holds one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Address {
    /// The language under which the slug is unique.
    pub locale: Locale,
    /// The readable name.
    pub slug: Slug,
}
