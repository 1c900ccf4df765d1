//! Posts that translate one another: a source, and at most one translation for each language.

use super::{Claim, Post, Posts};
use crate::{
    access::{Caller, Permission},
    error::{Error, Resource, Result},
    freshness::{Freshness, Cacheable},
    values::{Address, Locale, PostId, Slug},
};

/// A post among those that translate one another.
#[derive(Debug, Clone, PartialEq)]
pub struct Translated {
    /// The post.
    pub post: Post,
    /// How it stands to the source.
    pub timeliness: Timeliness,
}

/// How a post stands to the source of its translations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timeliness {
    /// It is the source.
    Source,
    /// It renders the source as that is.
    Current,
    /// The source was changed since.
    Outdated,
    /// The source is no more.
    Orphaned,
}

impl Timeliness {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Source, Self::Current, Self::Outdated, Self::Orphaned];

    /// The name in answers.
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
    /// The source first, then its translations by language; the post itself is among them.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn translations(&self, caller: &Caller, id: PostId) -> Result<Vec<Translated>> {
        caller.require(Permission::ReadPosts)?;
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        let post = store.find_post(id, Freshness::Recent, now).await?;
        let post = post.ok_or(Error::NotFound(Resource::Post))?;
        let source = post.content.translation.map_or(id, |own| own.of);
        let posts = self.group(source).await?;
        let of_source = posts.iter().find(|post| post.state.id == source);
        let mut rows: Vec<_> = posts
            .iter()
            .map(|post| Translated {
                timeliness: Timeliness::of(post, of_source),
                post: post.clone(),
            })
            .collect();
        rows.sort_by_key(|row| {
            let locale = row.post.content.address.locale.clone();
            (row.timeliness != Timeliness::Source, locale)
        });
        Ok(rows)
    }

    /// Where the other posts of a published post's translations are public now.
    ///
    /// # Errors
    /// [`Error::NotFound`] when nothing is public at the address.
    pub async fn public_translations(
        &self,
        slug: Slug,
        locale: Option<Locale>,
    ) -> Result<Cacheable<Vec<Address>>> {
        let locale = locale.unwrap_or_else(|| self.default_locale.clone());
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
        let mut places: Vec<_> = others
            .clone()
            .filter_map(|post| Some(post.live()?.address.clone()))
            .collect();
        places.sort_unstable();
        let changes = others.filter_map(|post| post.state.status.next_change());
        let quiet = changes.chain(until).min();
        Ok(Cacheable {
            what: places,
            quiet: quiet.map(|change| change.since(now)),
        })
    }

    /// A source and all its translations, as far as they are there.
    async fn group(&self, source: PostId) -> Result<Vec<Post>> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        let mut ids = store.find_translations(source).await?;
        ids.push(source);
        store.find_posts(&ids, Freshness::Recent, now).await
    }
}
