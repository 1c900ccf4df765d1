//! Creates posts, as drafts or published. Either is one atomic change.

use crate::{
    access::{Caller, Permission},
    audit_action::AuditAction,
    error::Result,
    posts::{
        Content, FirstStatus, LiveCopy, Manuscript, NewPost, Post, PostState, Posts, RenderedPost,
        Rendition, Saved, WorkingCopy, WriteResult, missing_images, permissions::authorize_change,
    },
    retry::retry_on_conflict,
    values::{PostId, Revision, SourcePath, Timestamp},
};

/// A post that is being created.
struct Creation {
    status: FirstStatus,
    /// The state of the draft.
    state: PostState,
    content: Content,
    manuscript: Manuscript,
    rendition: Rendition,
    saved: Saved,
    now: Timestamp,
}

impl Posts {
    /// Creates a post, as a draft or published.
    ///
    /// # Errors
    /// [`Forbidden`](crate::Error::Forbidden), [`SlugTaken`](crate::Error::SlugTaken),
    /// [`Taken`](crate::Error::Taken), [`Invalid`](crate::Error::Invalid),
    /// [`KeyReused`](crate::Error::KeyReused).
    pub async fn create(&self, caller: &Caller, new: NewPost) -> Result<WriteResult> {
        caller.require(Permission::CreatePosts)?;
        let insert = Box::pin(self.insert(caller, new));
        self.idempotent(caller, insert).await
    }

    async fn insert(&self, caller: &Caller, new: NewPost) -> Result<RenderedPost> {
        let creation = self.prepare_creation(caller, new).await?;
        let missing = creation.missing_images(&self.base_path);
        let contents = (None, &creation.content);
        self.record_uses(creation.state.id, contents, Some(&creation.rendition))
            .await?;
        if creation.status == FirstStatus::Published {
            self.record_links(creation.state.id, &creation.rendition)
                .await?;
        }
        let attempt = async || self.try_insert(caller, &creation, &missing).await;
        let post = retry_on_conflict(attempt).await?;
        // After the write that recorded them, so that a concurrent upload is not missed.
        self.rerender_published(post.state.id, &missing).await;
        let Creation {
            manuscript,
            rendition,
            ..
        } = creation;
        Ok(RenderedPost {
            copy: WorkingCopy { post, manuscript },
            rendition,
        })
    }

    /// Renders the post. A refused text must not be stored.
    async fn prepare_creation(&self, caller: &Caller, mut new: NewPost) -> Result<Creation> {
        let (now, id) = (self.ports.clock.now(), PostId::new(self.ports.ids.next()));
        let state = PostState::of_draft(id, caller.user_id, new.published_at, now);
        let (status, note) = (new.status, new.note.take());
        let locale = match new.locale.take() {
            Some(locale) => locale,
            None => self.site().await?.default_locale.clone(),
        };
        let (content, manuscript) = new.content(locale)?;
        let source = content.source.as_ref();
        let rendition = self.render(caller.into(), source, &manuscript).await?;
        rendition.require_complete()?;
        Ok(Creation {
            saved: Saved::new(&manuscript, note),
            status,
            state,
            content,
            manuscript,
            rendition,
            now,
        })
    }

    /// Returns `None` after a conflict.
    async fn try_insert(
        &self,
        caller: &Caller,
        creation: &Creation,
        missing: &[SourcePath],
    ) -> Result<Option<Post>> {
        let (store, now) = (&self.ports.store, creation.now);
        let mut content = creation.content.clone();
        store.resolve_aliases(&mut content).await?;
        let (write, manuscript) = (self.ports.ids.next(), &creation.manuscript);
        let packed = store
            .pack_manuscript(Revision::FIRST, write, &content, manuscript)
            .await?;
        let draft = Post {
            state: creation.state.clone(),
            content,
            text: packed.text,
        };
        let post = match creation.status {
            FirstStatus::Draft => draft,
            FirstStatus::Published => draft.published_at_once(now)?,
        };
        authorize_change(caller, None, Some(&post))?;
        let copies = creation.live_copies(&post);
        let create = caller.context(creation.action(), self.ports.ids.as_ref(), now);
        let inserted = store.insert(&create, &post, &creation.saved, &packed, &copies, missing);
        match inserted.await {
            Ok(outcome) => Ok(outcome.applied(post)),
            Err(error) => Err(self.with_free_slugs(error).await),
        }
    }
}

impl Creation {
    fn action(&self) -> AuditAction {
        match self.status {
            FirstStatus::Draft => AuditAction::CreatePost,
            FirstStatus::Published => AuditAction::CreatePublishedPost,
        }
    }

    /// The images that the public copy of the post misses.
    fn missing_images(&self, base_path: &str) -> Vec<SourcePath> {
        match self.status {
            FirstStatus::Draft => Vec::new(),
            FirstStatus::Published => {
                let source = self.content.source.as_ref();
                missing_images(source, &self.rendition.references, base_path)
            }
        }
    }

    /// The public copy of each phase of `post`.
    fn live_copies(&self, post: &Post) -> Vec<LiveCopy> {
        let phases = post.state.status.phases().into_iter();
        phases
            .map(|phase| {
                let html = &self.rendition.html;
                LiveCopy::of(post, &self.manuscript, html, phase.value, self.now)
            })
            .collect()
    }
}
