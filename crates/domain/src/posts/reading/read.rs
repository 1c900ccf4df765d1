//! Reads posts by id, source or address, and lists them.

use std::{slice, time::Duration};

use crate::{
    access::{Caller, Permission},
    error::{Error, Resource, Result},
    freshness::{Cacheable, Freshness},
    page::{Page, PageRequest},
    posts::{
        Claim, DeskQuery, LiveCopy, Post, PostName, Posts, PublicQuery, PublicSummary,
        RenderedPost, Status, WorkingCopy,
    },
    values::{Address, Locale, PostId, Slug},
};

/// The result of a lookup by public address.
#[derive(Debug, Clone, PartialEq)]
pub enum PublicLookup {
    /// The public copy.
    Found(Box<LiveCopy>),
    /// The current address of the post.
    Moved(Address),
}

impl Posts {
    /// Returns the working copy.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn get(&self, caller: &Caller, id: PostId) -> Result<RenderedPost> {
        let copy = self.find(caller, id).await?;
        self.render_copy(caller.into(), copy).await
    }

    pub(in crate::posts) async fn find(&self, caller: &Caller, id: PostId) -> Result<WorkingCopy> {
        caller.require(Permission::ReadPosts)?;
        self.ports
            .store
            .find(id, self.ports.clock.now())
            .await?
            .ok_or(Error::NotFound(Resource::Post))
    }

    /// Returns the public copy of a post.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is not public, [`Error::Forbidden`].
    pub async fn get_live(&self, caller: &Caller, id: PostId) -> Result<LiveCopy> {
        caller.require(Permission::ReadPosts)?;
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        let post = store.find_post(id, Freshness::Now, now).await?;
        let claim = match post.as_ref().and_then(Post::live) {
            Some(live) => store.find_claim(&live.address, Freshness::Now, now).await?,
            None => None,
        };
        match claim {
            Some(Claim::Live { copy, .. }) => Ok(*copy),
            Some(Claim::Reserved | Claim::Past(_)) | None => Err(Error::NotFound(Resource::Post)),
        }
    }

    /// Returns the working copy that was imported from a file.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn get_by_source(
        &self,
        caller: &Caller,
        import: String,
        path: String,
    ) -> Result<RenderedPost> {
        caller.require(Permission::ReadPosts)?;
        let holder = self
            .ports
            .store
            .find_holder(&PostName::Source { import, path })
            .await?;
        let id = holder.ok_or(Error::NotFound(Resource::Post))?;
        self.get(caller, id).await
    }

    /// Returns the public copy at an address, or the current address of the post, in the first of these
    /// languages that has it. Uses the default locale if there are none.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Gone`] if the post is in the trash.
    pub async fn get_public(
        &self,
        slug: &Slug,
        locales: &[Locale],
    ) -> Result<Cacheable<PublicLookup>> {
        let site;
        let locales = if locales.is_empty() {
            site = self.site().await?;
            slice::from_ref(&site.default_locale)
        } else {
            locales
        };
        let mut missing = Error::NotFound(Resource::Post);
        for (nth, locale) in locales.iter().enumerate() {
            let address = Address {
                locale: locale.clone(),
                slug: slug.clone(),
            };
            match self.find_public(address).await {
                Err(Error::NotFound(_)) => {}
                Err(gone @ Error::Gone(_)) => missing = gone,
                Ok(mut found) if nth > 0 => {
                    // A schedule can publish a post in an earlier language.
                    let changes = self.fresh_for().await?.into_iter().chain(found.fresh_for);
                    found.fresh_for = changes.min();
                    return Ok(found);
                }
                found => return found,
            }
        }
        Err(missing)
    }

    async fn find_public(&self, address: Address) -> Result<Cacheable<PublicLookup>> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        match store.find_claim(&address, Freshness::Recent, now).await? {
            Some(Claim::Live { copy, until }) => Ok(Cacheable {
                value: PublicLookup::Found(copy),
                fresh_for: until.map(|until| until.since(now)),
            }),
            Some(Claim::Past(id)) => {
                let address = self.current_address(id, Resource::Post).await?;
                Ok(address.map(PublicLookup::Moved))
            }
            Some(Claim::Reserved) | None => Err(Error::NotFound(Resource::Post)),
        }
    }

    /// Returns the current public address of a post. Redirects point directly to it, never to another
    /// past address.
    pub(crate) async fn current_address(
        &self,
        id: PostId,
        resource: Resource,
    ) -> Result<Cacheable<Address>> {
        let now = self.ports.clock.now();
        let post = self.find_post(id, Freshness::Recent).await?;
        let post = post.ok_or(Error::NotFound(resource))?;
        let status = &post.state.status;
        match status {
            Status::Published { live, .. } | Status::Archived { live } => Ok(Cacheable {
                value: live.address.clone(),
                fresh_for: status.next_change().map(|change| change.since(now)),
            }),
            Status::Trashed if post.was_public() => Err(Error::Gone(resource)),
            Status::Draft | Status::Scheduled { .. } | Status::Trashed => {
                Err(Error::NotFound(resource))
            }
        }
    }

    /// Returns the time until the next scheduled change of any public post, for responses with many
    /// posts. At most five seconds old.
    ///
    /// # Errors
    /// [`Unavailable`](Error::Unavailable).
    pub async fn fresh_for(&self) -> Result<Option<Duration>> {
        let now = self.ports.clock.now();
        let change = self.ports.store.next_change(now).await?;
        Ok(change.map(|change| change.since(now)))
    }

    /// Lists published posts, the newest first.
    pub async fn list_public(
        &self,
        query: impl Into<PublicQuery>,
        page: &PageRequest,
    ) -> Result<Page<PublicSummary>> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        store.list_public(&query.into(), now, page).await
    }

    /// Lists published posts with their texts, the newest first. Pages have at most
    /// [`LiveCopy::MAX_PAGE`] posts.
    pub async fn list_live_copies(
        &self,
        query: &PublicQuery,
        page: &PageRequest,
    ) -> Result<Page<LiveCopy>> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        store.list_live_copies(query, now, page).await
    }

    /// Returns the published posts among `ids`, in no particular order. `ids` must be unique.
    pub async fn get_many_live(&self, ids: &[PostId]) -> Result<Vec<PublicSummary>> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        store.find_summaries(ids, now).await
    }

    /// Returns the existing working copies among `ids`, in no particular order. `ids` must be unique.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn get_many(&self, caller: &Caller, ids: &[PostId]) -> Result<Vec<Post>> {
        caller.require(Permission::ReadPosts)?;
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        store.find_posts(ids, Freshness::Recent, now).await
    }

    /// Lists working copies.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn list_desk(
        &self,
        caller: &Caller,
        query: impl Into<DeskQuery>,
        page: &PageRequest,
    ) -> Result<Page<Post>> {
        caller.require(Permission::ReadPosts)?;
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        store.list_desk(&query.into(), now, page).await
    }
}
