//! Categories: the tree that posts are filed in.

mod category;
mod merge;

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

pub use category::{Category, CategoryPatch, FormerSlug, NewCategory};
pub use merge::CategoryRemoval;

use super::{CategoryStore, Tree, retirement::Merger};
use crate::{
    access::{Caller, ManagedKind},
    audit_action::AuditAction,
    clock::{Clock, Ids},
    error::{Error, Resource, Result},
    freshness::Freshness,
    operations::Operations,
    retry::retry_on_conflict,
    values::{CategoryId, IdOrSlug, Slug, Version},
    writes::WriteOutcome,
};

/// Use cases for categories.
#[derive(Clone)]
pub struct Categories {
    store: Arc<dyn CategoryStore>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    merger: Merger,
}

/// Result of a lookup by id or slug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CategoryLookup {
    /// The category.
    Found(CategoryDetails),
    /// The category was merged into this one, or this one had the slug.
    Moved(CategoryId),
}

/// A category with its path and post count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryDetails {
    /// The category.
    pub category: Category,
    /// The slugs from the root to the category, joined by slashes.
    pub path: String,
    /// Number of published posts directly in the category, including those that a merge has not
    /// relocated yet. Until then, a post in both categories counts twice.
    pub post_count: u64,
}

impl Categories {
    /// Creates the use cases on a store.
    #[must_use]
    pub fn new(
        store: Arc<dyn CategoryStore>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        operations: Operations,
    ) -> Self {
        let merger = Merger {
            store: store.clone(),
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
            operations,
        };
        Self {
            store,
            clock,
            ids,
            merger,
        }
    }

    /// Returns all categories in path order. Requires no permission.
    pub async fn list(&self) -> Result<Vec<CategoryDetails>> {
        let tree = self.store.tree(Freshness::Recent).await?;
        let counts = self.store.category_counts(self.clock.now()).await?;
        let ordered = tree.ordered().into_iter();
        Ok(ordered
            .map(|category| CategoryDetails::new(&tree, &counts, category))
            .collect())
    }

    /// Returns one category. Requires no permission.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Gone`] for a deleted category.
    pub async fn get(&self, name: &IdOrSlug<CategoryId>) -> Result<CategoryLookup> {
        let tree = self.store.tree(Freshness::Recent).await?;
        if let Some(category) = tree.find(name) {
            let details = self.details(&tree, category);
            return details.await.map(CategoryLookup::Found);
        }
        let former = tree.last_named(name);
        let former = former.ok_or(Error::NotFound(Resource::Category))?;
        match tree.resolve(former) {
            Some(target) => Ok(CategoryLookup::Moved(target)),
            None => Err(Error::Gone(Resource::Category)),
        }
    }

    /// Returns the existing categories among `ids` with their paths, at most five seconds old.
    pub async fn named(&self, ids: &BTreeSet<CategoryId>) -> Result<Vec<(Category, String)>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let tree = self.store.tree(Freshness::Recent).await?;
        let named = ids.iter().filter_map(|id| tree.get(*id));
        Ok(named
            .map(|category| (category.clone(), tree.path(category)))
            .collect())
    }

    /// Creates a category.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Taken`], [`Error::Invalid`] if the tree does not allow it.
    pub async fn create(&self, caller: &Caller, new: NewCategory) -> Result<CategoryDetails> {
        caller.require(ManagedKind::Category.permission())?;
        let now = self.clock.now();
        let category = Category {
            id: CategoryId::new(self.ids.next()),
            slug: Slug::given_or_of(new.slug, new.name.as_str())?,
            name: new.name,
            former_slugs: Vec::new(),
            parent_id: new.parent_id,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        };
        retry_on_conflict(|| async {
            let tree = self.store.tree(Freshness::Now).await?;
            let category = category.clone();
            let written = self.write(caller, AuditAction::CreateCategory, tree, None, category);
            let Some((tree, category)) = written.await? else {
                return Ok(None);
            };
            Ok(Some(CategoryDetails {
                path: tree.path(&category),
                post_count: 0,
                category,
            }))
        })
        .await
    }

    /// Changes a category that is at version `base`.
    ///
    /// # Errors
    /// Those of [`create`](Self::create), [`Error::NotFound`], [`Error::Gone`],
    /// [`Error::Outdated`].
    pub async fn update(
        &self,
        caller: &Caller,
        id: CategoryId,
        base: Version,
        patch: CategoryPatch,
    ) -> Result<CategoryDetails> {
        caller.require(ManagedKind::Category.permission())?;
        let now = self.clock.now();
        retry_on_conflict(|| async {
            let tree = self.store.tree(Freshness::Now).await?;
            let before = tree.get(id).ok_or_else(|| tree.absence(id))?.clone();
            if before.version != base {
                return Err(Error::Outdated(before.version));
            }
            let after = patch.clone().apply(before.clone(), now);
            let action = AuditAction::UpdateCategory;
            let written = self.write(caller, action, tree, Some(&before), after);
            match written.await? {
                Some((tree, after)) => self.details(&tree, &after).await.map(Some),
                None => Ok(None),
            }
        })
        .await
    }

    /// Writes a category. Returns it with the new tree, or `None` on a conflict.
    async fn write(
        &self,
        caller: &Caller,
        action: AuditAction,
        tree: Tree,
        before: Option<&Category>,
        mut after: Category,
    ) -> Result<Option<(Tree, Category)>> {
        let version = tree.version;
        let slug = IdOrSlug::Slug(after.slug.clone());
        let alias = tree.find_tombstone(&slug).map(|tombstone| tombstone.id);
        after.parent_id = after.parent_id.map(|id| tree.resolve(id).unwrap_or(id));
        let tree = tree.with(after.clone())?;
        let context = caller.context(action, self.ids.as_ref(), after.updated_at);
        let written = self.store.write(&context, version, before, &after, alias);
        match written.await? {
            WriteOutcome::Applied => Ok(Some((tree, after))),
            WriteOutcome::Conflict => Ok(None),
        }
    }

    async fn details(&self, tree: &Tree, category: &Category) -> Result<CategoryDetails> {
        let counts = self.store.category_counts(self.clock.now()).await?;
        Ok(CategoryDetails::new(tree, &counts, category))
    }
}

impl CategoryDetails {
    fn new(tree: &Tree, counts: &HashMap<CategoryId, u64>, category: &Category) -> Self {
        let lists = tree.lists_of(category.id);
        Self {
            path: tree.path(category),
            post_count: lists.iter().filter_map(|list| counts.get(list)).sum(),
            category: category.clone(),
        }
    }
}
