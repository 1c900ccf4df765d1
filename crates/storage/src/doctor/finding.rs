use std::{collections::BTreeSet, fmt};

use serde::Serialize;
use tintero_domain::values::{ImageId, OperationId, PostId};

use super::redirects::Pair;
use crate::keys::Key;

/// A rule between items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Every address of a post has its claim, which says what the post says.
    Claims,
    /// Every old address and import source of a post is held by it.
    Names,
    /// A post stands in every list that it belongs to, as it was published.
    Rows,
    /// What is planned for a post is noted at its moment.
    Plans,
    /// Every revision that a post refers to is there, with its text.
    Texts,
    /// Nothing lies about that nobody refers to.
    Strays,
    /// Categories, bylines and images that a post names exist.
    References,
    /// Categories and tags count the posts in their lists.
    Counts,
    /// Every category and byline holds its slug, and categories form a tree.
    Slugs,
    /// Every translation holds its language, and what it translates counts it.
    Translations,
    /// Every redirect holds its path and stands in the list.
    Redirects,
    /// Every operation that did not end is noted as that, and no other.
    Operations,
    /// Every image stands in the list and holds the names under which it is found.
    Images,
    /// The counter of every tag that went says so, and that of no other.
    Aliases,
}

impl Rule {
    /// All of them, in the order in which they are explained.
    pub const ALL: [Self; 14] = [
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
        Self::Aliases,
    ];

    /// Its name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Claims => "claims",
            Self::Names => "names",
            Self::Rows => "rows",
            Self::Plans => "plans",
            Self::Texts => "texts",
            Self::Strays => "strays",
            Self::References => "references",
            Self::Counts => "counts",
            Self::Slugs => "slugs",
            Self::Translations => "translations",
            Self::Redirects => "redirects",
            Self::Operations => "operations",
            Self::Images => "images",
            Self::Aliases => "aliases",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Which rule.
    pub rule: Rule,
    /// Where: the item that is wrong, missing or too many.
    pub place: Key,
    /// What is wrong, in a few words.
    pub detail: String,
    pub(super) cure: Cure,
}

/// What puts a finding right without losing anything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cure {
    /// Nothing does; a person has to look.
    None,
    /// Write again what follows from the post.
    Rewrite(PostId),
    /// Remove what this post does not know of.
    Remove(PostId),
    /// Count anew.
    Count,
    /// Count anew the translations of a post, among which these are.
    CountTranslations(PostId, BTreeSet<PostId>),
    /// Write again, or remove, what follows from the claim of a redirect.
    Redirect(Pair),
    /// Write or remove the note of an operation.
    Operation(OperationId),
    /// Write again what follows from an image, or the image from its row.
    Image(ImageId),
    /// Take an image out of where it does not belong.
    Forget(ImageId),
    /// Let the counter of this tag, in lower case, say what is so.
    Mark(String),
}

impl Finding {
    pub(super) fn new(rule: Rule, place: Key, detail: impl Into<String>, cure: Cure) -> Self {
        Self {
            rule,
            place,
            detail: detail.into(),
            cure,
        }
    }

    /// True when a repair can put it right.
    #[must_use]
    pub fn can_be_repaired(&self) -> bool {
        self.cure != Cure::None
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Key { pk, sk } = &self.place;
        write!(f, "{}: {pk} / {sk} {}", self.rule, self.detail)
    }
}
