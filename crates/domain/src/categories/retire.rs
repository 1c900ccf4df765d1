//! How a category goes: merged into another, or deleted when nothing needs it.
//!
//! From the first transaction on, everybody who reads or writes sees the other category in its
//! place; what is left to do is to move the posts, and that is an operation.

use super::{Categories, Category, Fate, Retired, Tree};
use crate::{access::{Caller, Permission}, audit::AuditAction, error::{CategoryUse, Error, FieldErrors, Resource, Result}, freshness::Freshness, merging::GRACE_PERIOD, operations::{Operation, Task}, values::{CategoryId, Code, IdOrSlug, Version}, writes::WriteOutcome};

/// What came of the wish to delete a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removal {
    /// It is gone.
    Deleted,
    /// Another one stands for it, and its posts are being moved.
    Merging(Box<Operation>),
}

impl Categories {
    /// Merges a category that is at the version `base` into another one. Asked for again, it is
    /// the same merge, taken up again where it had been given up.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Gone`], [`Error::Outdated`],
    /// [`Error::Invalid`] for a target that does not exist or is no other category,
    /// [`Error::CategoryInUse`] while other categories belong to it.
    pub async fn merge(
        &self,
        caller: &Caller,
        id: CategoryId,
        base: Version,
        into: &IdOrSlug<CategoryId>,
    ) -> Result<Operation> {
        caller.require(Permission::ManageCategories)?;
        for _ in 0..super::ATTEMPTS {
            let tree = self.store.tree(Freshness::Now).await?;
            let target = successor(&tree, id, into)?;
            let Some(before) = tree.get(id) else {
                match self.merge_again(caller, tree, id, target).await? {
                    Some(operation) => return Ok(operation),
                    None => continue,
                }
            };
            removable(&tree, before, base)?;
            let operation = self.moving(caller, &tree, id, target).await?;
            let after = merged(before, target, &operation);
            let context = caller.context(AuditAction::MergeCategory, self.ids.as_ref(), self.clock.now());
            let stored = self
                .store
                .retire(&context, tree.seen(), before, &after, Some(&operation));
            match stored.await? {
                WriteOutcome::Applied => {
                    self.operations.announce();
                    return Ok(operation);
                }
                WriteOutcome::Conflict => {}
            }
        }
        Err(Error::Contended)
    }

    /// Deletes a category that is at the version `base` and has no posts; or merges it into
    /// another one, which it does whether or not there are posts.
    ///
    /// # Errors
    /// As [`merge`](Self::merge); [`Error::CategoryInUse`] while posts are filed under it, unless
    /// they are to go elsewhere.
    pub async fn remove(
        &self,
        caller: &Caller,
        id: CategoryId,
        base: Version,
        reassign_to: Option<&IdOrSlug<CategoryId>>,
    ) -> Result<Removal> {
        if let Some(into) = reassign_to {
            let operation = self.merge(caller, id, base, into).await?;
            return Ok(Removal::Merging(Box::new(operation)));
        }
        caller.require(Permission::ManageCategories)?;
        for _ in 0..super::ATTEMPTS {
            let tree = self.store.tree(Freshness::Now).await?;
            let before = tree.get(id).ok_or_else(|| absent(&tree, id))?;
            removable(&tree, before, base)?;
            if self.store.holds_posts(&tree.lists_of(id)).await? {
                return Err(Error::CategoryInUse(CategoryUse::Posts));
            }
            let after = Retired {
                id,
                retired_at: self.clock.now(),
                fate: Fate::Deleted,
            };
            let context = caller.context(AuditAction::DeleteCategory, self.ids.as_ref(), after.retired_at);
            let stored = self.store.retire(&context, tree.seen(), before, &after, None);
            match stored.await? {
                WriteOutcome::Applied => return Ok(Removal::Deleted),
                WriteOutcome::Conflict => {}
            }
        }
        Err(Error::Contended)
    }

    /// What a merge that happened before is asked for again: what moves its posts, or, where that
    /// was given up, a new operation that does. None when somebody else just took it up.
    async fn merge_again(
        &self,
        caller: &Caller,
        tree: Tree,
        id: CategoryId,
        target: CategoryId,
    ) -> Result<Option<Operation>> {
        let gone = || Error::Gone(Resource::Category);
        let retired = tree
            .retired(id)
            .ok_or(Error::NotFound(Resource::Category))?;
        let Fate::Merged {
            drained, operation, ..
        } = &retired.fate
        else {
            return Err(gone());
        };
        if tree.resolve(id) != Some(target) {
            return Err(gone());
        }
        match self.operations.find(*operation).await? {
            Some(known) if known.stands() => return Ok(Some(known)),
            None if *drained => return Err(gone()),
            // Stopped at its very end it may be drained, too: to go on with nothing is to succeed.
            _ => {}
        }
        let operation = self.moving(caller, &tree, id, target).await?;
        let after = retired.moved_by(operation.id);
        let context = caller.context(AuditAction::MergeCategory, self.ids.as_ref(), self.clock.now());
        let stored = self.store.take_up(&context, retired, &after, &operation);
        match stored.await? {
            WriteOutcome::Applied => {
                self.operations.announce();
                Ok(Some(operation))
            }
            WriteOutcome::Conflict => Ok(None),
        }
    }

    async fn moving(
        &self,
        caller: &Caller,
        tree: &Tree,
        from: CategoryId,
        into: CategoryId,
    ) -> Result<Operation> {
        let counts = self.store.counts(self.clock.now()).await?;
        let task = Task::MergeCategories { from, into };
        let total = counts.get(&from).copied().unwrap_or_default();
        // What is no longer new needs no notice: whoever reads knows of it.
        let begins_at = match tree.retired(from) {
            Some(retired) => retired.retired_at.after(GRACE_PERIOD),
            None => self.clock.now().after(GRACE_PERIOD),
        };
        Ok(self.operations.planned(caller, task, total, begins_at))
    }
}

/// The category that is named as the successor of another one.
fn successor(tree: &Tree, id: CategoryId, into: &IdOrSlug<CategoryId>) -> Result<CategoryId> {
    let refuse = |code, detail| Err(FieldErrors::one("/into", code, detail).into());
    let named = tree.named(into).and_then(|named| tree.resolve(named));
    let Some(target) = named.and_then(|target| tree.get(target)) else {
        return refuse(Code::UnknownReference, "does not exist");
    };
    let line = tree.line(target);
    if target.id == id {
        return refuse(Code::OutOfRange, "is this category itself");
    }
    if line.iter().any(|step| step.id == id) {
        return refuse(Code::OutOfRange, "lies below this category");
    }
    Ok(target.id)
}

/// Fails unless a category is at this version and nothing belongs to it.
fn removable(tree: &Tree, category: &Category, base: Version) -> Result<()> {
    if category.version != base {
        return Err(Error::Outdated(category.version));
    }
    let mut all = tree.categories.iter();
    if all.any(|other| other.parent_id == Some(category.id)) {
        return Err(Error::CategoryInUse(CategoryUse::Children));
    }
    if tree.retired.len() >= Tree::MAX_RETIRED {
        let detail = format!("would be one of more than {} that went", Tree::MAX_RETIRED);
        return Err(FieldErrors::one("", Code::TooLong, detail).into());
    }
    Ok(())
}

/// Why a category is not in the tree.
pub(super) fn absent(tree: &Tree, id: CategoryId) -> Error {
    match tree.retired(id) {
        Some(_) => Error::Gone(Resource::Category),
        None => Error::NotFound(Resource::Category),
    }
}

fn merged(before: &Category, into: CategoryId, operation: &Operation) -> Retired {
    Retired {
        id: before.id,
        retired_at: operation.created_at,
        fate: Fate::Merged {
            into,
            slug: before.slug.clone(),
            drained: false,
            operation: operation.id,
        },
    }
}
