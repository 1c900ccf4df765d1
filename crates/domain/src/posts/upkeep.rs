//! Housekeeping: clearing away what time has ended and what a removal left behind. Its absence
//! costs capacity and nothing else, because every read asks what the time is.

use super::{Posts, PendingCleanup};
use crate::{
    writes::WriteContext, audit::AuditAction,
    error::Result,
    freshness::Freshness,
    values::Timestamp,
};

/// How often one trace is tried while its post is being written.
const ATTEMPTS: usize = 5;

/// Traces that one round looks at.
const ROUND: usize = 100;

impl Posts {
    /// Clears away some of what lies about, the oldest first. Returns how much of it is done; less
    /// than was found means that authors were at the same posts, and the next round goes on.
    ///
    /// # Errors
    /// [`Unavailable`](crate::Error::Unavailable) when the store cannot answer; the first of those
    /// that the traces gave, after all of them were tried: one that cannot be cleared holds up no other.
    pub async fn run_cleanup(&self) -> Result<usize> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        let (mut cleared, mut fault) = (0, None);
        for trace in store.find_pending_cleanups(now, ROUND).await? {
            match self.clear_away(&trace).await {
                Ok(done) => cleared += usize::from(done),
                Err(error) => fault = fault.or(Some(error)),
            }
        }
        fault.map_or(Ok(cleared), Err)
    }

    /// True when nothing of the trace is left.
    async fn clear_away(&self, trace: &PendingCleanup) -> Result<bool> {
        for _ in 0..ATTEMPTS {
            if self.clear(trace).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Since when the oldest trace lies about, if there is one.
    ///
    /// # Errors
    /// [`Unavailable`](crate::Error::Unavailable) when the store cannot answer.
    pub async fn oldest_pending_cleanup(&self) -> Result<Option<Timestamp>> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        let traces = store.find_pending_cleanups(now, 1).await?;
        Ok(traces.first().map(|trace| trace.since))
    }

    async fn clear(&self, trace: &PendingCleanup) -> Result<bool> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        let post = store.find_post(trace.post, Freshness::Now, now).await?;
        let context = self.unasked(AuditAction::ClearPost);
        store.clear(&context, trace, post.as_ref()).await
    }

    /// The record of what nobody asked for by name.
    pub(super) fn unasked(&self, action: AuditAction) -> WriteContext {
        WriteContext {
            id: self.ports.ids.next(),
            actor: None,
            action,
            at: self.ports.clock.now(),
            request_id: String::new(),
            key: None,
            idempotency: None,
            step: None,
        }
    }
}
