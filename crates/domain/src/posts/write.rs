//! Writing: each use case checks who asks, derives the next post from the present one, and
//! hands both to the store as one atomic change.

use super::{
    Commit, Conflict, NewPost, Post, PostPatch, Posts, Review, RevisionCopy, Shown, Standing,
    Status, Transition, WorkingCopy,
};
use crate::{
    access::{Caller, Permission},
    act::Action,
    error::{Error, Resource, Result},
    values::{PostId, Revision, Version, VersionTag},
};

/// What a write left behind.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// The post after the write.
    pub shown: Shown,
    /// True when the write had happened before, under the same idempotency key.
    pub replayed: bool,
}

impl Posts {
    /// Creates a post as a draft.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Taken`], [`Error::Invalid`], [`Error::KeyReused`].
    pub async fn create(&self, caller: &Caller, new: NewPost) -> Result<Effect> {
        caller.require(Permission::CreatePosts)?;
        self.once(caller, self.insert(caller, new)).await
    }

    async fn insert(&self, caller: &Caller, new: NewPost) -> Result<Shown> {
        let (now, id) = (self.ports.clock.now(), PostId::new(self.ports.ids.next()));
        let published_at = new.published_at;
        let (content, manuscript) = new.content(&self.default_locale)?;
        let standing = Standing {
            id,
            owner_id: caller.user_id,
            status: Status::Draft,
            review: Review::None,
            published_at,
            first_published_at: None,
            past_addresses: Vec::new(),
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
            revision: Revision::FIRST,
            ended: Vec::new(),
        };
        // Before anything is written: what fails here leaves nothing behind.
        let rendition = self.rendition(content.source.as_ref(), &manuscript).await?;
        let text = self
            .ports
            .store
            .write_manuscript(id, Revision::FIRST, self.ports.ids.next(), &manuscript)
            .await?;
        let post = Post {
            standing,
            content,
            text,
        };
        let act = caller.act(Action::CreatePost, self.ports.ids.as_ref(), now);
        self.ports.store.insert(&act, &post).await?;
        Ok(Shown {
            copy: WorkingCopy { post, manuscript },
            rendition,
        })
    }

    /// Changes the working copy of the post that `base` describes.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Stale`], [`Error::IllegalTransition`],
    /// [`Error::Taken`], [`Error::Invalid`], [`Error::KeyReused`].
    pub async fn update(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        patch: PostPatch,
    ) -> Result<Effect> {
        self.once(caller, self.edit(caller, id, base, patch)).await
    }

    async fn edit(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        patch: PostPatch,
    ) -> Result<Shown> {
        let found = self.permitted(caller, id, Transition::Edit).await?;
        let wanted = patch.clone().apply(&found)?;
        if found.post.tag() != base {
            return Err(self.conflict(base, &found, &wanted).await?);
        }
        found.post.require(Transition::Edit)?;
        let now = self.ports.clock.now();
        let mut next = WorkingCopy {
            post: wanted.post.advanced(now),
            manuscript: wanted.manuscript,
        };
        let source = next.post.content.source.as_ref();
        let rendition = self.rendition(source, &next.manuscript).await?;
        let rewritten = next.manuscript != found.manuscript;
        if rewritten || next.post.content != found.post.content {
            next.post.standing.revision = found.post.standing.revision.next();
        }
        if rewritten {
            let revision = next.post.standing.revision;
            next.post.text = self
                .ports
                .store
                .write_manuscript(id, revision, self.ports.ids.next(), &next.manuscript)
                .await?;
        }
        let act = caller.act(Action::UpdatePost, self.ports.ids.as_ref(), now);
        match self
            .ports
            .store
            .update(&act, &found.post, &next.post, &[])
            .await?
        {
            Commit::Done => Ok(Shown {
                copy: next,
                rendition,
            }),
            Commit::Stale => {
                let now_there = self
                    .ports
                    .store
                    .find(id, now)
                    .await?
                    .ok_or(Error::NotFound(Resource::Post))?;
                let wanted = patch.apply(&now_there)?;
                Err(self.conflict(base, &now_there, &wanted).await?)
            }
        }
    }

    /// The post, when the caller may do this to it. Who may not read posts learns nothing of it.
    pub(super) async fn permitted(
        &self,
        caller: &Caller,
        id: PostId,
        transition: Transition,
    ) -> Result<WorkingCopy> {
        let found = self.find(caller, id).await?;
        let (own, any) = transition.permissions();
        caller.require_for(found.post.standing.owner_id, own, any)?;
        Ok(found)
    }

    async fn conflict(
        &self,
        base: VersionTag,
        current: &WorkingCopy,
        wanted: &WorkingCopy,
    ) -> Result<Error> {
        let state = self
            .ports
            .store
            .find_revision(current.post.standing.id, base.revision)
            .await?;
        Ok(Error::Stale(Box::new(Conflict::between(
            base.revision,
            state.as_ref(),
            current,
            wanted,
        ))))
    }

    /// Runs a write so that its repetition under the same idempotency key has no second effect.
    ///
    /// The record is only looked for when the write was refused: one that goes through writes
    /// its own record in the same transaction, so the usual case costs no read.
    pub(super) async fn once(
        &self,
        caller: &Caller,
        write: impl Future<Output = Result<Shown>>,
    ) -> Result<Effect> {
        let refusal = match write.await {
            Ok(shown) => {
                return Ok(Effect {
                    shown,
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
        let Some(effect) = self
            .ports
            .store
            .find_effect(caller.user_id, &claim.key, self.ports.clock.now())
            .await?
        else {
            return Err(refusal);
        };
        if effect.request_digest != claim.request_digest {
            return Err(Error::KeyReused);
        }
        let standing = effect.standing;
        let kept = self
            .ports
            .store
            .find_revision(standing.id, standing.revision)
            .await?;
        let RevisionCopy {
            content,
            text,
            manuscript,
        } = kept.ok_or(Error::NotFound(Resource::Post))?;
        let post = Post {
            standing,
            content,
            text,
        };
        Ok(Effect {
            shown: self.shown(WorkingCopy { post, manuscript }).await?,
            replayed: true,
        })
    }
}
