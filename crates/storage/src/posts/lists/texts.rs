//! Lists of published posts with their texts, which are stored in the claims on their addresses.

use std::collections::{BTreeSet, HashMap};

use tintero_domain::{
    Result,
    page::{Page, PageRequest},
    posts::{Claim, LiveCopy, PublicQuery, PublicSummary},
    values::Timestamp,
};

use super::public_name;
use crate::{
    dynamo::Consistency,
    item::{Attributes, key_of},
    keys::{self, ItemKey, Table},
    posts::{DynamoPostStore, items::open_claim},
};

/// The live copies of the first rows of a list.
pub(super) struct ReadCopies {
    pub(super) copies: Vec<LiveCopy>,
    /// The number of rows that were read. The texts of further ones would exceed the limit of a page.
    pub(super) rows: usize,
}

impl DynamoPostStore {
    /// Lists published posts with their texts.
    pub(in crate::posts) async fn public_copies(
        &self,
        query: &PublicQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<LiveCopy>> {
        let filter = self.resolve_filter(&query.facets, now).await?;
        let found = self.public_rows(query, &filter, now, page).await?;
        let ReadCopies { copies, rows } = self.copies_of(&found.items, now).await?;
        let next = if rows < found.items.len() {
            let last = &found.items[rows - 1];
            let sort_key = keys::moment(last.published_at, last.id);
            let name = public_name(query, &filter);
            Some(self.cursors.seal(&name, &sort_key, now))
        } else {
            found.next
        };
        let items = copies;
        Ok(Page { items, next })
    }

    /// Reads the live copies of rows in their order, until the texts exceed the limit of a page. Omits a row
    /// whose post was written since and is not public at the same address.
    pub(super) async fn copies_of(
        &self,
        rows: &[PublicSummary],
        now: Timestamp,
    ) -> Result<ReadCopies> {
        let mut claims = self.claims_of(rows).await?;
        let (mut copies, mut bytes) = (Vec::new(), 0);
        for (nth, row) in rows.iter().enumerate() {
            let Some(item) = claims.remove(&keys::claim(&row.address)) else {
                continue;
            };
            let claim = open_claim(&self.dynamo, item, now).await?;
            let Claim::Live { copy, .. } = claim else {
                continue;
            };
            if copy.summary.id != row.id || copy.archived {
                continue;
            }
            bytes += copy.text_bytes();
            if bytes > LiveCopy::MAX_PAGE_BYTES && !copies.is_empty() {
                return Ok(ReadCopies { copies, rows: nth });
            }
            copies.push(*copy);
        }
        let rows = rows.len();
        Ok(ReadCopies { copies, rows })
    }

    async fn claims_of(&self, rows: &[PublicSummary]) -> Result<HashMap<ItemKey, Attributes>> {
        let claims: BTreeSet<_> = rows.iter().map(|row| keys::claim(&row.address)).collect();
        let claims = claims.into_iter().collect();
        let read = self
            .dynamo
            .get_many(Table::Posts, claims, Consistency::Eventual);
        let found = read.await?.into_iter();
        Ok(found
            .filter_map(|item| Some((key_of(&item)?, item)))
            .collect())
    }
}
