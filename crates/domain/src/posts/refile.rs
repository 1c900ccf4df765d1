//! Posts that change their list without a write of their authors': what they were filed under was
//! merged into something else.
//!
//! Neither version nor revision changes, so what an author has read stays good for `If-Match`. A
//! write that began before is refused by the store all the same, and is tried again by itself.

use async_trait::async_trait;

use super::{Commit, ListedPost, Live, Post, Posts, Status, life::ATTEMPTS};
use crate::{
    act::Act,
    error::{Error, Result},
    freshness::Freshness,
    values::{CategoryId, PostId},
};

/// Moves posts from one list to another.
#[async_trait]
pub trait Refiling: Send + Sync {
    /// Posts in the list of a category; see [`PostStore::filed_under`](super::PostStore::filed_under).
    async fn filed_under(
        &self,
        category: CategoryId,
        below: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedPost>>;

    /// Moves what is public, or planned to be, of a post: in one transaction, once.
    ///
    /// # Errors
    /// [`Error::LeaseLost`], [`Error::Contended`], [`Error::Unavailable`], [`Error::Corrupt`].
    async fn refile(&self, act: &Act, id: PostId, from: CategoryId, into: CategoryId)
    -> Result<()>;
}

#[async_trait]
impl Refiling for Posts {
    async fn filed_under(
        &self,
        category: CategoryId,
        below: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedPost>> {
        self.ports.store.filed_under(category, below, limit).await
    }

    async fn refile(
        &self,
        act: &Act,
        id: PostId,
        from: CategoryId,
        into: CategoryId,
    ) -> Result<()> {
        for _ in 0..ATTEMPTS {
            let found = self
                .ports
                .store
                .find_post(id, Freshness::Now, act.at)
                .await?;
            // Whoever took it out of the list meanwhile did what was to be done.
            let Some(before) = found.filter(|post| post.is_listed_under(from)) else {
                return Ok(());
            };
            let Some(mut copies) = self.ports.store.find_copies(&before).await? else {
                continue;
            };
            for copy in &mut copies {
                replace(&mut copy.summary.category_ids, from, into);
            }
            let after = before.clone().refiled(from, into);
            let act = Act {
                // Each attempt is another transaction.
                id: self.ports.ids.next(),
                ..act.clone()
            };
            match self
                .ports
                .store
                .update(&act, &before, &after, &copies)
                .await?
            {
                Commit::Done => return Ok(()),
                Commit::Stale => {}
            }
        }
        Err(Error::Contended)
    }
}

impl Post {
    /// True when a list has, or had, a row of it under this category.
    fn is_listed_under(&self, category: CategoryId) -> bool {
        let phases = self.standing.status.phases().into_iter();
        let mut all = phases.map(|phase| phase.what).chain(&self.standing.ended);
        all.any(|live| live.category_ids.contains(&category))
    }

    fn refiled(mut self, from: CategoryId, into: CategoryId) -> Self {
        let standing = &mut self.standing;
        standing.refilings += 1;
        // What is left of earlier copies is cleared away with the rows.
        standing.ended.clear();
        for live in standing.status.copies_mut() {
            replace(&mut live.category_ids, from, into);
        }
        self
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

/// Puts one category in the place of another. Where both are there, it takes the first of their
/// places, where readers saw it before.
fn replace(ids: &mut Vec<CategoryId>, from: CategoryId, into: CategoryId) {
    let is_either = |id: &CategoryId| [from, into].contains(id);
    if let Some(place) = ids.iter().position(is_either) {
        ids.retain(|id| !is_either(id));
        ids.insert(place, into);
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
            replace(&mut moved, ids(&[1])[0], ids(&[2])[0]);
            assert_eq!(moved, ids(after), "{before:?}");
        }
    }
}
