//! What a post is filed under, as of now: it may name categories that are no more, and its list
//! may be several lists as long as a merge is on its way.

use std::sync::Arc;

use tintero_domain::{
    Result,
    act::Act,
    freshness::Freshness,
    page::Page,
    posts::{Commit, ListedPost, LiveCopy, Post, PublicSummary, Saved},
    values::CategoryId,
};

use super::{Posts, changes, records::PublicRow, referents};
use crate::{
    dynamo::{Consistency, Range, Stretch},
    item::{Item, decode},
    keys::{self, PublicPartition, Table},
};

impl Posts {
    /// Puts what they stand for now in the place of categories. What names none costs nothing.
    pub(super) async fn bring_up_to_date(
        &self,
        mut named: Vec<&mut Vec<CategoryId>>,
    ) -> Result<()> {
        named.retain(|ids| !ids.is_empty());
        if named.is_empty() {
            return Ok(());
        }
        let tree = self.categories.shared(Freshness::Recent).await?;
        if !tree.retired.is_empty() {
            for ids in named {
                *ids = tree.resolve_all(ids);
            }
        }
        Ok(())
    }

    /// One write of a post, based on the tree as it is known here.
    pub(super) async fn commit(
        &self,
        act: &Act,
        (before, after): (Option<&Post>, &Post),
        copies: &[LiveCopy],
        saved: Option<&Saved>,
    ) -> Result<Commit> {
        let named = &after.content.category_ids;
        let files = !named.is_empty() || !referents::lists_of(after).is_empty();
        let tree = if files {
            self.categories.shared(Freshness::Recent).await?
        } else {
            Arc::default()
        };
        let posts = (before, after);
        let commit = changes::commit(&self.dynamo, act, posts, copies, saved, &tree).await;
        if files && matches!(commit, Ok(Commit::Stale)) {
            // It may be a category that is no more; the next attempt has to know.
            self.categories.forget().await;
        }
        commit
    }

    /// The same for a page of public rows.
    pub(super) async fn rows_up_to_date(
        &self,
        mut page: Page<PublicSummary>,
    ) -> Result<Page<PublicSummary>> {
        let rows = page.items.iter_mut();
        let named = rows.map(|row| &mut row.category_ids).collect();
        self.bring_up_to_date(named).await?;
        Ok(page)
    }

    /// The same for a page of working copies.
    pub(super) async fn copies_up_to_date(&self, mut page: Page<Post>) -> Result<Page<Post>> {
        let posts = page.items.iter_mut();
        let named = posts.map(|post| &mut post.content.category_ids).collect();
        self.bring_up_to_date(named).await?;
        Ok(page)
    }

    /// Rows of one list, whatever they show and whenever, below a place in it.
    pub(super) async fn rows_of(
        &self,
        category: CategoryId,
        below: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedPost>> {
        let stretch = Stretch {
            index: None,
            pk: PublicPartition::Category(category).pk(),
            range: Range::Below(below.map_or_else(keys::end_of_list, str::to_owned)),
            limit,
            consistency: Consistency::Strong,
        };
        let rows = self.dynamo.query(Table::Posts, stretch).await?;
        let listed = |row| {
            let row = decode::<Item<PublicRow>>(row)?.body;
            Ok(ListedPost {
                id: row.post(),
                place: row.place(),
            })
        };
        rows.into_iter().map(listed).collect()
    }
}
