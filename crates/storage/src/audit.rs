//! Reads audit records by resource, by user, or by time.

use std::cmp::Reverse;

use async_trait::async_trait;
use serde::Deserialize;
use tintero_domain::{
    Error, Result,
    audit::{AuditQuery, AuditRecord, AuditStore, AuditedKind, AuditedResource},
    audit_action::AuditAction,
    clock::MAX_SKEW,
    error::BoxError,
    page::{Page, PageRequest},
    values::{ApiKeyId, Note, Revision, Timestamp, UserId, Version},
};

use crate::{
    cursor::CursorKeys,
    dynamo::{Consistency, Dynamo, KeyRange, RangeQuery},
    item::{Attributes, Item, decode},
    keys::{self, Table, indexes},
    paging::ListPartition,
};

/// Rows that a page reads of each partition if a filter may reject them.
const FILTERED_ROWS: usize = 128;

/// Reads audit records from DynamoDB.
#[derive(Debug, Clone)]
pub struct DynamoAuditStore {
    dynamo: Dynamo,
    cursors: CursorKeys,
}

/// The attributes of an audit record.
#[derive(Debug, Deserialize)]
struct StoredRecord {
    action: AuditAction,
    at: Timestamp,
    actor: Option<UserId>,
    key: Option<ApiKeyId>,
    request_id: String,
    version: Option<Version>,
    revision: Option<Revision>,
    #[serde(default)]
    note: Option<Note>,
}

/// The sort keys to read, in descending order.
struct Range {
    below: String,
    /// Included.
    bottom: Option<String>,
}

impl DynamoAuditStore {
    /// A store that signs the cursors of its list with `cursors`.
    #[must_use]
    pub fn new(dynamo: Dynamo, cursors: CursorKeys) -> Self {
        Self { dynamo, cursors }
    }

    /// Returns the newest records of a partition in the range, with their sort keys.
    async fn newest(
        &self,
        partition: ListPartition,
        range: &Range,
        limit: usize,
    ) -> Result<Vec<(String, AuditRecord)>> {
        let below = range.below.clone();
        let query = RangeQuery {
            index: partition.index,
            pk: partition.pk,
            range: match &range.bottom {
                Some(bottom) if *bottom >= below => return Ok(Vec::new()),
                Some(bottom) => KeyRange::Between([bottom.clone(), below.clone()]),
                None => KeyRange::Below(below.clone()),
            },
            limit,
            consistency: Consistency::Eventual,
        };
        let found = self.dynamo.query(Table::Audit, query).await?;
        let rows = found.into_iter().map(record);
        // A range with two ends includes the upper one.
        let is_below = |row: &Result<(String, AuditRecord)>| {
            row.as_ref().map_or(true, |(sort_key, _)| *sort_key < below)
        };
        rows.filter(is_below).collect()
    }
}

#[async_trait]
impl AuditStore for DynamoAuditStore {
    async fn list(
        &self,
        query: &AuditQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<AuditRecord>> {
        let name = keys::query("audit", &format!("{query:?}"));
        let cursor = page.cursor.as_ref();
        let cursor = cursor.map(|cursor| self.cursors.open(&name, cursor, now));
        let range = range(query, cursor.transpose()?);
        let limit = page.limit.get();
        // Ranges with two ends can contain the upper one in addition.
        let wanted = if query.is_selective() {
            FILTERED_ROWS
        } else {
            limit
        } + 2;
        let mut rows = Vec::new();
        // Rows below this sort key may be missing, because a partition has more of them.
        let mut horizon: Option<String> = None;
        for partition in partitions(query) {
            let found = self.newest(partition, &range, wanted).await?;
            if found.len() + 1 >= wanted {
                let last = found.last().map(|(sort_key, _)| sort_key.clone());
                horizon = horizon.max(last);
            }
            rows.extend(found);
        }
        rows.sort_unstable_by_key(|(sort_key, _)| Reverse(sort_key.clone()));
        rows.retain(|(sort_key, record)| {
            horizon.as_ref().is_none_or(|horizon| sort_key >= horizon) && query.matches(record)
        });
        let last = match rows.get(limit) {
            Some(_) => rows.get(limit - 1).map(|(sort_key, _)| sort_key.clone()),
            None => horizon,
        };
        rows.truncate(limit);
        Ok(Page {
            items: rows.into_iter().map(|(_, record)| record).collect(),
            next: last.map(|last| self.cursors.seal(&name, &last, now)),
        })
    }
}

/// The sort keys to read. The clock of a server and the ids of its writes can differ by [`MAX_SKEW`].
fn range(query: &AuditQuery, cursor: Option<String>) -> Range {
    let filter = &query.filter;
    let end = keys::end_of_audit();
    let until = filter
        .until
        .map(|until| keys::audit_from(until.after(MAX_SKEW)));
    let top = until.unwrap_or(end);
    let bottom = filter.from.map(|from| {
        let skew = i64::try_from(MAX_SKEW.as_millis()).unwrap_or_default();
        keys::audit_from(Timestamp::from_millis(from.as_millis() - skew))
    });
    Range {
        below: cursor.map_or(top.clone(), |cursor| cursor.min(top)),
        bottom,
    }
}

/// The partitions that contain all matching records.
fn partitions(query: &AuditQuery) -> Vec<ListPartition> {
    let filter = &query.filter;
    if let (Some(kind), Some(id)) = (filter.kind, &filter.resource_id) {
        return vec![ListPartition {
            index: None,
            pk: keys::audited(kind.as_str(), id),
        }];
    }
    if let Some(actor) = query.actor() {
        return vec![ListPartition {
            index: Some(indexes::BY_ACTOR),
            pk: actor.to_string(),
        }];
    }
    let shard = |pk| ListPartition {
        index: Some(indexes::BY_SHARD),
        pk,
    };
    keys::audit_shards().map(shard).collect()
}

/// Decodes a record and its sort key.
fn record(item: Attributes) -> Result<(String, AuditRecord)> {
    let item: Item<StoredRecord> = decode(item)?;
    let corrupt = |source: BoxError| Error::Corrupt {
        what: format!("audit record {} / {}", item.pk, item.sk),
        source,
    };
    let id = item
        .sk
        .parse()
        .map_err(|error| corrupt(Box::<uuid::Error>::new(error)))?;
    let named = keys::parse_audited(&item.pk).and_then(|(name, id)| {
        let kind = AuditedKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == name)?;
        Some((kind, id.map(str::to_owned)))
    });
    let (kind, resource_id) = named.ok_or_else(|| corrupt("its resource is unknown".into()))?;
    let StoredRecord {
        action,
        at,
        actor,
        key,
        request_id,
        version,
        revision,
        note,
    } = item.body;
    let record = AuditRecord {
        id,
        at,
        action,
        actor,
        key,
        resource: AuditedResource {
            kind,
            id: resource_id,
        },
        version,
        revision,
        note,
        request_id,
    };
    Ok((item.sk, record))
}
