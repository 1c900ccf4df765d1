//! The partition of the tree: its version, its categories, and what is left of what went.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use tintero_domain::{
    Result,
    categories::{Category, Retired, Seen, Tree},
    tags::Alias,
};

use crate::{
    item::{Attributes, EntityType, Item, decode, encode, entity},
    keys::{self, Table},
    unit_of_work::{Condition, UnitOfWork},
};

/// Counts changes of the tree.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TreeVersion {
    tree: u64,
    /// Counts everything that ever went, categories and tags.
    #[serde(default)]
    retired: u64,
}

/// Nothing went since the tree was seen.
pub(crate) fn nothing_retired_since(seen: Seen) -> Condition {
    let known = AttributeValue::N(seen.went.to_string());
    if seen.went == 0 {
        let none = "attribute_not_exists(retired) OR retired = :known";
        return Condition::new(none, [(":known", known)]);
    }
    Condition::new("retired = :known", [(":known", known)])
}

impl TreeVersion {
    /// Counts a change of the tree, which must be at the version that was seen.
    pub(super) fn count_change<R>(
        change: &mut UnitOfWork<'_, R>,
        seen: Seen,
        refusal: R,
    ) -> Result<()> {
        Self::count_up(change, seen, seen.went, refusal)
    }

    /// The same where something goes.
    pub(crate) fn count_retirement<R>(
        change: &mut UnitOfWork<'_, R>,
        seen: Seen,
        refusal: R,
    ) -> Result<()> {
        Self::count_up(change, seen, seen.went + 1, refusal)
    }

    fn count_up<R>(
        change: &mut UnitOfWork<'_, R>,
        seen: Seen,
        retired: u64,
        refusal: R,
    ) -> Result<()> {
        let at_seen = Condition::new(
            "attribute_not_exists(pk) OR tree = :seen",
            [(":seen", AttributeValue::N(seen.version.to_string()))],
        );
        let version = Self {
            tree: seen.version + 1,
            retired,
        };
        let item = Item::new(keys::tree_version(), EntityType::TreeVersion, version);
        change.put_if(Table::Taxonomy, encode(item)?, at_seen, refusal)
    }
}

/// The tree out of everything in its partition.
pub(super) fn tree_of(items: Vec<Attributes>) -> Result<Tree> {
    let mut tree = Tree::default();
    for item in items {
        match entity(&item) {
            Some(EntityType::TreeVersion) => {
                let TreeVersion {
                    tree: version,
                    retired,
                } = decode::<Item<_>>(item)?.body;
                (tree.version, tree.went) = (version, retired);
            }
            Some(EntityType::RetiredCategory) => {
                tree.retired.push(decode::<Item<Retired>>(item)?.body);
            }
            Some(EntityType::RetiredTag) => tree.tags.add(decode::<Item<Alias>>(item)?.body),
            _ => tree.categories.push(decode::<Item<Category>>(item)?.body),
        }
    }
    Ok(tree)
}
