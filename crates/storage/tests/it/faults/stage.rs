//! A site with all use cases over it, and what was made there.

use tintero_domain::{
    Result,
    access::{Caller, Role},
    accounts::{Accounts, ApiKeys},
    bylines::{Byline, Bylines},
    categories::{Categories, Category},
    images::{Image, Images},
    posts::WorkingCopy,
    redirects::{Redirect, Redirects},
    values::ApiKeyId,
};

use super::deeds::Deed;
use crate::{
    accounts::accounts,
    api_keys::keys,
    images::images,
    redirects::redirects,
    site::{Site, caller, once, site},
    taxonomy::{bylines, categories},
};

pub(super) struct Stage {
    pub(super) site: Site,
    pub(super) categories: Categories,
    pub(super) bylines: Bylines,
    pub(super) images: Images,
    pub(super) redirects: Redirects,
    pub(super) accounts: Accounts,
    pub(super) keys: ApiKeys,
}

/// What was made so far, as whoever made it remembers it.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory {
    /// The post as it was before it was last written, and as it is.
    pub(super) posts: Vec<WorkingCopy>,
    pub(super) category: Option<Category>,
    pub(super) byline: Option<Byline>,
    pub(super) image: Option<Image>,
    pub(super) redirect: Option<Redirect>,
    pub(super) key: Option<ApiKeyId>,
}

/// Whoever may do everything.
pub(super) fn administrator() -> Caller {
    caller(Role::Administrator, 1)
}

impl Stage {
    /// A site on which this was done, and the memory of it.
    pub(super) async fn after(deeds: &[Deed]) -> (Self, Memory) {
        let stage = Self::new().await;
        let mut memory = Memory::default();
        for deed in deeds {
            let done = stage.take(&mut memory, *deed, &administrator()).await;
            done.unwrap_or_else(|error| panic!("{deed:?}: {error}"));
        }
        (stage, memory)
    }

    async fn new() -> Self {
        let site = site().await;
        Self {
            categories: categories(&site),
            bylines: bylines(&site),
            images: images(&site),
            redirects: redirects(&site),
            accounts: accounts(&site),
            keys: keys(&site),
            site,
        }
    }

    /// Does it as a client does who repeats it until it is answered.
    pub(super) async fn attempt(&self, memory: &Memory, deed: Deed) -> Result<()> {
        let caller = if deed.takes_a_key() {
            once(administrator(), "key", "digest")
        } else {
            administrator()
        };
        self.take(&mut memory.clone(), deed, &caller).await
    }

    async fn take(&self, memory: &mut Memory, deed: Deed, caller: &Caller) -> Result<()> {
        match deed {
            Deed::LetTimePass => self.site.clock.forward(3_600_000),
            Deed::KeepHouse => {
                self.site.posts.keep_house().await?;
            }
            Deed::CreateCategory
            | Deed::ChangeCategory
            | Deed::CreateByline
            | Deed::ChangeByline
            | Deed::UploadImage
            | Deed::DescribeImage
            | Deed::CreateRedirect
            | Deed::DeleteRedirect => Box::pin(self.take_part(memory, deed, caller)).await?,
            Deed::AddUser | Deed::ResetPassword | Deed::IssueKey | Deed::RevokeKey => {
                Box::pin(self.take_account(memory, deed)).await?;
            }
            _ => Box::pin(self.take_post(memory, deed, caller)).await?,
        }
        Ok(())
    }
}
