//! Worker of the operations that reassign the posts of a deleted user.

use std::sync::Arc;

use async_trait::async_trait;

use super::UserStore;
use crate::{
    audit_action::AuditAction,
    clock::{Clock, Ids},
    error::{Error, Result},
    lease::Lease,
    operations::{ItemFailure, Operation, OperationProgress, OperationWorker, Task},
    posts::OwnershipStore,
    values::UserId,
    writes::WriteContext,
};

/// Number of posts per step.
const BATCH_SIZE: usize = 25;

/// Reassigns posts, then removes the user.
#[derive(Clone)]
pub struct ReassignmentWorker {
    users: Arc<dyn UserStore>,
    posts: Arc<dyn OwnershipStore>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl ReassignmentWorker {
    /// Creates a worker on these stores.
    #[must_use]
    pub fn new(
        users: Arc<dyn UserStore>,
        posts: Arc<dyn OwnershipStore>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self {
            users,
            posts,
            clock,
            ids,
        }
    }

    async fn reassign(
        &self,
        operation: &Operation,
        lease: &Lease,
        (from, into): (UserId, UserId),
    ) -> Result<OperationProgress> {
        let known = operation.failures.len();
        let posts = self.posts.owned_posts(from, BATCH_SIZE + known).await?;
        let has_failed = |id| operation.failures.iter().any(|failure| failure.item == id);
        let left: Vec<_> = posts
            .into_iter()
            .filter(|id| !has_failed(id.uuid()))
            .collect();
        if left.is_empty() {
            return self.complete(operation, from).await;
        }
        let mut failures = Vec::new();
        for id in left {
            let context = WriteContext {
                step: Some(*lease),
                ..self.context(operation, AuditAction::ReassignPost)
            };
            match self.posts.reassign(&context, id, from, into).await {
                Ok(()) => {}
                Err(
                    transient @ (Error::LeaseLost | Error::Unavailable(_) | Error::StorageFull(_)),
                ) => return Err(transient),
                Err(error) => failures.push(ItemFailure {
                    item: id.uuid(),
                    detail: error.to_string(),
                }),
            }
        }
        Ok(OperationProgress::Continue {
            position: None,
            failures,
        })
    }

    /// Removes the user, unless a post still belongs to them.
    async fn complete(&self, operation: &Operation, user: UserId) -> Result<OperationProgress> {
        if operation.failures.is_empty() {
            let context = self.context(operation, AuditAction::DeleteUser);
            self.users.remove(&context, user).await?;
        }
        Ok(OperationProgress::Completed {
            failures: operation.failures.clone(),
        })
    }

    fn context(&self, operation: &Operation, action: AuditAction) -> WriteContext {
        operation.context(action, self.ids.as_ref(), self.clock.now())
    }
}

#[async_trait]
impl OperationWorker for ReassignmentWorker {
    async fn step(&self, operation: &Operation, lease: &Lease) -> Result<OperationProgress> {
        let Task::ReassignPosts { from, into } = operation.task else {
            return Err(Error::Corrupt {
                what: "task of a reassignment".to_owned(),
                source: "it reassigns no posts".into(),
            });
        };
        self.reassign(operation, lease, (from, into)).await
    }
}
