//! Reassignment of the posts of a deleted user.
//!
//! Like a [relocation](super::Relocation), it changes neither version nor revision, so the entity tag
//! that an author has read stays valid, and concurrent writes do not undo it.

use async_trait::async_trait;

use super::Posts;
use crate::{
    error::Result,
    freshness::Freshness,
    retry::retry_on_conflict,
    values::{PostId, UserId},
    writes::WriteContext,
};

/// Gives posts to another owner.
#[async_trait]
pub trait OwnershipStore: Send + Sync {
    /// Returns posts of an owner, in any status and no particular order. Eventually consistent.
    async fn owned_posts(&self, owner: UserId, limit: usize) -> Result<Vec<PostId>>;

    /// Changes the owner of a post from `from` to `into` in one transaction. Does nothing if the post
    /// has another owner.
    ///
    /// # Errors
    /// [`LeaseLost`](crate::Error::LeaseLost), [`Contended`](crate::Error::Contended),
    /// [`Unavailable`](crate::Error::Unavailable), [`Corrupt`](crate::Error::Corrupt).
    async fn reassign(
        &self,
        context: &WriteContext,
        id: PostId,
        from: UserId,
        into: UserId,
    ) -> Result<()>;
}

#[async_trait]
impl OwnershipStore for Posts {
    async fn owned_posts(&self, owner: UserId, limit: usize) -> Result<Vec<PostId>> {
        self.ports.store.owned_posts(owner, limit).await
    }

    async fn reassign(
        &self,
        context: &WriteContext,
        id: PostId,
        from: UserId,
        into: UserId,
    ) -> Result<()> {
        let store = &self.ports.store;
        retry_on_conflict(|| async {
            let found = store.find_post(id, Freshness::Now, context.at).await?;
            let Some(before) = found.filter(|post| post.state.owner_id == from) else {
                return Ok(Some(()));
            };
            let mut after = before.clone();
            after.state.owner_id = into;
            after.state.relocations += 1;
            // The update removes the rows of ended copies.
            after.state.ended.clear();
            let context = WriteContext {
                // Each attempt is a new transaction.
                id: self.ports.ids.next(),
                ..context.clone()
            };
            let updated = store.update(&context, &before, &after, &[]);
            Ok(updated.await?.applied(()))
        })
        .await
    }
}
