use std::{collections::BTreeSet, fmt};

use serde::Serialize;
use tintero_domain::values::{ImageId, OperationId, PostId, RedirectId};

use crate::keys::ItemKey;

/// A rule between items that the doctor checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DoctorRule {
    /// Every public or former address of a post has a claim that matches the post. No other address has one.
    Claims,
    /// Every post holds its import source, and its old paths from its publication on.
    Names,
    /// Every post has a matching row in each of its public lists.
    Rows,
    /// Every planned change of a post has a pending cleanup at its time.
    Plans,
    /// Every revision that a post refers to exists with its text.
    Texts,
    /// Every item has a post that refers to it.
    Strays,
    /// Every category, byline and image of a post exists.
    References,
    /// Every counter of a category or tag matches its list.
    Counts,
    /// Every category and byline holds its slug, and every parent category exists.
    Slugs,
    /// Every translation is among those of its original, which counts it, and holds its language from its
    /// publication on.
    Translations,
    /// Every redirect holds its path and has a row in the list.
    Redirects,
    /// Every unfinished operation has a marker, and no other operation.
    Operations,
    /// Every image has a row in the list and holds its names.
    Images,
    /// Every image has its file in the store of files.
    Files,
    /// The counter of every merged or deleted tag is marked, and no other.
    Aliases,
}

impl DoctorRule {
    /// All rules in the order of the documentation.
    pub const ALL: [Self; 15] = [
        Self::Claims,
        Self::Names,
        Self::Rows,
        Self::Plans,
        Self::Texts,
        Self::Strays,
        Self::References,
        Self::Counts,
        Self::Slugs,
        Self::Translations,
        Self::Redirects,
        Self::Operations,
        Self::Images,
        Self::Files,
        Self::Aliases,
    ];
}

impl fmt::Display for DoctorRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// A violation of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DoctorFinding {
    /// The rule.
    pub rule: DoctorRule,
    /// Key of the wrong, missing or surplus item.
    pub key: ItemKey,
    /// A short description of the fault.
    pub detail: String,
    pub(super) fix: Fix,
}

/// A repair that loses no data.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fix {
    /// Needs an operator.
    None,
    /// Rewrites the items that are derived from the post.
    Rewrite(PostId),
    /// Releases the names that an earlier version reserved for this post.
    ReleaseNames(PostId),
    /// Deletes the item, to which this post does not refer.
    Remove(PostId),
    /// Corrects a counter of a list.
    Count,
    /// Corrects the counter of translations of a post, which has at least these.
    CountTranslations(PostId, BTreeSet<PostId>),
    /// Rewrites or deletes the row of a redirect.
    Redirect(RedirectPair),
    /// Writes or deletes the marker of an operation.
    Operation(OperationId),
    /// Rewrites the items of an image, or the image from its row.
    Image(ImageId),
    /// Removes an image from an item that belongs to another.
    Forget(ImageId),
    /// Corrects the mark on the counter of this tag, in lower case.
    Mark(String),
}

/// A redirect and the claim on its path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RedirectPair {
    pub(super) id: RedirectId,
    pub(super) claim: ItemKey,
}

impl DoctorFinding {
    pub(super) fn new(rule: DoctorRule, key: ItemKey, detail: impl Into<String>, fix: Fix) -> Self {
        Self {
            rule,
            key,
            detail: detail.into(),
            fix,
        }
    }

    /// Whether a repair exists.
    #[must_use]
    pub fn can_be_repaired(&self) -> bool {
        self.fix != Fix::None
    }
}

impl fmt::Display for DoctorFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ItemKey { pk, sk } = &self.key;
        write!(f, "{}: {pk} / {sk} {}", self.rule, self.detail)
    }
}
