//! What a write leaves behind, and how a repetition of it gets the same answer.

use serde::{Deserialize, Serialize};

use super::{Diff, Post, Posts, PostState, RevisionCopy, RenderedPost, WorkingCopy};
use crate::{
    access::Caller,
    error::{Error, Resource, Result},
    freshness::Freshness,
    values::{PostId, Revision},
};

/// What a write left behind.
#[derive(Debug, Clone, PartialEq)]
pub struct WriteResult {
    /// The post after the write.
    pub shown: RenderedPost,
    /// What the write was merged with, when it was.
    pub merged: Option<Merged>,
    /// True when the write had happened before, under the same idempotency key.
    pub replayed: bool,
}

/// What others had changed when a write was merged with it.
#[derive(Debug, Clone, PartialEq)]
pub enum Merged {
    /// This.
    With(Box<Diff>),
    /// It cannot be told any more: a revision on which the write was based is forgotten.
    WithForgotten,
}

/// A post after a write, and what the write was merged with.
pub(super) struct Written {
    pub(super) shown: RenderedPost,
    pub(super) merged: Option<Merged>,
}

impl From<RenderedPost> for Written {
    fn from(shown: RenderedPost) -> Self {
        Self {
            shown,
            merged: None,
        }
    }
}

/// What is remembered of a write that carried an `Idempotency-Key`: enough to give the same
/// answer again from the immutable revision. Kept for 24 hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdempotencyRecord {
    /// The digest of the request that had the effect.
    pub request_digest: String,
    /// How the post stood after it.
    #[serde(rename = "standing")]
    pub state: PostState,
    /// What it was merged of, when it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<MergedFrom>,
}

/// The two states of a post that a write brought together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedFrom {
    /// The revision on which it was based.
    pub base: Revision,
    /// The one that it found there.
    pub theirs: Revision,
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
    ) -> Result<WriteResult> {
        let refusal = match write.await.map(Into::into) {
            Ok(Written { shown, merged }) => {
                return Ok(WriteResult {
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
        let Some(effect) = store.find_idempotency_record(caller.user_id, &claim.key, now).await? else {
            return Err(refusal);
        };
        if effect.request_digest != claim.request_digest {
            return Err(Error::KeyReused);
        }
        self.replayed(effect).await
    }

    /// The answer once more, from the immutable revision.
    async fn replayed(&self, effect: IdempotencyRecord) -> Result<WriteResult> {
        let IdempotencyRecord {
            state, merged, ..
        } = effect;
        let (id, revision) = (state.id, state.revision);
        let now = self.ports.clock.now();
        let still = self.ports.store.find_post(id, Freshness::Now, now).await?;
        if still.is_none() {
            return Err(Error::Gone(Resource::Post));
        }
        let kept = self.ports.history.find_revision(id, revision).await?;
        let RevisionCopy {
            row,
            content,
            manuscript,
        } = kept.ok_or(Error::NotFound(Resource::Post))?;
        let merged = match merged {
            Some(from) => Some(self.merged_then(id, from).await?),
            None => None,
        };
        let post = Post {
            state,
            content,
            text: row.text,
        };
        Ok(WriteResult {
            shown: self.shown(WorkingCopy { post, manuscript }).await?,
            merged,
            replayed: true,
        })
    }

    /// What others had changed when a write was merged with it.
    async fn merged_then(&self, id: PostId, from: MergedFrom) -> Result<Merged> {
        let history = &self.ports.history;
        let base = history.find_revision(id, from.base).await?;
        let theirs = history.find_revision(id, from.theirs).await?;
        let both = base.zip(theirs);
        Ok(both.map_or(Merged::WithForgotten, |(base, theirs)| {
            Merged::With(Box::new(Diff::between(&base, &theirs)))
        }))
    }
}
