//! Categories: a tree under which posts are filed.

mod category;
mod lists;
mod retire;
mod retired;
mod store;
mod tree;

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

pub use category::{Category, CategoryPatch, NewCategory};
pub use lists::TooWide;
pub use retire::Removal;
pub use retired::{Fate, Retired};
pub use store::CategoryStore;
pub use tree::{Seen, Tree};

use crate::{access::{Caller, Permission}, audit::AuditAction, clock::{Clock, Ids}, error::{Error, Resource, Result}, freshness::Freshness, operations::Operations, values::{CategoryId, IdOrSlug, Slug, Version}, writes::WriteOutcome};

/// How often a change of the tree that collided with others is tried.
const ATTEMPTS: usize = 5;

/// The use cases around categories.
#[derive(Clone)]
pub struct Categories {
    store: Arc<dyn CategoryStore>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    operations: Operations,
}

/// What the name of a category led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// To the category.
    Here(Filed),
    /// To the one that it was merged into.
    Moved(CategoryId),
}

/// A category as readers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The category.
    pub category: Category,
    /// The slugs from the top of the tree down to it, joined by slashes.
    pub path: String,
    /// How many published posts are filed directly under it, those on their way from what was
    /// merged into it included. While they are, a post that had been filed under both is counted
    /// in both until it has arrived.
    pub post_count: u64,
}

impl Categories {
    /// The use cases over a store.
    #[must_use]
    pub fn new(
        store: Arc<dyn CategoryStore>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        operations: Operations,
    ) -> Self {
        Self {
            store,
            clock,
            ids,
            operations,
        }
    }

    /// All categories in the order of their paths, for everybody.
    pub async fn list(&self) -> Result<Vec<Filed>> {
        let tree = self.store.tree(Freshness::Recent).await?;
        let counts = self.store.counts(self.clock.now()).await?;
        let filed = |category: &Category| Filed {
            path: tree.path(category),
            post_count: post_count(&tree, &counts, category),
            category: category.clone(),
        };
        Ok(tree.ordered().into_iter().map(filed).collect())
    }

    /// One category, for everybody.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Gone`] for one that was deleted.
    pub async fn get(&self, name: &IdOrSlug<CategoryId>) -> Result<Found> {
        let tree = self.store.tree(Freshness::Recent).await?;
        if let Some(category) = tree.find(name) {
            return self.filed(&tree, category).await.map(Found::Here);
        }
        let retired = tree.find_retired(name);
        let retired = retired.ok_or(Error::NotFound(Resource::Category))?;
        match tree.resolve(retired.id) {
            Some(target) => Ok(Found::Moved(target)),
            None => Err(Error::Gone(Resource::Category)),
        }
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
            let (seen, alias) = (tree.seen(), alias_of(&tree, &category));
            let category = under_present(&tree, category.clone());
            let tree = tree.with(category.clone())?;
            // Each attempt is another transaction, so each is an act of its own.
            let context = caller.context(AuditAction::CreateCategory, self.ids.as_ref(), now);
            let written = self.store.write(&context, seen, None, &category, alias);
            match written.await? {
                WriteOutcome::Applied => {
                    return Ok(Filed {
                        path: tree.path(&category),
                        post_count: 0,
                        category,
                    });
                }
                WriteOutcome::Conflict => {}
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
                .ok_or_else(|| retire::absent(&tree, id))?;
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
            let (seen, alias) = (tree.seen(), alias_of(&tree, &after));
            let after = under_present(&tree, after);
            let tree = tree.with(after.clone())?;
            let context = caller.context(AuditAction::UpdateCategory, self.ids.as_ref(), now);
            let written = self.store.write(&context, seen, Some(&before), &after, alias);
            match written.await? {
                WriteOutcome::Applied => return self.filed(&tree, &after).await,
                WriteOutcome::Conflict => {}
            }
        }
        Err(Error::Contended)
    }

    async fn filed(&self, tree: &Tree, category: &Category) -> Result<Filed> {
        let counts = self.store.counts(self.clock.now()).await?;
        Ok(Filed {
            category: category.clone(),
            path: tree.path(category),
            post_count: post_count(tree, &counts, category),
        })
    }
}

/// How many posts all lists of a category hold.
fn post_count(tree: &Tree, counts: &HashMap<CategoryId, u64>, category: &Category) -> u64 {
    let lists = tree.lists_of(category.id);
    lists.iter().filter_map(|list| counts.get(list)).sum()
}

/// What went and left its slug as an alias that this category may take.
fn alias_of(tree: &Tree, category: &Category) -> Option<CategoryId> {
    let name = IdOrSlug::Slug(category.slug.clone());
    tree.find_retired(&name).map(|retired| retired.id)
}

/// The category below what its parent stands for now.
fn under_present(tree: &Tree, mut category: Category) -> Category {
    category.parent_id = category.parent_id.map(|id| tree.resolve(id).unwrap_or(id));
    category
}
