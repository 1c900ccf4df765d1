//! Posts that change their list without a write of their authors': what they were filed under was
//! merged into something else.
//!
//! Neither version nor revision changes, so what an author has read stays good for `If-Match`. A
//! write that began before is refused by the store all the same, and is tried again by itself.

use async_trait::async_trait;

use super::{life::ATTEMPTS, ListedPost, Live, Post, Posts, Status};
use crate::{error::{Error, Result}, freshness::Freshness, values::{CategoryId, PostId, Tag}, writes::{WriteContext, WriteOutcome}};

/// A list of posts out of which they can move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListKey {
    /// Those filed directly under a category.
    Category(CategoryId),
    /// Those with a tag, in any letter case.
    Tag(Tag),
}

/// From which list posts move into which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relocation {
    /// From one category to another.
    Category {
        /// Out of this one.
        from: CategoryId,
        /// Into that one.
        into: CategoryId,
    },
    /// From one tag to another.
    Tag {
        /// Out of this one.
        from: Tag,
        /// Into that one, in this spelling.
        into: Tag,
    },
}

/// Moves posts from one list to another.
#[async_trait]
pub trait RelocationStore: Send + Sync {
    /// Posts in a list; see [`PostStore::filed_under`](super::PostStore::filed_under).
    async fn filed_under(
        &self,
        list: &ListKey,
        below: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedPost>>;

    /// Moves what is public, or planned to be, of a post: in one transaction, once.
    ///
    /// # Errors
    /// [`Error::LeaseLost`], [`Error::Contended`], [`Error::Unavailable`], [`Error::Corrupt`].
    async fn relocate(&self, context: &WriteContext, id: PostId, to: &Relocation) -> Result<()>;
}

#[async_trait]
impl RelocationStore for Posts {
    async fn filed_under(
        &self,
        list: &ListKey,
        below: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedPost>> {
        self.ports.store.filed_under(list, below, limit).await
    }

    async fn relocate(&self, context: &WriteContext, id: PostId, to: &Relocation) -> Result<()> {
        for _ in 0..ATTEMPTS {
            let found = self
                .ports
                .store
                .find_post(id, Freshness::Now, context.at)
                .await?;
            // Whoever took it out of the list meanwhile did what was to be done.
            let Some(before) = found.filter(|post| post.is_listed_under(&to.from())) else {
                return Ok(());
            };
            let Some(mut copies) = self.ports.store.find_copies(&before).await? else {
                continue;
            };
            for copy in &mut copies {
                let summary = &mut copy.summary;
                to.apply(&mut summary.category_ids, &mut summary.tags);
            }
            let after = before.clone().refiled(to);
            let context = WriteContext {
                // Each attempt is another transaction.
                id: self.ports.ids.next(),
                ..context.clone()
            };
            match self
                .ports
                .store
                .update(&context, &before, &after, &copies)
                .await?
            {
                WriteOutcome::Applied => return Ok(()),
                WriteOutcome::Conflict => {}
            }
        }
        Err(Error::Contended)
    }
}

impl Post {
    /// True when a list has, or had, a row of it.
    fn is_listed_under(&self, list: &ListKey) -> bool {
        let phases = self.state.status.phases().into_iter();
        let mut all = phases.map(|phase| phase.what).chain(&self.state.ended);
        all.any(|live| list.holds(live))
    }

    fn refiled(mut self, to: &Relocation) -> Self {
        let state = &mut self.state;
        state.relocations += 1;
        // What is left of earlier copies is cleared away with the rows.
        state.ended.clear();
        for live in state.status.copies_mut() {
            to.apply(&mut live.category_ids, &mut live.tags);
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
        }
    }
}

impl Relocation {
    /// The list that posts leave.
    #[must_use]
    pub fn from(&self) -> ListKey {
        match self {
            Self::Category { from, .. } => ListKey::Category(*from),
            Self::Tag { from, .. } => ListKey::Tag(from.clone()),
        }
    }

    fn apply(&self, categories: &mut Vec<CategoryId>, tags: &mut Vec<Tag>) {
        match self {
            Self::Category { from, into } => replace(categories, from, into, PartialEq::eq),
            Self::Tag { from, into } => {
                let same = |one: &Tag, other: &Tag| one.folded() == other.folded();
                replace(tags, from, into, same);
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

/// Puts one thing in the place of another. Where both are there, the one that stays takes the first
/// of their places, where readers saw it before.
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
    fn categories_keep_the_order_in_which_readers_saw_them_before_the_post_was_moved() {
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
            let mut moved = ids(before);
            replace(&mut moved, &ids(&[1])[0], &ids(&[2])[0], PartialEq::eq);
            assert_eq!(moved, ids(after), "{before:?}");
        }
    }
}
