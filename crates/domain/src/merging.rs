//! What the merge of two categories, or of two tags, is after its first moment: every post of the
//! one moves into the list of the other.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

use crate::{audit::AuditAction, categories::CategoryStore, clock::{Clock, Ids}, error::{Error, Resource, Result}, freshness::Freshness, lease::Lease, operations::{ItemFailure, Operation, Step, Task, Work}, posts::{ListKey, ListedPost, Relocation, RelocationStore}, tags::TagStore, writes::WriteContext};

/// How long no post is moved after a merge. A server goes on for [`Freshness::Recent`] with what it
/// knows, and one that does not know of the merge would not look into both lists.
pub(crate) const GRACE_PERIOD: Duration = Duration::from_secs(10);

/// Posts that one step moves.
const STEP: usize = 25;

/// Where what is merged is kept.
#[derive(Clone)]
pub struct Stores {
    /// Keeps categories.
    pub categories: Arc<dyn CategoryStore>,
    /// Keeps what is left of tags.
    pub tags: Arc<dyn TagStore>,
    /// Moves posts.
    pub posts: Arc<dyn RelocationStore>,
}

/// Moves the posts of merged categories and tags.
#[derive(Clone)]
pub struct Merges {
    stores: Stores,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Merges {
    /// Moves posts between what these stores keep.
    #[must_use]
    pub fn new(stores: Stores, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { stores, clock, ids }
    }
}

#[async_trait]
impl Work for Merges {
    async fn step(&self, operation: &Operation, lease: &Lease) -> Result<Step> {
        let (from, below) = (operation.task.leaves(), operation.position.as_deref());
        let found = self.stores.posts.filed_under(&from, below, STEP).await?;
        let Some(last) = found.last() else {
            return self.pass_ended(operation, &from).await;
        };
        let Some(to) = self.way(from).await? else {
            return Ok(Step::Ended {
                failures: Vec::new(),
            });
        };
        let position = Some(last.place.clone());
        let mut failures = Vec::new();
        for ListedPost { id, .. } in found {
            let context = WriteContext {
                step: Some(*lease),
                ..self.context(operation, AuditAction::RelocatePost)
            };
            match self.stores.posts.relocate(&context, id, &to).await {
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
    /// Where the posts of a list go: to what stands now for what went, which may have been merged
    /// itself. Nowhere when a tag is there again: its list was empty before.
    async fn way(&self, from: ListKey) -> Result<Option<Relocation>> {
        match from {
            ListKey::Category(from) => {
                let tree = self.stores.categories.tree(Freshness::Now).await?;
                let into = tree.resolve(from);
                let into = into.ok_or(Error::NotFound(Resource::Category))?;
                Ok(Some(Relocation::Category { from, into }))
            }
            ListKey::Tag(from) => {
                let (aliases, _) = self.stores.tags.aliases(Freshness::Now).await?;
                let into = aliases.get(&from.folded()).map(|_| aliases.resolve(&from));
                Ok(into.map(|into| Relocation::Tag { from, into }))
            }
        }
    }

    /// The list was gone through from its newest end to its oldest. What came into it behind our
    /// back, from writers who did not know yet, is met by another pass; what failed is left.
    async fn pass_ended(&self, operation: &Operation, from: &ListKey) -> Result<Step> {
        let most = Operation::MAX_FAILURES + 1;
        let left = self.stores.posts.filed_under(from, None, most).await?;
        if left.is_empty() {
            self.drained(operation, from).await?;
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

    async fn drained(&self, operation: &Operation, from: &ListKey) -> Result<()> {
        match from {
            ListKey::Category(id) => {
                let context = self.context(operation, AuditAction::DrainCategory);
                self.stores.categories.drained(&context, *id).await
            }
            ListKey::Tag(tag) => {
                let context = self.context(operation, AuditAction::DrainTag);
                self.stores.tags.drained(&context, tag).await
            }
        }
    }

    fn context(&self, operation: &Operation, action: AuditAction) -> WriteContext {
        operation.context(action, self.ids.as_ref(), self.clock.now())
    }
}

impl Task {
    /// The list that posts leave.
    fn leaves(&self) -> ListKey {
        match self {
            Self::MergeCategories { from, .. } => ListKey::Category(*from),
            Self::MergeTags { from, .. } => ListKey::Tag(from.clone()),
        }
    }
}
