//! What the merge of two categories is after its first moment: every post of the one moves into
//! the list of the other.

use std::sync::Arc;

use async_trait::async_trait;

use super::CategoryStore;
use crate::{
    act::Action,
    clock::{Clock, Ids},
    error::{Error, Resource, Result},
    freshness::Freshness,
    operations::{ItemFailure, Lease, Operation, Step, Task, Work},
    posts::{ListedPost, Refiling},
    values::CategoryId,
};

/// Posts that one step moves.
const STEP: usize = 25;

/// Moves the posts of merged categories.
#[derive(Clone)]
pub struct Merges {
    store: Arc<dyn CategoryStore>,
    posts: Arc<dyn Refiling>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Merges {
    /// Moves posts between categories of this store.
    #[must_use]
    pub fn new(
        store: Arc<dyn CategoryStore>,
        posts: Arc<dyn Refiling>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self {
            store,
            posts,
            clock,
            ids,
        }
    }
}

#[async_trait]
impl Work for Merges {
    async fn step(&self, operation: &Operation, lease: &Lease) -> Result<Step> {
        let Task::MergeCategories { from, .. } = operation.task;
        let below = operation.position.as_deref();
        let found = self.posts.filed_under(from, below, STEP).await?;
        let Some(last) = found.last() else {
            return self.pass_ended(operation, from).await;
        };
        let position = Some(last.place.clone());
        let target = self.target(from).await?;
        let mut failures = Vec::new();
        for ListedPost { id, .. } in found {
            let act = crate::act::Act {
                step: Some(*lease),
                ..operation.act(Action::RefilePost, self.ids.as_ref(), self.clock.now())
            };
            match self.posts.refile(&act, id, from, target).await {
                Ok(()) => {}
                Err(passing @ (Error::LeaseLost | Error::Unavailable(_))) => return Err(passing),
                Err(error) => failures.push(ItemFailure {
                    post_id: id,
                    detail: error.to_string(),
                }),
            }
        }
        Ok(Step::More { position, failures })
    }
}

impl Merges {
    /// Where the posts go: what the category stands for now, which may have been merged itself.
    async fn target(&self, from: CategoryId) -> Result<CategoryId> {
        let tree = self.store.tree(Freshness::Now).await?;
        let target = tree.resolve(from);
        target.ok_or(Error::NotFound(Resource::Category))
    }

    /// The list was gone through from its newest end to its oldest. What came into it behind our
    /// back, from writers who did not know yet, is met by another pass; what failed is left.
    async fn pass_ended(&self, operation: &Operation, from: CategoryId) -> Result<Step> {
        let most = Operation::MAX_FAILURES + 1;
        let left = self.posts.filed_under(from, None, most).await?;
        if left.is_empty() {
            let act = operation.act(Action::DrainCategory, self.ids.as_ref(), self.clock.now());
            self.store.drained(&act, from).await?;
            return Ok(Step::Ended {
                failures: Vec::new(),
            });
        }
        let failed = |post: &ListedPost| {
            let mut known = operation.failures.iter();
            known.any(|failure| failure.post_id == post.id)
        };
        if left.iter().all(failed) {
            let mut failures = operation.failures.clone();
            failures.retain(|failure| left.iter().any(|post| post.id == failure.post_id));
            return Ok(Step::Ended { failures });
        }
        Ok(Step::More {
            position: None,
            failures: Vec::new(),
        })
    }
}
