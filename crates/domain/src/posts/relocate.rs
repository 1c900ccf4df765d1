//! Relocation of one post from the list of a retired category, tag or byline to the list of its replacement.
//!
//! A relocation changes neither version nor revision, so the entity tag that an author has read
//! stays valid. The store rejects a concurrent write that read the post before the relocation; the
//! use case retries it.

use async_trait::async_trait;

use super::{ListedPost, Live, Post, Posts, Status};
use crate::{
    error::Result,
    freshness::Freshness,
    retry::retry_on_conflict,
    values::{BylineId, CategoryId, PostId, Tag},
    writes::{WriteContext, WriteOutcome},
};

/// A list of posts that can be relocated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListKey {
    /// Posts directly in a category.
    Category(CategoryId),
    /// Posts with a tag, in any letter case.
    Tag(Tag),
    /// Posts with a byline.
    Byline(BylineId),
}

/// The source and the target of a relocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relocation {
    /// Between categories.
    Category {
        /// The retired category.
        from: CategoryId,
        /// The replacement.
        into: CategoryId,
    },
    /// Between tags.
    Tag {
        /// The retired tag.
        from: Tag,
        /// The replacement, in the spelling that posts get.
        into: Tag,
    },
    /// Between bylines.
    Byline {
        /// The retired byline.
        from: BylineId,
        /// The replacement.
        into: BylineId,
    },
}

/// The lists of a copy of a post.
struct CopyLists<'a> {
    categories: &'a mut Vec<CategoryId>,
    tags: &'a mut Vec<Tag>,
    bylines: &'a mut Vec<BylineId>,
}

/// Relocates posts.
#[async_trait]
pub trait RelocationStore: Send + Sync {
    /// Returns posts of a list; see [`PostStore::list_entries`](super::PostStore::list_entries).
    async fn list_entries(
        &self,
        list: &ListKey,
        below: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedPost>>;

    /// Relocates the published and scheduled copies of a post in one transaction. Does nothing if
    /// the post is not in the source list.
    ///
    /// # Errors
    /// [`LeaseLost`](crate::Error::LeaseLost), [`Contended`](crate::Error::Contended),
    /// [`Unavailable`](crate::Error::Unavailable), [`Corrupt`](crate::Error::Corrupt).
    async fn relocate(&self, context: &WriteContext, id: PostId, to: &Relocation) -> Result<()>;
}

#[async_trait]
impl RelocationStore for Posts {
    async fn list_entries(
        &self,
        list: &ListKey,
        below: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedPost>> {
        self.ports.store.list_entries(list, below, limit).await
    }

    async fn relocate(&self, context: &WriteContext, id: PostId, to: &Relocation) -> Result<()> {
        let store = &self.ports.store;
        retry_on_conflict(|| async {
            let found = store.find_post(id, Freshness::Now, context.at).await?;
            let Some(before) = found.filter(|post| post.is_listed_under(&to.from())) else {
                return Ok(Some(()));
            };
            let Some(mut copies) = store.find_live_copies(&before).await? else {
                return Ok(None);
            };
            for copy in &mut copies {
                let summary = &mut copy.summary;
                to.apply(&mut CopyLists {
                    categories: &mut summary.category_ids,
                    tags: &mut summary.tags,
                    bylines: &mut summary.byline_ids,
                });
            }
            let after = before.clone().relocated(to);
            let context = WriteContext {
                // Each attempt is a new transaction.
                id: self.ports.ids.next(),
                ..context.clone()
            };
            let updated = store.update(&context, &before, &after, &copies);
            Ok(match updated.await? {
                WriteOutcome::Applied => Some(()),
                WriteOutcome::Conflict => None,
            })
        })
        .await
    }
}

impl Post {
    /// Whether the list has a current or obsolete row of the post.
    fn is_listed_under(&self, list: &ListKey) -> bool {
        let phases = self.state.status.phases().into_iter();
        let mut all = phases.map(|phase| phase.value).chain(&self.state.ended);
        all.any(|live| list.holds(live))
    }

    fn relocated(mut self, to: &Relocation) -> Self {
        let state = &mut self.state;
        state.relocations += 1;
        // The update removes the rows of ended copies.
        state.ended.clear();
        for live in state.status.copies_mut() {
            to.apply(&mut CopyLists {
                categories: &mut live.category_ids,
                tags: &mut live.tags,
                bylines: &mut live.byline_ids,
            });
        }
        self
    }
}

impl ListKey {
    fn holds(&self, live: &Live) -> bool {
        match self {
            Self::Category(id) => live.category_ids.contains(id),
            Self::Tag(tag) => {
                let folded = tag.folded();
                live.tags.iter().any(|own| own.folded() == folded)
            }
            Self::Byline(id) => live.byline_ids.contains(id),
        }
    }
}

impl Relocation {
    /// Returns the source.
    #[must_use]
    pub fn from(&self) -> ListKey {
        match self {
            Self::Category { from, .. } => ListKey::Category(*from),
            Self::Tag { from, .. } => ListKey::Tag(from.clone()),
            Self::Byline { from, .. } => ListKey::Byline(*from),
        }
    }

    fn apply(&self, lists: &mut CopyLists<'_>) {
        match self {
            Self::Category { from, into } => replace(lists.categories, from, into, PartialEq::eq),
            Self::Byline { from, into } => replace(lists.bylines, from, into, PartialEq::eq),
            Self::Tag { from, into } => {
                let same = |one: &Tag, other: &Tag| one.folded() == other.folded();
                replace(lists.tags, from, into, same);
            }
        }
    }
}

impl Status {
    fn copies_mut(&mut self) -> impl Iterator<Item = &mut Live> {
        let (first, next) = match self {
            Self::Draft | Self::Trashed => (None, None),
            Self::Scheduled { live, .. } | Self::Archived { live } => (Some(live), None),
            Self::Published { live, next, .. } => (Some(live), next.as_mut()),
        };
        first.into_iter().chain(next)
    }
}

/// Replaces `from` by `into`. If both are present, keeps `into` at the first of the two positions,
/// where readers saw the category or tag before the relocation.
fn replace<T: Clone>(all: &mut Vec<T>, from: &T, into: &T, same: impl Fn(&T, &T) -> bool) {
    let is_either = |one: &T| same(one, from) || same(one, into);
    let known = all.iter().find(|one| same(one, into)).cloned();
    if let Some(place) = all.iter().position(is_either) {
        all.retain(|one| !is_either(one));
        all.insert(place, known.unwrap_or_else(|| into.clone()));
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn relocation_keeps_the_visible_order_of_categories() {
        let ids = |ids: &[u128]| -> Vec<_> {
            let ids = ids.iter().map(|n| CategoryId::new(Uuid::from_u128(*n)));
            ids.collect()
        };
        for (before, after) in [
            (&[1, 5, 2][..], &[2, 5][..]),
            (&[2, 5, 1], &[2, 5]),
            (&[5, 1], &[5, 2]),
            (&[1], &[2]),
        ] {
            let mut relocated = ids(before);
            replace(&mut relocated, &ids(&[1])[0], &ids(&[2])[0], PartialEq::eq);
            assert_eq!(relocated, ids(after), "{before:?}");
        }
    }
}
