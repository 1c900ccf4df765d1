//! Idempotent writes: a repeated request gets the same response.

use serde::{Deserialize, Serialize};

use crate::{
    access::Caller,
    error::{Error, Resource, Result},
    freshness::Freshness,
    posts::{Diff, Post, PostState, Posts, RenderedPost, RevisionCopy, WorkingCopy},
    values::{PostId, Revision},
};

/// The result of a write.
#[derive(Debug, Clone, PartialEq)]
pub struct WriteResult {
    /// The post after the write.
    pub rendered: RenderedPost,
    /// The concurrent changes that the write was merged with.
    pub merged: Option<Merged>,
    /// Whether the result was replayed from the record of an earlier request with the same
    /// idempotency key.
    pub replayed: bool,
}

impl From<RenderedPost> for WriteResult {
    fn from(rendered: RenderedPost) -> Self {
        Self {
            rendered,
            merged: None,
            replayed: false,
        }
    }
}

/// The concurrent changes that a write was merged with.
#[derive(Debug, Clone, PartialEq)]
pub enum Merged {
    /// The changes.
    With(Box<Diff>),
    /// Unknown: one of the revisions has been pruned, or they differ too much to be compared.
    WithUnknown,
}

/// The record of a write with an `Idempotency-Key`. Together with the immutable revision it suffices
/// to replay the response. It is kept for 24 hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdempotencyRecord {
    /// The digest of the request.
    pub request_digest: String,
    /// The state of the post after the write.
    #[serde(rename = "standing")]
    pub state: PostState,
    /// The two revisions that the write merged, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<MergedFrom>,
}

/// The two revisions that a write merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedFrom {
    /// The revision that the write was based on.
    pub base: Revision,
    /// The revision that was current at the write.
    pub theirs: Revision,
}

impl Posts {
    /// Runs a write so that a repetition with the same idempotency key has no second effect.
    ///
    /// The record is looked up only if the write fails: a successful write adds its own record in
    /// the same transaction, so the common case needs no read.
    pub(in crate::posts) async fn idempotent<W: Into<WriteResult>>(
        &self,
        caller: &Caller,
        write: impl Future<Output = Result<W>>,
    ) -> Result<WriteResult> {
        let error = match write.await {
            Ok(result) => return Ok(result.into()),
            // A caller without permission must not see the result of the earlier request either.
            Err(error @ (Error::Unavailable(_) | Error::StorageFull(_) | Error::Forbidden(_))) => {
                return Err(error);
            }
            Err(error) => error,
        };
        let Some(request) = &caller.request.idempotency else {
            return Err(error);
        };
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        let record = store.find_idempotency_record(caller.user_id, &request.key, now);
        match record.await? {
            None => Err(error),
            Some(record) if record.request_digest != request.request_digest => {
                Err(Error::KeyReused)
            }
            Some(record) => self.replay(caller, record).await,
        }
    }

    async fn replay(&self, caller: &Caller, record: IdempotencyRecord) -> Result<WriteResult> {
        let IdempotencyRecord { state, merged, .. } = record;
        let (id, revision) = (state.id, state.revision);
        if self.find_post(id, Freshness::Now).await?.is_none() {
            return Err(Error::Gone(Resource::Post));
        }
        let kept = self.ports.history.find_revision(id, revision).await?;
        let RevisionCopy {
            row,
            content,
            manuscript,
        } = kept.ok_or(Error::NotFound(Resource::Post))?;
        let merged = match merged {
            Some(from) => Some(self.replay_merge(caller, id, from).await?),
            None => None,
        };
        let post = Post {
            state,
            content,
            text: row.text,
        };
        Ok(WriteResult {
            rendered: self
                .render_for_answer(caller.into(), WorkingCopy { post, manuscript })
                .await?,
            merged,
            replayed: true,
        })
    }

    async fn replay_merge(&self, caller: &Caller, id: PostId, from: MergedFrom) -> Result<Merged> {
        let history = &self.ports.history;
        let base = history.find_revision(id, from.base).await?;
        let theirs = history.find_revision(id, from.theirs).await?;
        let both = base.zip(theirs);
        Ok(match both {
            Some((base, theirs)) => self.merged_with(caller, base, theirs).await,
            None => Merged::WithUnknown,
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::values::{Timestamp, UserId};

    #[test]
    fn a_record_keeps_its_stored_attribute_names() {
        let (post, user) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let now = Timestamp::from_millis(0);
        let mut state = PostState::of_draft(PostId::new(post), UserId::new(user), None, now);
        state.relocations = 3;
        let record = IdempotencyRecord {
            request_digest: "digest".to_owned(),
            state,
            merged: None,
        };
        let stored = serde_json::to_value(&record).unwrap();
        assert_eq!(stored["standing"]["refilings"], 3);
        assert_eq!(
            serde_json::from_value::<IdempotencyRecord>(stored).unwrap(),
            record
        );
    }
}
