//! Translations: a source post and at most one translation per language.

use crate::{
    access::{Caller, Permission},
    error::{Error, Resource, Result},
    freshness::{Cacheable, Freshness},
    posts::{Claim, Post, Posts},
    values::{Address, Locale, PostId, Slug},
};

/// A post in a group of translations.
#[derive(Debug, Clone, PartialEq)]
pub struct TranslationEntry {
    /// The post.
    pub post: Post,
    /// Its relation to the source.
    pub state: TranslationState,
}

/// The relation of a post to the source of its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TranslationState {
    /// It is the source.
    Source,
    /// It translates the current revision of the source.
    Current,
    /// The source has changed since the translation.
    Outdated,
    /// The source was deleted.
    Orphaned,
}

impl TranslationState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Source, Self::Current, Self::Outdated, Self::Orphaned];

    /// The name in responses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Current => "current",
            Self::Outdated => "outdated",
            Self::Orphaned => "orphaned",
        }
    }

    fn of(post: &Post, source: Option<&Post>) -> Self {
        match (post.content.translation, source) {
            (None, _) => Self::Source,
            (Some(_), None) => Self::Orphaned,
            (Some(translation), Some(source)) => {
                if translation.source_revision < source.state.revision {
                    Self::Outdated
                } else {
                    Self::Current
                }
            }
        }
    }
}

impl Posts {
    /// Returns the group of a post, including the post: the source first, then translations by
    /// locale, drafts of one locale in the order of their creation.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn translations(&self, caller: &Caller, id: PostId) -> Result<Vec<TranslationEntry>> {
        caller.require(Permission::ReadPosts)?;
        let post = self.find_post(id, Freshness::Recent).await?;
        let post = post.ok_or(Error::NotFound(Resource::Post))?;
        let source = post.content.translation.map_or(id, |own| own.of);
        let posts = self.group(source).await?;
        let of_source = posts.iter().find(|post| post.state.id == source);
        let mut rows: Vec<_> = posts
            .iter()
            .map(|post| TranslationEntry {
                state: TranslationState::of(post, of_source),
                post: post.clone(),
            })
            .collect();
        rows.sort_by_key(|row| {
            let locale = row.post.content.address.locale.clone();
            (
                row.state != TranslationState::Source,
                locale,
                row.post.state.id,
            )
        });
        Ok(rows)
    }

    /// Returns the public addresses of the other posts in the group of a published post.
    ///
    /// # Errors
    /// [`Error::NotFound`] if no post is public at the address.
    pub async fn public_translations(
        &self,
        slug: Slug,
        locale: Option<Locale>,
    ) -> Result<Cacheable<Vec<Address>>> {
        let locale = match locale {
            Some(locale) => locale,
            None => self.site().await?.default_locale.clone(),
        };
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        let address = Address { locale, slug };
        let claim = store.find_claim(&address, Freshness::Recent, now).await?;
        let Some(Claim::Live { copy, until }) = claim else {
            return Err(Error::NotFound(Resource::Post));
        };
        let own = copy.summary.id;
        let source = copy.summary.translation_of.unwrap_or(own);
        let posts = self.group(source).await?;
        let others = posts.iter().filter(|post| post.state.id != own);
        let mut addresses: Vec<_> = others
            .clone()
            .filter_map(|post| Some(post.live()?.address.clone()))
            .collect();
        addresses.sort_unstable();
        let changes = others.filter_map(|post| post.state.status.next_change());
        let next_change = changes.chain(until).min();
        Ok(Cacheable {
            value: addresses,
            fresh_for: next_change.map(|change| change.since(now)),
        })
    }

    /// Finds the source and its translations, as far as they exist.
    async fn group(&self, source: PostId) -> Result<Vec<Post>> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        let mut ids = store.find_translations(source).await?;
        ids.push(source);
        store.find_posts(&ids, Freshness::Recent, now).await
    }
}
