//! The names that links of public copies use, and how far the background work has followed their changes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use tintero_domain::{
    Result,
    freshness::Freshness,
    posts::{ChangePosition, LinkName, LinkProgress},
    values::{PostId, Timestamp},
};

use crate::{
    dynamo::{Consistency, Dynamo, KeyRange, RangeQuery},
    item::{EntityType, Item, decode_body, encode, key_of},
    keys::{self, Table},
    posts::{
        HolderRecord,
        items::{PublicChangeRecord, holder},
    },
};

/// Records that the public copies of a post may use these names.
pub(super) async fn add(dynamo: &Dynamo, id: PostId, names: &BTreeSet<LinkName>) -> Result<()> {
    let item = |name| encode(holder(keys::link_use(name, id), EntityType::LinkUse, id));
    let items = names.iter().map(item).collect::<Result<_>>()?;
    dynamo.put_many(Table::Posts, items).await
}

/// Returns posts whose public copies may use a name, in the order of their ids.
pub(super) async fn linking(
    dynamo: &Dynamo,
    name: &LinkName,
    after: Option<PostId>,
    limit: usize,
) -> Result<Vec<PostId>> {
    let (pk, ends) = keys::link_uses_after(name, after);
    let query = RangeQuery::first(pk, KeyRange::Ascending(ends), limit);
    let uses = dynamo.query(Table::Posts, query).await?.into_iter();
    let post = |item| decode_body::<HolderRecord>(item).map(|holder| holder.post_id);
    uses.map(post).collect()
}

/// Finds the posts that claim these names.
pub(super) async fn linked(
    dynamo: &Dynamo,
    names: &BTreeSet<LinkName>,
    freshness: Freshness,
) -> Result<BTreeMap<LinkName, PostId>> {
    let by_key: HashMap<_, _> = names
        .iter()
        .map(|name| (keys::linked(name), name))
        .collect();
    let keys = by_key.keys().cloned().collect();
    let claims = dynamo.get_many(Table::Posts, keys, Consistency::from(freshness));
    let mut linked = BTreeMap::new();
    for item in claims.await? {
        let name = key_of(&item).and_then(|key| by_key.get(&key).copied());
        // A redirect has a path without a post.
        let is_of_post = item.contains_key("post_id");
        if let Some(name) = name.filter(|_| is_of_post) {
            let holder: HolderRecord = decode_body(item)?;
            linked.insert(name.clone(), holder.post_id);
        }
    }
    Ok(linked)
}

/// Returns the changes of the public side after a position, the oldest first.
pub(super) async fn changed(
    dynamo: &Dynamo,
    from: &ChangePosition,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<(Timestamp, PostId)>> {
    let (pk, ends) = keys::public_changes_after(from.at, from.after, now);
    if ends[0] > ends[1] {
        return Ok(Vec::new());
    }
    let query = RangeQuery {
        consistency: Consistency::Strong,
        ..RangeQuery::first(pk, KeyRange::Ascending(ends), limit)
    };
    let changes = dynamo.query(Table::Site, query).await?.into_iter();
    changes
        .map(|item| decode_body::<PublicChangeRecord>(item).map(|change| change.position()))
        .collect()
}

#[derive(Serialize, Deserialize)]
struct ProgressRecord {
    progress: LinkProgress,
}

pub(super) async fn progress(dynamo: &Dynamo) -> Result<Option<LinkProgress>> {
    let key = keys::link_progress();
    let found = dynamo.find(Table::Site, key, Consistency::Strong).await?;
    Ok(found.map(|record: ProgressRecord| record.progress))
}

pub(super) async fn put_progress(dynamo: &Dynamo, progress: &LinkProgress) -> Result<()> {
    let record = ProgressRecord {
        progress: progress.clone(),
    };
    let item = Item::new(keys::link_progress(), EntityType::LinkProgress, record);
    dynamo.put(Table::Site, encode(item)?).await
}
