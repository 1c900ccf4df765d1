//! Renaming and merging of tags. Both replace a tag by another one permanently. The new name must
//! be unused to rename, and in use to merge.

use super::{TagAliases, Tags};
use crate::{
    access::{Caller, ManagedKind},
    audit_action::AuditAction,
    error::{Error, FieldErrors, Resource, Result, TagUse},
    freshness::Freshness,
    operations::{Operation, Task},
    retry::retry_on_conflict,
    taxonomy::{
        RetirementPrecondition, RetirementWrite, TagTombstone, Tombstone, aliases::Alias,
        retirement::check_room,
    },
    values::{Code, Tag},
};

const NOT_FOUND: Error = Error::NotFound(Resource::Tag);

/// The requested replacement of a tag.
#[derive(Debug, Clone, Copy)]
enum Replacement<'a> {
    Rename(&'a Tag),
    Merge(&'a Tag),
}

impl Tags {
    /// Renames a tag. A repeated request returns the same operation, or a new one if that was
    /// cancelled or failed.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] if no published post has the tag;
    /// [`Error::Invalid`] if the names differ only in letter case; [`Error::TagTaken`].
    pub async fn rename(&self, caller: &Caller, tag: &Tag, name: &Tag) -> Result<Operation> {
        self.replace(caller, tag, Replacement::Rename(name)).await
    }

    /// Merges a tag into another one that published posts have. A repeated request returns the same
    /// operation, or a new one if that was cancelled or failed.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] if no published post has the tag;
    /// [`Error::Invalid`] if no published post has the target, or if it is the same tag.
    pub async fn merge(&self, caller: &Caller, tag: &Tag, into: &Tag) -> Result<Operation> {
        self.replace(caller, tag, Replacement::Merge(into)).await
    }

    async fn replace(
        &self,
        caller: &Caller,
        tag: &Tag,
        replacement: Replacement<'_>,
    ) -> Result<Operation> {
        caller.require(ManagedKind::Tag.permission())?;
        retry_on_conflict(|| async {
            let tree = self.store.tree(Freshness::Now).await?;
            let aliases = &tree.tags;
            let into = &replacement.target(aliases, tag)?;
            if let Some(tombstone) = aliases.get(&tag.folded()) {
                return self.resume(caller, aliases, tombstone, into).await;
            }
            let (source_lists, target_lists) = (lists_of(aliases, tag), lists_of(aliases, into));
            let lists = [source_lists.clone(), target_lists.clone()].concat();
            let counts = self.store.tag_counts(&lists, self.clock.now()).await?;
            if counts.posts(&source_lists) == 0 {
                return Err(NOT_FOUND);
            }
            replacement.check_target(aliases, tag, counts.posts(&target_lists))?;
            check_room(aliases.len(), "tags")?;
            let precondition = RetirementPrecondition::TagCounters {
                source_has_posts: counts.is_counted(&tag.folded()),
                target_has_posts: counts.is_counted(&into.folded()),
                target_is_retired: aliases.get(&into.folded()).is_some(),
            };
            let retirement = |operation: &Operation| RetirementWrite {
                tombstone: Tombstone::Tag(TagTombstone {
                    tag: tag.clone(),
                    retired_at: operation.created_at,
                    alias: Alias::new(into.clone(), operation.id),
                }),
                precondition,
            };
            let read = (&tree, counts.posts(&[tag.folded()]));
            let (action, task) = (replacement.action(), merge_task(tag, into));
            self.merger
                .merge(caller, action, read, task, retirement)
                .await
        })
        .await
    }

    async fn resume(
        &self,
        caller: &Caller,
        aliases: &TagAliases,
        tombstone: &TagTombstone,
        into: &Tag,
    ) -> Result<Option<Operation>> {
        if aliases.resolve(&tombstone.tag).folded() != into.folded() {
            return Err(NOT_FOUND);
        }
        let list = [tombstone.tag.folded()];
        let post_count = async {
            let counts = self.store.tag_counts(&list, self.clock.now()).await?;
            Ok(counts.posts(&list))
        };
        let task = merge_task(&tombstone.tag, into);
        let tombstone = Tombstone::Tag(tombstone.clone());
        self.merger
            .resume(caller, tombstone, task, post_count)
            .await
    }
}

impl Replacement<'_> {
    fn action(self) -> AuditAction {
        match self {
            Self::Rename(_) => AuditAction::RenameTag,
            Self::Merge(_) => AuditAction::MergeTag,
        }
    }

    /// Resolves the replacement, which must be another tag.
    fn target(self, aliases: &TagAliases, tag: &Tag) -> Result<Tag> {
        let (target, pointer, detail) = match self {
            Self::Rename(name) => {
                let detail = "must differ in more than letter case";
                (name.clone(), "/name", detail)
            }
            Self::Merge(into) => (aliases.resolve(into), "/into", "must be another tag"),
        };
        if target.folded() == tag.folded() {
            return Err(FieldErrors::one(pointer, Code::OutOfRange, detail).into());
        }
        Ok(target)
    }

    /// Fails if a new name is in use, or if the target of a merge is not. `posts` is the number of
    /// published posts of the target.
    fn check_target(self, aliases: &TagAliases, tag: &Tag, posts: u64) -> Result<()> {
        let name = match self {
            Self::Merge(_) if posts == 0 => {
                let detail =
                    "must be a tag of a published post. To use a new name, rename this tag.";
                return Err(FieldErrors::one("/into", Code::UnknownReference, detail).into());
            }
            Self::Merge(_) => return Ok(()),
            Self::Rename(name) => name,
        };
        let by = match aliases.get(&name.folded()) {
            None if posts == 0 => return Ok(()),
            None => TagUse::Posts,
            Some(tombstone) => {
                let target = aliases.resolve(name);
                if target.folded() != tag.folded() {
                    TagUse::Alias(target)
                } else if tombstone.alias.drained {
                    return Ok(());
                } else {
                    TagUse::Leaving
                }
            }
        };
        let name = name.clone();
        Err(Error::TagTaken { name, by })
    }
}

fn merge_task(from: &Tag, into: &Tag) -> Task {
    Task::MergeTags {
        from: from.clone(),
        into: into.clone(),
    }
}

/// The lists of a tag. Lists of the aliases of a retired tag belong to its replacement.
fn lists_of(aliases: &TagAliases, tag: &Tag) -> Vec<String> {
    let folded = tag.folded();
    if aliases.get(&folded).is_some() {
        return vec![folded];
    }
    aliases.lists_of(&folded)
}
