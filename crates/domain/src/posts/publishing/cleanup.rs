//! Cleanup of leftovers: items of expired public copies and of deleted posts. Without it they cost
//! only space, because reads ignore them.

use crate::{
    audit_action::AuditAction,
    error::{Error, Result},
    freshness::Freshness,
    posts::{PendingCleanup, Posts},
    retry::retry_on_conflict,
    values::Timestamp,
};

/// Cleanups per run.
const BATCH_SIZE: usize = 100;

impl Posts {
    /// Runs pending cleanups, the oldest first. Returns the number of completed ones. Cleanups whose
    /// post is being written are left for the next run.
    ///
    /// # Errors
    /// [`Unavailable`](Error::Unavailable); otherwise the first error of a cleanup, after all of
    /// them were tried, so that one failure does not block the others.
    pub async fn run_cleanup(&self) -> Result<usize> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        let (mut completed, mut failure) = (0, None);
        for cleanup in store.find_pending_cleanups(now, BATCH_SIZE).await? {
            match retry_on_conflict(async || self.try_cleanup(&cleanup).await).await {
                Ok(()) => completed += 1,
                Err(Error::Contended) => {}
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        failure.map_or(Ok(completed), Err)
    }

    /// Returns the time since which the oldest cleanup is pending.
    ///
    /// # Errors
    /// [`Unavailable`](Error::Unavailable).
    pub async fn oldest_pending_cleanup(&self) -> Result<Option<Timestamp>> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        let cleanups = store.find_pending_cleanups(now, 1).await?;
        Ok(cleanups.first().map(|cleanup| cleanup.since))
    }

    async fn try_cleanup(&self, cleanup: &PendingCleanup) -> Result<Option<()>> {
        let post = self.find_post(cleanup.post, Freshness::Now).await?;
        let context = self.background_context(AuditAction::ClearPost);
        let is_done = self
            .ports
            .store
            .clear(&context, cleanup, post.as_ref())
            .await?;
        Ok(is_done.then_some(()))
    }
}
