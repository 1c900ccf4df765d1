//! Writing: each use case checks who asks, derives the next post from the present one, and
//! hands both to the store as one atomic change.

use super::{
    Commit, Conflict, Live, LiveCopy, NewPost, Post, PostPatch, Posts, Review, RevisionCopy,
    Standing, Status, Transition, WorkingCopy,
};
use crate::{
    access::{Caller, Permission},
    act::Action,
    error::{Error, FieldErrors, Resource, Result},
    values::{Code, PostId, Revision, Timestamp, Version, VersionTag},
};

/// What a write left behind.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// The post after the write.
    pub copy: WorkingCopy,
    /// True when the write had happened before, under the same idempotency key.
    pub replayed: bool,
}

/// A post can be public under this many past addresses; each of them costs every list row.
const MAX_PAST_ADDRESSES: usize = 20;

impl Posts {
    /// Creates a post as a draft.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Taken`], [`Error::Invalid`], [`Error::KeyReused`].
    pub async fn create(&self, caller: &Caller, new: NewPost) -> Result<Effect> {
        caller.require(Permission::CreatePosts)?;
        self.once(caller, self.insert(caller, new)).await
    }

    async fn insert(&self, caller: &Caller, new: NewPost) -> Result<WorkingCopy> {
        let (now, id) = (self.clock.now(), PostId::new(self.ids.next()));
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
        };
        let text = self
            .store
            .write_manuscript(id, Revision::FIRST, self.ids.next(), &manuscript)
            .await?;
        let post = Post {
            standing,
            content,
            text,
        };
        let act = caller.act(Action::CreatePost, self.ids.as_ref(), now);
        self.store.insert(&act, &post).await?;
        Ok(WorkingCopy { post, manuscript })
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
    ) -> Result<WorkingCopy> {
        let found = self.permitted(caller, id, Transition::Edit).await?;
        let wanted = patch.clone().apply(&found)?;
        if found.post.standing.version != base.version {
            return Err(self.conflict(base, &found, &wanted).await?);
        }
        found.post.require(Transition::Edit)?;
        let now = self.clock.now();
        let mut next = WorkingCopy {
            post: wanted.post.advanced(now),
            manuscript: wanted.manuscript,
        };
        let rewritten = next.manuscript != found.manuscript;
        if rewritten || next.post.content != found.post.content {
            next.post.standing.revision = found.post.standing.revision.next();
        }
        if rewritten {
            let revision = next.post.standing.revision;
            next.post.text = self
                .store
                .write_manuscript(id, revision, self.ids.next(), &next.manuscript)
                .await?;
        }
        let act = caller.act(Action::UpdatePost, self.ids.as_ref(), now);
        match self
            .store
            .update(&act, &found.post, &next.post, None)
            .await?
        {
            Commit::Done => Ok(next),
            Commit::Stale => {
                let now_there = self
                    .store
                    .find(id)
                    .await?
                    .ok_or(Error::NotFound(Resource::Post))?;
                let wanted = patch.apply(&now_there)?;
                Err(self.conflict(base, &now_there, &wanted).await?)
            }
        }
    }

    /// Makes the working copy public, dated `published_at`, else as it was dated before, else now.
    ///
    /// # Errors
    /// As [`update`](Self::update); [`Error::Forbidden`] for a date in the past without the
    /// permission, [`Error::Invalid`] for one in the future.
    pub async fn publish(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        published_at: Option<Timestamp>,
    ) -> Result<Effect> {
        self.once(
            caller,
            self.transition(caller, id, base, Transition::Publish, |post, now| {
                post.published(caller, published_at, now)
            }),
        )
        .await
    }

    /// Takes the public copy away.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub async fn unpublish(&self, caller: &Caller, id: PostId, base: VersionTag) -> Result<Effect> {
        self.once(
            caller,
            self.transition(caller, id, base, Transition::Unpublish, |post, now| {
                Ok(post.withdrawn(Status::Draft, now))
            }),
        )
        .await
    }

    /// Puts the post into the trash.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub async fn trash(&self, caller: &Caller, id: PostId, base: VersionTag) -> Result<Effect> {
        self.once(
            caller,
            self.transition(caller, id, base, Transition::Trash, |post, now| {
                Ok(post.withdrawn(Status::Trashed, now))
            }),
        )
        .await
    }

    /// Takes the post out of the trash, as a draft.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub async fn untrash(&self, caller: &Caller, id: PostId, base: VersionTag) -> Result<Effect> {
        self.once(
            caller,
            self.transition(caller, id, base, Transition::Untrash, |post, now| {
                Ok(post.withdrawn(Status::Draft, now))
            }),
        )
        .await
    }

    /// Asks for a review of the working copy.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub async fn submit(&self, caller: &Caller, id: PostId, base: VersionTag) -> Result<Effect> {
        self.once(
            caller,
            self.transition(caller, id, base, Transition::Submit, |post, now| {
                Ok(post.reviewed(Review::Requested, now))
            }),
        )
        .await
    }

    /// Answers a review with a wish for changes.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub async fn request_changes(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
    ) -> Result<Effect> {
        self.once(
            caller,
            self.transition(caller, id, base, Transition::RequestChanges, |post, now| {
                Ok(post.reviewed(Review::ChangesRequested, now))
            }),
        )
        .await
    }

    async fn transition(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        transition: Transition,
        next: impl FnOnce(&Post, Timestamp) -> Result<Post>,
    ) -> Result<WorkingCopy> {
        let found = self.permitted(caller, id, transition).await?;
        if found.post.standing.version != base.version {
            return Err(Error::Stale(Box::new(Conflict::between(
                base.revision,
                None,
                &found,
                &found,
            ))));
        }
        found.post.require(transition)?;
        let now = self.clock.now();
        let next = WorkingCopy {
            post: next(&found.post, now)?,
            manuscript: found.manuscript,
        };
        let copy = match (transition, next.post.live()) {
            (Transition::Publish, Some(live)) => Some(LiveCopy::of(&next, live, now)),
            _ => None,
        };
        let act = caller.act(transition.action(), self.ids.as_ref(), now);
        match self
            .store
            .update(&act, &found.post, &next.post, copy.as_ref())
            .await?
        {
            Commit::Done => Ok(next),
            Commit::Stale => {
                let now_there = self
                    .store
                    .find(id)
                    .await?
                    .ok_or(Error::NotFound(Resource::Post))?;
                Err(Error::Stale(Box::new(Conflict::between(
                    base.revision,
                    None,
                    &now_there,
                    &now_there,
                ))))
            }
        }
    }

    /// The post, when the caller may do this to it. Who may not read posts learns nothing of it.
    async fn permitted(
        &self,
        caller: &Caller,
        id: PostId,
        transition: Transition,
    ) -> Result<WorkingCopy> {
        let found = self.get(caller, id).await?;
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
    async fn once(
        &self,
        caller: &Caller,
        write: impl Future<Output = Result<WorkingCopy>>,
    ) -> Result<Effect> {
        let refusal = match write.await {
            Ok(copy) => {
                return Ok(Effect {
                    copy,
                    replayed: false,
                });
            }
            Err(unavailable @ Error::Unavailable(_)) => return Err(unavailable),
            Err(refusal) => refusal,
        };
        let Some(claim) = &caller.request.idempotency else {
            return Err(refusal);
        };
        let Some(effect) = self
            .store
            .find_effect(caller.user_id, &claim.key, self.clock.now())
            .await?
        else {
            return Err(refusal);
        };
        if effect.request_digest != claim.request_digest {
            return Err(Error::KeyReused);
        }
        let standing = effect.standing;
        let kept = self
            .store
            .find_revision(standing.id, standing.revision)
            .await?;
        let RevisionCopy {
            content,
            text,
            manuscript,
        } = kept.ok_or(Error::NotFound(Resource::Post))?;
        Ok(Effect {
            copy: WorkingCopy {
                post: Post {
                    standing,
                    content,
                    text,
                },
                manuscript,
            },
            replayed: true,
        })
    }
}

impl Transition {
    /// What it takes to do this to one's own post, and to anybody's.
    fn permissions(self) -> (Permission, Permission) {
        match self {
            Self::Edit | Self::Submit => (Permission::EditOwnPosts, Permission::EditAnyPosts),
            Self::RequestChanges => (Permission::EditAnyPosts, Permission::EditAnyPosts),
            Self::Publish | Self::Unpublish => {
                (Permission::PublishOwnPosts, Permission::PublishAnyPosts)
            }
            Self::Trash | Self::Untrash => (Permission::TrashOwnPosts, Permission::TrashAnyPosts),
        }
    }

    fn action(self) -> Action {
        match self {
            Self::Edit | Self::Submit | Self::RequestChanges => Action::UpdatePost,
            Self::Publish => Action::PublishPost,
            Self::Unpublish => Action::UnpublishPost,
            Self::Trash => Action::TrashPost,
            Self::Untrash => Action::UntrashPost,
        }
    }
}

impl Post {
    /// The post one accepted write later.
    fn advanced(mut self, now: Timestamp) -> Self {
        self.standing.version = self.standing.version.next();
        self.standing.updated_at = now;
        self
    }

    fn reviewed(&self, review: Review, now: Timestamp) -> Self {
        let mut next = self.clone().advanced(now);
        next.standing.review = review;
        next
    }

    /// The post with its working copy made public.
    fn published(
        &self,
        caller: &Caller,
        published_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Self> {
        let published_at = self.publication_date(caller, published_at, now)?;
        let mut next = self.clone().advanced(now);
        let address = next.content.address.clone();
        next.retire_live_address()?;
        next.standing.past_addresses.retain(|past| *past != address);
        next.standing.published_at = Some(published_at);
        next.standing.first_published_at.get_or_insert(now);
        next.standing.review = Review::None;
        next.standing.status = Status::Published {
            live: Live {
                address,
                published_at,
                revision: next.standing.revision,
                tags: next.content.tags.clone(),
                category_ids: next.content.category_ids.clone(),
                byline_ids: next.content.byline_ids.clone(),
            },
        };
        Ok(next)
    }

    fn publication_date(
        &self,
        caller: &Caller,
        wanted: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Timestamp> {
        let before = self.live().map(|live| live.published_at);
        let date = wanted.or(self.standing.published_at).unwrap_or(now);
        if date > now {
            let detail = "lies in the future; a post can be published now or earlier";
            return Err(FieldErrors::one("/published_at", Code::OutOfRange, detail).into());
        }
        if date < now && Some(date) != before {
            caller.require(Permission::BackdatePosts)?;
        }
        Ok(date)
    }

    /// The post with nothing of it public any more.
    fn withdrawn(&self, status: Status, now: Timestamp) -> Self {
        let mut next = self.clone().advanced(now);
        // The address may exceed the limit by this one: taking a post back must always be possible.
        let _ = next.retire_live_address();
        next.standing.status = status;
        next
    }

    /// Lets the live address, when the working copy has left it, redirect from now on.
    fn retire_live_address(&mut self) -> Result<()> {
        let Some(live) = self.live() else {
            return Ok(());
        };
        if live.address == self.content.address
            || self.standing.past_addresses.contains(&live.address)
        {
            return Ok(());
        }
        let address = live.address.clone();
        self.standing.past_addresses.push(address);
        if self.standing.past_addresses.len() > MAX_PAST_ADDRESSES {
            let detail = format!(
                "was changed too often: a post keeps at most {MAX_PAST_ADDRESSES} past addresses"
            );
            return Err(FieldErrors::one("/slug", Code::TooLong, detail).into());
        }
        Ok(())
    }
}
