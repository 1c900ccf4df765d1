//! Deleting and merging bylines. Both are permanent.

use super::{Byline, Bylines};
use crate::{
    access::{Caller, ManagedKind},
    audit_action::AuditAction,
    error::{BylineUse, Error, FieldErrors, Resource, Result},
    freshness::Freshness,
    operations::{Operation, Task},
    posts::ListKey,
    retry::retry_on_conflict,
    taxonomy::{
        Alias, BylineTombstone, RetirementPrecondition, RetirementWrite, Tombstone, Tree,
        check_room,
    },
    values::{BylineId, Code, IdOrSlug, PostId, Timestamp, Version},
    writes::WriteOutcome,
};

/// Maximum number of posts that a refused deletion names.
const MAX_NAMED: usize = 10;

/// Result of deleting a byline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BylineRemoval {
    /// The byline was deleted.
    Deleted,
    /// The byline was merged; the operation relocates its posts.
    Merging(Box<Operation>),
}

impl Bylines {
    /// Merges a byline that is at version `base` into another one. A repeated request returns the same
    /// operation, or a new one if that was cancelled or failed.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Gone`], [`Error::Outdated`], and
    /// [`Error::Invalid`] if the target is missing or the same byline.
    pub async fn merge(
        &self,
        caller: &Caller,
        id: BylineId,
        base: Version,
        into: &IdOrSlug<BylineId>,
    ) -> Result<Operation> {
        caller.require(ManagedKind::Byline.permission())?;
        retry_on_conflict(|| async {
            let tree = self.merger.store.tree(Freshness::Now).await?;
            let target = self.target(&tree, id, into).await?;
            let task = Task::MergeBylines {
                from: id,
                into: target,
            };
            let post_count = self.merger.store.byline_count(id, self.clock.now());
            let Some(before) = self.store.find(id).await? else {
                let tombstone = tree.byline_tombstone(id);
                let merged = tombstone.filter(|_| tree.resolve_byline(id) == Some(target));
                let merged = merged.ok_or_else(|| absence(tombstone.is_some()))?;
                let tombstone = Tombstone::Byline(merged.clone());
                let resumed = self.merger.resume(caller, tombstone, task, post_count);
                return resumed.await;
            };
            check_removable(&tree, &before, base)?;
            let read = (&tree, post_count.await?);
            let retirement = |operation: &Operation| {
                let alias = Alias::new(target, operation.id);
                retirement(&before, operation.created_at, Some(alias))
            };
            let merging = AuditAction::MergeByline;
            self.merger
                .merge(caller, merging, read, task, retirement)
                .await
        })
        .await
    }

    /// Deletes a byline that is at version `base` and has no published posts, or merges it into
    /// `reassign_to`.
    ///
    /// # Errors
    /// Those of [`merge`](Self::merge); [`Error::BylineInUse`] if posts name the byline and `reassign_to` is
    /// absent.
    pub async fn remove(
        &self,
        caller: &Caller,
        id: BylineId,
        base: Version,
        reassign_to: Option<&IdOrSlug<BylineId>>,
    ) -> Result<BylineRemoval> {
        if let Some(into) = reassign_to {
            let operation = self.merge(caller, id, base, into).await?;
            return Ok(BylineRemoval::Merging(Box::new(operation)));
        }
        caller.require(ManagedKind::Byline.permission())?;
        retry_on_conflict(|| async {
            let tree = self.merger.store.tree(Freshness::Now).await?;
            let before = self.store.find(id).await?;
            let before = before.ok_or_else(|| absence(tree.byline_tombstone(id).is_some()))?;
            check_removable(&tree, &before, base)?;
            self.require_unused(&tree, id).await?;
            let now = self.clock.now();
            let deletion = retirement(&before, now, None);
            let context = caller.context(AuditAction::DeleteByline, self.ids.as_ref(), now);
            let store = &self.merger.store;
            let stored = store.retire(&context, tree.version, &deletion, None);
            Ok(match stored.await? {
                WriteOutcome::Applied => Some(BylineRemoval::Deleted),
                WriteOutcome::Conflict => None,
            })
        })
        .await
    }

    /// Fails if a published or scheduled post names the byline, or one that was merged into it.
    async fn require_unused(&self, tree: &Tree, id: BylineId) -> Result<()> {
        let mut posts: Vec<PostId> = Vec::new();
        let mut count = 0;
        for list in tree.byline_lists(id) {
            let listed = ListKey::Byline(list);
            let found = self.posts.list_entries(&listed, None, MAX_NAMED).await?;
            let counted = self.merger.store.byline_count(list, self.clock.now());
            let counted = counted.await?;
            count += counted.max(found.len().try_into().unwrap_or(u64::MAX));
            posts.extend(found.into_iter().map(|post| post.id));
        }
        if posts.is_empty() {
            return Ok(());
        }
        posts.truncate(MAX_NAMED);
        Err(Error::BylineInUse(BylineUse { count, posts }))
    }

    async fn target(
        &self,
        tree: &Tree,
        id: BylineId,
        into: &IdOrSlug<BylineId>,
    ) -> Result<BylineId> {
        let invalid = |code, detail| Err(FieldErrors::one("/into", code, detail).into());
        let named = match into {
            IdOrSlug::Id(id) => Some(*id),
            IdOrSlug::Slug(slug) => self.store.find_id(slug).await?,
        };
        let target = named.and_then(|named| tree.resolve_byline(named));
        let target = match target {
            Some(target) => self.store.find(target).await?,
            None => None,
        };
        match target {
            None => invalid(Code::UnknownReference, "does not exist"),
            Some(target) if target.id == id => invalid(Code::OutOfRange, "must be another byline"),
            Some(target) => Ok(target.id),
        }
    }
}

/// Fails unless the byline is at version `base` and there is room for another tombstone.
fn check_removable(tree: &Tree, byline: &Byline, base: Version) -> Result<()> {
    if byline.version != base {
        return Err(Error::Outdated(byline.version));
    }
    check_room(tree.bylines.len(), "bylines")
}

fn retirement(
    before: &Byline,
    retired_at: Timestamp,
    alias: Option<Alias<BylineId>>,
) -> RetirementWrite {
    RetirementWrite {
        tombstone: Tombstone::Byline(BylineTombstone {
            id: before.id,
            retired_at,
            alias,
        }),
        precondition: RetirementPrecondition::Byline {
            version: before.version,
            slug: before.slug.clone(),
        },
    }
}

/// The error of a request that names a byline which does not exist.
pub(super) fn absence(is_retired: bool) -> Error {
    if is_retired {
        Error::Gone(Resource::Byline)
    } else {
        Error::NotFound(Resource::Byline)
    }
}
