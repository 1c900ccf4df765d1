//! Categories: a tree under which posts are filed.

mod category;
mod store;
mod tree;

use std::{collections::BTreeSet, sync::Arc};

pub use category::{Category, CategoryPatch, NewCategory};
pub use store::CategoryStore;
pub use tree::Tree;

use crate::{
    access::{Caller, Permission},
    act::Action,
    clock::{Clock, Ids},
    error::{Error, Resource, Result},
    freshness::Freshness,
    posts::Commit,
    values::{CategoryId, IdOrSlug, Slug, Version},
};

/// How often a change of the tree that collided with others is tried.
const ATTEMPTS: usize = 5;

/// The use cases around categories.
#[derive(Clone)]
pub struct Categories {
    store: Arc<dyn CategoryStore>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// A category as readers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The category.
    pub category: Category,
    /// The slugs from the top of the tree down to it, joined by slashes.
    pub path: String,
    /// How many published posts are filed directly under it.
    pub post_count: u64,
}

impl Categories {
    /// The use cases over a store.
    #[must_use]
    pub fn new(store: Arc<dyn CategoryStore>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { store, clock, ids }
    }

    /// All categories in the order of their paths, for everybody.
    pub async fn list(&self) -> Result<Vec<Filed>> {
        let tree = self.store.tree(Freshness::Recent).await?;
        let counts = self.store.counts(self.clock.now()).await?;
        let filed = |category: &Category| Filed {
            path: tree.path(category),
            post_count: counts.get(&category.id).copied().unwrap_or_default(),
            category: category.clone(),
        };
        Ok(tree.ordered().into_iter().map(filed).collect())
    }

    /// One category, for everybody.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, name: &IdOrSlug<CategoryId>) -> Result<Filed> {
        let tree = self.store.tree(Freshness::Recent).await?;
        let category = tree.find(name).ok_or(Error::NotFound(Resource::Category))?;
        self.filed(&tree, category).await
    }

    /// Those of these categories that are there, as of a moment ago, each with its path.
    pub async fn named(&self, ids: &BTreeSet<CategoryId>) -> Result<Vec<(Category, String)>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let tree = self.store.tree(Freshness::Recent).await?;
        let named = ids.iter().filter_map(|id| tree.find(&IdOrSlug::Id(*id)));
        Ok(named
            .map(|category| (category.clone(), tree.path(category)))
            .collect())
    }

    /// Creates a category.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Taken`], [`Error::Invalid`] where the tree forbids it.
    pub async fn create(&self, caller: &Caller, new: NewCategory) -> Result<Filed> {
        caller.require(Permission::ManageCategories)?;
        let now = self.clock.now();
        let category = Category {
            id: CategoryId::new(self.ids.next()),
            slug: Slug::given_or_of(new.slug, new.name.as_str())?,
            name: new.name,
            parent_id: new.parent_id,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        };
        for _ in 0..ATTEMPTS {
            let tree = self.store.tree(Freshness::Now).await?;
            let seen = tree.version;
            let tree = tree.with(category.clone())?;
            // Each attempt is another transaction, so each is an act of its own.
            let act = caller.act(Action::CreateCategory, self.ids.as_ref(), now);
            match self.store.write(&act, seen, None, &category).await? {
                Commit::Done => {
                    return Ok(Filed {
                        path: tree.path(&category),
                        post_count: 0,
                        category,
                    });
                }
                Commit::Stale => {}
            }
        }
        Err(Error::Contended)
    }

    /// Renames or moves a category that is at the version `base`.
    ///
    /// # Errors
    /// As [`create`](Self::create); [`Error::NotFound`], [`Error::Outdated`].
    pub async fn update(
        &self,
        caller: &Caller,
        id: CategoryId,
        base: Version,
        patch: CategoryPatch,
    ) -> Result<Filed> {
        caller.require(Permission::ManageCategories)?;
        let now = self.clock.now();
        for _ in 0..ATTEMPTS {
            let tree = self.store.tree(Freshness::Now).await?;
            let before = tree
                .find(&IdOrSlug::Id(id))
                .cloned()
                .ok_or(Error::NotFound(Resource::Category))?;
            if before.version != base {
                return Err(Error::Outdated(before.version));
            }
            let patch = patch.clone();
            let after = Category {
                name: patch.name.unwrap_or_else(|| before.name.clone()),
                slug: patch.slug.unwrap_or_else(|| before.slug.clone()),
                parent_id: patch.parent_id.unwrap_or(before.parent_id),
                updated_at: now,
                version: before.version.next(),
                ..before.clone()
            };
            let seen = tree.version;
            let tree = tree.with(after.clone())?;
            let act = caller.act(Action::UpdateCategory, self.ids.as_ref(), now);
            let written = self.store.write(&act, seen, Some(&before), &after);
            match written.await? {
                Commit::Done => return self.filed(&tree, &after).await,
                Commit::Stale => {}
            }
        }
        Err(Error::Contended)
    }

    async fn filed(&self, tree: &Tree, category: &Category) -> Result<Filed> {
        let counts = self.store.counts(self.clock.now()).await?;
        let post_count = counts.get(&category.id).copied().unwrap_or_default();
        Ok(Filed {
            category: category.clone(),
            path: tree.path(category),
            post_count,
        })
    }
}
