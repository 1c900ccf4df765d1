//! Reading: by id for the desk, by address for the public, and lists for both.

use std::time::Duration;

use super::{
    Claim, DeskQuery, LiveCopy, Name, Post, Posts, PublicQuery, PublicSummary, RenderedPost, Status,
    WorkingCopy,
};
use crate::{
    access::{Caller, Permission},
    error::{Error, Resource, Result},
    freshness::{Freshness, Cacheable},
    page::{Page, PageRequest},
    values::{Address, Locale, PostId, Slug},
};

/// Where a public address led.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// To the post.
    Here(Box<LiveCopy>),
    /// To the address where the post is now.
    Moved(Address),
}

impl Posts {
    /// The working copy.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn get(&self, caller: &Caller, id: PostId) -> Result<RenderedPost> {
        let copy = self.find(caller, id).await?;
        self.shown(copy).await
    }

    /// The working copy without its rendition.
    pub(super) async fn find(&self, caller: &Caller, id: PostId) -> Result<WorkingCopy> {
        caller.require(Permission::ReadPosts)?;
        self.ports
            .store
            .find(id, self.ports.clock.now())
            .await?
            .ok_or(Error::NotFound(Resource::Post))
    }

    /// What the public sees of a post.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not public, [`Error::Forbidden`].
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

    /// The working copy of the post that came from a file of an import.
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
            .find_holder(&Name::Source { import, path })
            .await?;
        let id = holder.ok_or(Error::NotFound(Resource::Post))?;
        self.get(caller, id).await
    }

    /// The published post at an address, or where it went. The default locale stands in for none.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Gone`] for what is in the trash.
    pub async fn get_public(&self, slug: Slug, locale: Option<Locale>) -> Result<Cacheable<Found>> {
        let locale = locale.unwrap_or_else(|| self.default_locale.clone());
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        let address = Address { locale, slug };
        match store.find_claim(&address, Freshness::Recent, now).await? {
            Some(Claim::Live { copy, until }) => Ok(Cacheable {
                what: Found::Here(copy),
                quiet: until.map(|until| until.since(now)),
            }),
            Some(Claim::Past(id)) => {
                let address = self.current_address(id, Resource::Post).await?;
                Ok(address.map(Found::Moved))
            }
            Some(Claim::Reserved) | None => Err(Error::NotFound(Resource::Post)),
        }
    }

    /// Never a chain: the answer is where the post is, not where it went next.
    pub(crate) async fn current_address(
        &self,
        id: PostId,
        asked: Resource,
    ) -> Result<Cacheable<Address>> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        let post = store.find_post(id, Freshness::Recent, now).await?;
        let post = post.ok_or(Error::NotFound(asked))?;
        let status = &post.state.status;
        match status {
            Status::Published { live, .. } | Status::Archived { live } => Ok(Cacheable {
                what: live.address.clone(),
                quiet: status.next_change().map(|change| change.since(now)),
            }),
            Status::Trashed if post.was_public() => Err(Error::Gone(asked)),
            Status::Draft | Status::Scheduled { .. } | Status::Trashed => {
                Err(Error::NotFound(asked))
            }
        }
    }

    /// How long what everybody sees stays as it is, as far as is planned: for whatever shows many
    /// posts at once. Known as of at most five seconds ago.
    ///
    /// # Errors
    /// [`Unavailable`](Error::Unavailable) when the store cannot answer.
    pub async fn quiet(&self) -> Result<Option<Duration>> {
        let now = self.ports.clock.now();
        let change = self.ports.store.next_change(now).await?;
        Ok(change.map(|change| change.since(now)))
    }

    /// Published posts, the newest first.
    pub async fn list_public(
        &self,
        query: impl Into<PublicQuery>,
        page: &PageRequest,
    ) -> Result<Page<PublicSummary>> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        store.list_public(&query.into(), now, page).await
    }

    /// Those of these posts that are published, in no order. No id may stand twice.
    pub async fn get_many_live(&self, ids: &[PostId]) -> Result<Vec<PublicSummary>> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        store.find_summaries(ids, now).await
    }

    /// Those of these working copies that are there, in no order. No id may stand twice.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn get_many(&self, caller: &Caller, ids: &[PostId]) -> Result<Vec<Post>> {
        caller.require(Permission::ReadPosts)?;
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        store.find_posts(ids, Freshness::Recent, now).await
    }

    /// Working copies.
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
