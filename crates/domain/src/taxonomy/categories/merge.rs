use super::{Categories, Category};
use crate::{
    access::{Caller, ManagedKind},
    audit_action::AuditAction,
    error::{CategoryUse, Error, FieldErrors, Resource, Result},
    freshness::Freshness,
    operations::{Operation, Task},
    retry::retry_on_conflict,
    taxonomy::{
        CategoryTombstone, Retirement, RetirementPrecondition, RetirementWrite, Tombstone, Tree,
        aliases::Alias, retirement::check_room,
    },
    values::{CategoryId, Code, IdOrSlug, Version},
    writes::WriteOutcome,
};

/// Result of deleting a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CategoryRemoval {
    /// The category was deleted.
    Deleted,
    /// The category was merged; the operation relocates its posts.
    Merging(Box<Operation>),
}

impl Categories {
    /// Merges a category that is at version `base` into another one. A repeated request returns the
    /// same operation, or a new one if that was cancelled or failed.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Gone`], [`Error::Outdated`],
    /// [`Error::Invalid`] if the target is missing or not another category,
    /// [`Error::CategoryInUse`] if the category has children.
    pub async fn merge(
        &self,
        caller: &Caller,
        id: CategoryId,
        base: Version,
        into: &IdOrSlug<CategoryId>,
    ) -> Result<Operation> {
        caller.require(ManagedKind::Category.permission())?;
        retry_on_conflict(|| async {
            let tree = self.store.tree(Freshness::Now).await?;
            let target = merge_target(&tree, id, into)?;
            let task = Task::MergeCategories {
                from: id,
                into: target,
            };
            let Some(before) = tree.get(id) else {
                let tombstone = tree
                    .tombstone(id)
                    .filter(|_| tree.resolve(id) == Some(target));
                let tombstone = tombstone.ok_or_else(|| tree.absence(id))?;
                let tombstone = Tombstone::Category(tombstone.clone());
                let post_count = self.post_count(id);
                return self
                    .merger
                    .resume(caller, tombstone, task, post_count)
                    .await;
            };
            check_removable(&tree, before, base)?;
            let post_count = self.post_count(id).await?;
            let retirement = |operation: &Operation| RetirementWrite {
                tombstone: Tombstone::Category(CategoryTombstone::merged(
                    before, target, operation,
                )),
                precondition: RetirementPrecondition::None,
            };
            let (action, read) = (AuditAction::MergeCategory, (&tree, post_count));
            self.merger
                .merge(caller, action, read, task, retirement)
                .await
        })
        .await
    }

    /// Deletes a category that is at version `base` and has no posts, or merges it into
    /// `reassign_to`.
    ///
    /// # Errors
    /// Those of [`merge`](Self::merge); [`Error::CategoryInUse`] if the category has posts and
    /// `reassign_to` is absent.
    pub async fn remove(
        &self,
        caller: &Caller,
        id: CategoryId,
        base: Version,
        reassign_to: Option<&IdOrSlug<CategoryId>>,
    ) -> Result<CategoryRemoval> {
        if let Some(into) = reassign_to {
            let operation = self.merge(caller, id, base, into).await?;
            return Ok(CategoryRemoval::Merging(Box::new(operation)));
        }
        caller.require(ManagedKind::Category.permission())?;
        retry_on_conflict(|| async {
            let tree = self.store.tree(Freshness::Now).await?;
            let before = tree.get(id).ok_or_else(|| tree.absence(id))?;
            check_removable(&tree, before, base)?;
            if self.store.holds_posts(&tree.lists_of(id)).await? {
                return Err(Error::CategoryInUse(CategoryUse::Posts));
            }
            let now = self.clock.now();
            let deletion = RetirementWrite {
                tombstone: Tombstone::Category(CategoryTombstone {
                    id,
                    retired_at: now,
                    retirement: Retirement::Deleted,
                }),
                precondition: RetirementPrecondition::NoPosts {
                    slug: before.slug.clone(),
                },
            };
            let context = caller.context(AuditAction::DeleteCategory, self.ids.as_ref(), now);
            let stored = self.store.retire(&context, tree.version, &deletion, None);
            Ok(match stored.await? {
                WriteOutcome::Applied => Some(CategoryRemoval::Deleted),
                WriteOutcome::Conflict => None,
            })
        })
        .await
    }

    /// The number of published posts in the category's own list.
    async fn post_count(&self, id: CategoryId) -> Result<u64> {
        let counts = self.store.category_counts(self.clock.now()).await?;
        Ok(counts.get(&id).copied().unwrap_or_default())
    }
}

fn merge_target(tree: &Tree, id: CategoryId, into: &IdOrSlug<CategoryId>) -> Result<CategoryId> {
    let invalid = |code, detail| Err(FieldErrors::one("/into", code, detail).into());
    let named = tree.named(into).and_then(|named| tree.resolve(named));
    let Some(target) = named.and_then(|target| tree.get(target)) else {
        return invalid(Code::UnknownReference, "does not exist");
    };
    if target.id == id {
        return invalid(Code::OutOfRange, "must be another category");
    }
    if tree.line(target).iter().any(|ancestor| ancestor.id == id) {
        return invalid(
            Code::OutOfRange,
            "must not be a descendant of this category",
        );
    }
    Ok(target.id)
}

/// Fails unless the category is at version `base`, has no children, and there is room for another
/// tombstone.
fn check_removable(tree: &Tree, category: &Category, base: Version) -> Result<()> {
    if category.version != base {
        return Err(Error::Outdated(category.version));
    }
    let mut all = tree.categories.iter();
    if all.any(|other| other.parent_id == Some(category.id)) {
        return Err(Error::CategoryInUse(CategoryUse::Children));
    }
    check_room(tree.tombstones.len(), "categories")
}

impl CategoryTombstone {
    /// The tombstone of a category that an operation merges into another one.
    fn merged(before: &Category, into: CategoryId, operation: &Operation) -> Self {
        Self {
            id: before.id,
            retired_at: operation.created_at,
            retirement: Retirement::MergedInto {
                slug: before.slug.clone(),
                former_slugs: before.former_slugs.clone(),
                alias: Alias::new(into, operation.id),
            },
        }
    }
}

impl Tree {
    /// The error of a request that names a category which is not in the tree.
    pub(super) fn absence(&self, id: CategoryId) -> Error {
        match self.tombstone(id) {
            Some(_) => Error::Gone(Resource::Category),
            None => Error::NotFound(Resource::Category),
        }
    }
}
