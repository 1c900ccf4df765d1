//! What a post is filed under, as of now: it may name categories that are no more, and its list
//! may be several lists as long as a merge is on its way.

use std::sync::Arc;

use tintero_domain::{
    Result,
    act::Act,
    categories::Tree,
    freshness::Freshness,
    page::Page,
    posts::{Commit, Content, Filing, ListedPost, LiveCopy, Post, PublicSummary, Saved},
    values::{CategoryId, Tag},
};

use super::{Posts, changes, records::PublicRow, referents};
use crate::{
    dynamo::{Consistency, Range, Stretch},
    item::{Item, decode},
    keys::{self, PublicPartition, Table},
};

/// What a post, or a copy of it, says that it is filed under.
pub(super) struct Named<'a> {
    categories: &'a mut Vec<CategoryId>,
    tags: &'a mut Vec<Tag>,
}

impl<'a> From<&'a mut Content> for Named<'a> {
    fn from(content: &'a mut Content) -> Self {
        Self {
            categories: &mut content.category_ids,
            tags: &mut content.tags,
        }
    }
}

impl<'a> From<&'a mut PublicSummary> for Named<'a> {
    fn from(summary: &'a mut PublicSummary) -> Self {
        Self {
            categories: &mut summary.category_ids,
            tags: &mut summary.tags,
        }
    }
}

impl Named<'_> {
    fn is_something(&self) -> bool {
        !self.categories.is_empty() || !self.tags.is_empty()
    }

    /// Puts what stands for them now in the place of what went.
    pub(super) fn bring_up_to_date(self, tree: &Tree) {
        *self.categories = tree.resolve_all(self.categories);
        tree.tags.bring_up_to_date(self.tags);
    }
}

impl Posts {
    /// Puts what stands for them now in the place of what went. What names nothing costs nothing.
    pub(super) async fn bring_up_to_date<'a, N: Into<Named<'a>>>(
        &self,
        named: Vec<N>,
    ) -> Result<()> {
        let named = named.into_iter().map(Into::into);
        let named: Vec<Named<'a>> = named.filter(Named::is_something).collect();
        if named.is_empty() {
            return Ok(());
        }
        let tree = self.categories.shared(Freshness::Recent).await?;
        if !tree.is_plain() {
            for named in named {
                named.bring_up_to_date(&tree);
            }
        }
        Ok(())
    }

    /// The same for what a writer names: a category that was deleted stays named, for them to be
    /// told so.
    pub(super) async fn bring_written_up_to_date(&self, content: &mut Content) -> Result<()> {
        if content.category_ids.is_empty() && content.tags.is_empty() {
            return Ok(());
        }
        let tree = self.categories.shared(Freshness::Recent).await?;
        let mut present: Vec<CategoryId> = Vec::with_capacity(content.category_ids.len());
        for id in &content.category_ids {
            let id = tree.resolve(*id).unwrap_or(*id);
            if !present.contains(&id) {
                present.push(id);
            }
        }
        content.category_ids = present;
        tree.tags.bring_up_to_date(&mut content.tags);
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
        let files = referents::is_filed(after);
        let tree = if files {
            self.categories.shared(Freshness::Recent).await?
        } else {
            Arc::default()
        };
        let posts = (before, after);
        let commit = changes::commit(&self.dynamo, act, posts, copies, saved, &tree).await;
        if files && matches!(commit, Ok(Commit::Stale)) {
            // It may be a category or a tag that is no more; the next attempt has to know.
            self.categories.forget().await;
        }
        commit
    }

    /// The same for a page of public rows.
    pub(super) async fn rows_up_to_date(
        &self,
        mut page: Page<PublicSummary>,
    ) -> Result<Page<PublicSummary>> {
        self.bring_up_to_date(page.items.iter_mut().collect())
            .await?;
        Ok(page)
    }

    /// The same for a page of working copies.
    pub(super) async fn copies_up_to_date(&self, mut page: Page<Post>) -> Result<Page<Post>> {
        let posts = page.items.iter_mut();
        self.bring_up_to_date(posts.map(|post| &mut post.content).collect())
            .await?;
        Ok(page)
    }

    /// Rows of one list, whatever they show and whenever, below a place in it.
    pub(super) async fn rows_of(
        &self,
        list: &Filing,
        below: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedPost>> {
        let stretch = Stretch {
            index: None,
            pk: PublicPartition::from(list).pk(),
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
