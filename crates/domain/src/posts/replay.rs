//! What a write leaves behind, and how a repetition of it gets the same answer.

use super::{Diff, Post, Posts, RevisionCopy, Shown, WorkingCopy};
use crate::{
    access::Caller,
    act::{EffectRecord, Merger},
    error::{Error, Resource, Result},
    freshness::Freshness,
    values::PostId,
};

/// What a write left behind.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// The post after the write.
    pub shown: Shown,
    /// What others had changed meanwhile, when the write was merged with it.
    pub merged: Option<Box<Diff>>,
    /// True when the write had happened before, under the same idempotency key.
    pub replayed: bool,
}

/// A post after a write, and what the write was merged with.
pub(super) struct Written {
    pub(super) shown: Shown,
    pub(super) merged: Option<Box<Diff>>,
}

impl From<Shown> for Written {
    fn from(shown: Shown) -> Self {
        Self {
            shown,
            merged: None,
        }
    }
}

impl Posts {
    /// Runs a write so that its repetition under the same idempotency key has no second effect.
    ///
    /// The record is only looked for when the write was refused: one that goes through writes
    /// its own record in the same transaction, so the usual case costs no read.
    pub(super) async fn once<W: Into<Written>>(
        &self,
        caller: &Caller,
        write: impl Future<Output = Result<W>>,
    ) -> Result<Effect> {
        let refusal = match write.await.map(Into::into) {
            Ok(Written { shown, merged }) => {
                return Ok(Effect {
                    shown,
                    merged,
                    replayed: false,
                });
            }
            // Who may not do it may not see what it did, either.
            Err(error @ (Error::Unavailable(_) | Error::Forbidden(_))) => return Err(error),
            Err(refusal) => refusal,
        };
        let Some(claim) = &caller.request.idempotency else {
            return Err(refusal);
        };
        let store = &self.ports.store;
        let now = self.ports.clock.now();
        let Some(effect) = store.find_effect(caller.user_id, &claim.key, now).await? else {
            return Err(refusal);
        };
        if effect.request_digest != claim.request_digest {
            return Err(Error::KeyReused);
        }
        self.replayed(effect).await
    }

    /// The answer once more, from the immutable revision.
    async fn replayed(&self, effect: EffectRecord) -> Result<Effect> {
        let EffectRecord {
            standing, merged, ..
        } = effect;
        let (id, revision) = (standing.id, standing.revision);
        let now = self.ports.clock.now();
        let still = self.ports.store.find_post(id, Freshness::Now, now).await?;
        if still.is_none() {
            return Err(Error::Gone(Resource::Post));
        }
        let kept = self.ports.store.find_revision(id, revision).await?;
        let RevisionCopy {
            row,
            content,
            manuscript,
        } = kept.ok_or(Error::NotFound(Resource::Post))?;
        let merged = match merged {
            Some(merger) => self.merged_before(id, merger).await?,
            None => None,
        };
        let post = Post {
            standing,
            content,
            text: row.text,
        };
        Ok(Effect {
            shown: self.shown(WorkingCopy { post, manuscript }).await?,
            merged,
            replayed: true,
        })
    }

    /// What others had changed between the base of a merged write and itself.
    async fn merged_before(&self, id: PostId, merger: Merger) -> Result<Option<Box<Diff>>> {
        let store = &self.ports.store;
        let base = store.find_revision(id, merger.from).await?;
        let theirs = store.find_revision(id, merger.with).await?;
        Ok(base
            .zip(theirs)
            .map(|(base, theirs)| Box::new(Diff::between(&base, &theirs))))
    }
}
