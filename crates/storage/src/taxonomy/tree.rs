//! The partition of the tree: its version, its categories, and all tombstones.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use tintero_domain::{
    Result,
    taxonomy::{Tree, TreeVersion},
};

use super::TreeRefusal;
use crate::{
    item::{Attributes, EntityType, Item, decode_body, encode, entity},
    keys::{self, Table},
    unit_of_work::{Condition, UnitOfWork},
};

/// Query limit, above the maximum number of items in the partition.
pub(super) const MAX_ITEMS: usize = 100_000;

/// The version item of the tree.
#[derive(Debug, Serialize, Deserialize)]
struct TreeVersionRecord {
    #[serde(rename = "tree")]
    changes: u64,
    #[serde(rename = "retired", default)]
    retired_count: u64,
}

/// The condition that no category, tag or byline was retired since this version.
pub(crate) fn no_retirement_since(version: TreeVersion) -> Condition {
    let known = AttributeValue::N(version.retired_count.to_string());
    let expression = if version.retired_count == 0 {
        "attribute_not_exists(retired) OR retired = :known"
    } else {
        "retired = :known"
    };
    Condition::new(expression, [(":known", known)])
}

/// Increments the version of the tree, and the number of retirements by `retired`. Requires the
/// version that was read.
pub(super) fn increment_version(
    change: &mut UnitOfWork<'_, TreeRefusal>,
    read: TreeVersion,
    retired: u64,
) -> Result<()> {
    let unchanged = Condition::new(
        "attribute_not_exists(pk) OR tree = :seen",
        [(":seen", AttributeValue::N(read.changes.to_string()))],
    );
    let version = TreeVersionRecord {
        changes: read.changes + 1,
        retired_count: read.retired_count + retired,
    };
    let item = encode(Item::new(
        keys::tree_version(),
        EntityType::TreeVersion,
        version,
    ))?;
    change.put_if(Table::Taxonomy, item, unchanged, TreeRefusal::Conflict)
}

/// Converts the items of the partition.
pub(super) fn parse(items: Vec<Attributes>) -> Result<Tree> {
    let mut tree = Tree::default();
    for item in items {
        match entity(&item) {
            Some(EntityType::TreeVersion) => {
                let record = decode_body::<TreeVersionRecord>(item)?;
                tree.version = TreeVersion {
                    changes: record.changes,
                    retired_count: record.retired_count,
                };
            }
            Some(EntityType::CategoryTombstone) => {
                tree.tombstones.push(decode_body(item)?);
            }
            Some(EntityType::TagTombstone) => tree.tags.insert(decode_body(item)?),
            Some(EntityType::BylineTombstone) => tree.bylines.push(decode_body(item)?),
            _ => tree.categories.push(decode_body(item)?),
        }
    }
    Ok(tree)
}
