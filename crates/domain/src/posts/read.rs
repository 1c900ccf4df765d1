//! Reading: by id for the desk, by address for the public, and lists for both.

use super::{
    Claim, DeskFacet, LiveCopy, Name, Post, Posts, PublicFacet, PublicSummary, Shown, WorkingCopy,
};
use crate::{
    access::{Caller, Permission},
    error::{Error, Resource, Result},
    freshness::Freshness,
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
    pub async fn get(&self, caller: &Caller, id: PostId) -> Result<Shown> {
        let copy = self.find(caller, id).await?;
        self.shown(copy).await
    }

    /// The working copy without its rendition.
    pub(super) async fn find(&self, caller: &Caller, id: PostId) -> Result<WorkingCopy> {
        caller.require(Permission::ReadPosts)?;
        self.ports
            .store
            .find(id)
            .await?
            .ok_or(Error::NotFound(Resource::Post))
    }

    /// What the public sees of a post.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not public, [`Error::Forbidden`].
    pub async fn get_live(&self, caller: &Caller, id: PostId) -> Result<LiveCopy> {
        caller.require(Permission::ReadPosts)?;
        let post = self.ports.store.find_post(id, Freshness::Now).await?;
        let address = post.as_ref().and_then(Post::live).map(|live| &live.address);
        let claim = match address {
            Some(address) => self.ports.store.find_claim(address, Freshness::Now).await?,
            None => None,
        };
        match claim {
            Some(Claim::Live(copy)) => Ok(*copy),
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
    ) -> Result<Shown> {
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
    pub async fn get_public(&self, slug: Slug, locale: Option<Locale>) -> Result<Found> {
        let locale = locale.unwrap_or_else(|| self.default_locale.clone());
        match self
            .ports
            .store
            .find_claim(&Address { locale, slug }, Freshness::Recent)
            .await?
        {
            Some(Claim::Live(copy)) => Ok(Found::Here(copy)),
            Some(Claim::Past(id)) => self
                .current_address(id, Resource::Post)
                .await
                .map(Found::Moved),
            Some(Claim::Reserved) | None => Err(Error::NotFound(Resource::Post)),
        }
    }

    /// Never a chain: the answer is where the post is, not where it went next.
    pub(crate) async fn current_address(&self, id: PostId, asked: Resource) -> Result<Address> {
        let post = self
            .ports
            .store
            .find_post(id, Freshness::Recent)
            .await?
            .ok_or(Error::NotFound(asked))?;
        match &post.standing.status {
            super::Status::Published { live } => Ok(live.address.clone()),
            super::Status::Trashed if post.was_public() => Err(Error::Gone(asked)),
            super::Status::Draft | super::Status::Trashed => Err(Error::NotFound(asked)),
        }
    }

    /// Published posts, the newest first.
    pub async fn list_public(
        &self,
        facet: PublicFacet,
        page: &PageRequest,
    ) -> Result<Page<PublicSummary>> {
        self.ports
            .store
            .list_public(&facet, self.ports.clock.now(), page)
            .await
    }

    /// Working copies.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn list_desk(
        &self,
        caller: &Caller,
        facet: DeskFacet,
        page: &PageRequest,
    ) -> Result<Page<Post>> {
        caller.require(Permission::ReadPosts)?;
        self.ports
            .store
            .list_desk(&facet, self.ports.clock.now(), page)
            .await
    }
}
