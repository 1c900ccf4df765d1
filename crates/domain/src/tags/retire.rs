//! How a tag goes: renamed, or merged into another. Both put another tag in its place, from the
//! first transaction on and for good; they differ in whether the other one must be new or known.
//! What is left to do is to move the posts, and that is an operation.

use super::{Alias, Aliases, Counts, Succession, Tags};
use crate::{access::{Caller, Permission}, audit::AuditAction, error::{Error, FieldErrors, Resource, Result, TagUse}, freshness::Freshness, merging::GRACE_PERIOD, operations::{Operation, Task}, values::{Code, Tag, Timestamp}, writes::WriteOutcome};

/// How often a change that collided with others is tried.
const ATTEMPTS: usize = 5;

const NOT_FOUND: Error = Error::NotFound(Resource::Tag);

/// What shall stand for a tag.
#[derive(Debug, Clone, Copy)]
enum Wish<'a> {
    /// A name that no published post has.
    Name(&'a Tag),
    /// A tag that published posts have.
    Into(&'a Tag),
}

impl Tags {
    /// Gives a tag another name. Asked for again, it is the same renaming, taken up again where it
    /// had been given up.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] when no published post has the tag;
    /// [`Error::Invalid`] when the name differs in letter case alone; [`Error::TagTaken`].
    pub async fn rename(&self, caller: &Caller, tag: &Tag, name: &Tag) -> Result<Operation> {
        self.replace(caller, tag, Wish::Name(name)).await
    }

    /// Merges a tag into another one that published posts have. Asked for again, it is the same
    /// merge, taken up again where it had been given up.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] when no published post has the tag;
    /// [`Error::Invalid`] for a target that no published post has, or that is this tag.
    pub async fn merge(&self, caller: &Caller, tag: &Tag, into: &Tag) -> Result<Operation> {
        self.replace(caller, tag, Wish::Into(into)).await
    }

    async fn replace(&self, caller: &Caller, tag: &Tag, wish: Wish<'_>) -> Result<Operation> {
        caller.require(Permission::ManageTags)?;
        for _ in 0..ATTEMPTS {
            let (aliases, seen) = self.store.aliases(Freshness::Now).await?;
            let into = wish.target(&aliases, tag)?;
            if let Some(alias) = aliases.get(&tag.folded()) {
                match self.replace_again(caller, &aliases, alias, &into).await? {
                    Some(operation) => return Ok(operation),
                    None => continue,
                }
            }
            let now = self.clock.now();
            let (of_tag, of_into) = (lists_of(&aliases, tag), lists_of(&aliases, &into));
            let all = [of_tag.clone(), of_into.clone()].concat();
            let counts = self.store.counts(&all, now).await?;
            if counts.posts(&of_tag) == 0 {
                return Err(NOT_FOUND);
            }
            wish.require_free_or_known(&aliases, tag, counts.posts(&of_into))?;
            require_room(&aliases)?;
            let operation = self.moving(caller, (tag, &into), &counts, now.after(GRACE_PERIOD));
            let succession = succession(&aliases, (tag, into), &counts, &operation);
            let context = caller.context(wish.action(), self.ids.as_ref(), now);
            let stored = self.store.retire(&context, seen, &succession, &operation);
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

    /// What happened before is asked for again: what moves the posts, or, where that was given up,
    /// a new operation that does. None when somebody else just took it up.
    async fn replace_again(
        &self,
        caller: &Caller,
        aliases: &Aliases,
        alias: &Alias,
        into: &Tag,
    ) -> Result<Option<Operation>> {
        if aliases.resolve(&alias.tag).folded() != into.folded() {
            return Err(NOT_FOUND);
        }
        match self.operations.find(alias.operation).await? {
            Some(known) if known.stands() => return Ok(Some(known)),
            None if alias.drained => return Err(NOT_FOUND),
            // It may have been stopped at its very end. To go on with nothing is to succeed.
            _ => {}
        }
        let now = self.clock.now();
        let counts = self.store.counts(&[alias.tag.folded()], now).await?;
        // What is no longer new needs no notice: whoever reads knows of it.
        let begins_at = alias.retired_at.after(GRACE_PERIOD);
        let operation = self.moving(caller, (&alias.tag, into), &counts, begins_at);
        let after = Alias {
            operation: operation.id,
            ..alias.clone()
        };
        let context = caller.context(AuditAction::MergeTag, self.ids.as_ref(), now);
        match self.store.take_up(&context, alias, &after, &operation).await? {
            WriteOutcome::Applied => {
                self.operations.announce();
                Ok(Some(operation))
            }
            WriteOutcome::Conflict => Ok(None),
        }
    }

    fn moving(
        &self,
        caller: &Caller,
        (from, into): (&Tag, &Tag),
        counts: &Counts,
        begins_at: Timestamp,
    ) -> Operation {
        let total = counts.posts(&[from.folded()]);
        let (from, into) = (from.clone(), into.clone());
        let task = Task::MergeTags { from, into };
        self.operations.planned(caller, task, total, begins_at)
    }
}

impl Wish<'_> {
    fn action(self) -> AuditAction {
        match self {
            Self::Name(_) => AuditAction::RenameTag,
            Self::Into(_) => AuditAction::MergeTag,
        }
    }

    /// The tag that shall stand for `tag`, which must be another one.
    fn target(self, aliases: &Aliases, tag: &Tag) -> Result<Tag> {
        let (target, pointer, detail) = match self {
            Self::Name(name) => {
                let detail =
                    "differs in letter case alone, and letter case does not tell tags apart";
                (name.clone(), "/name", detail)
            }
            Self::Into(into) => (aliases.resolve(into), "/into", "is this tag itself"),
        };
        if target.folded() == tag.folded() {
            return Err(FieldErrors::one(pointer, Code::OutOfRange, detail).into());
        }
        Ok(target)
    }

    /// Fails unless a name is nobody else's, or a target is there, which has so many `posts`.
    fn require_free_or_known(self, aliases: &Aliases, tag: &Tag, posts: u64) -> Result<()> {
        let name = match self {
            Self::Into(_) if posts == 0 => {
                let detail =
                    "is a tag that no published post has; to give this one that name, rename it";
                return Err(FieldErrors::one("/into", Code::UnknownReference, detail).into());
            }
            Self::Into(_) => return Ok(()),
            Self::Name(name) => name,
        };
        let by = match aliases.get(&name.folded()) {
            None if posts == 0 => return Ok(()),
            None => TagUse::Posts,
            Some(alias) => {
                let stands_for_it = aliases.resolve(name);
                if stands_for_it.folded() != tag.folded() {
                    TagUse::Alias(stands_for_it)
                } else if alias.drained {
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

fn lists_of(aliases: &Aliases, tag: &Tag) -> Vec<String> {
    let folded = tag.folded();
    if aliases.get(&folded).is_some() {
        // What leads to a tag that went is on its way to what stands for it.
        return vec![folded];
    }
    aliases.lists_of(&folded)
}

fn require_room(aliases: &Aliases) -> Result<()> {
    if aliases.len() < Aliases::MAX {
        return Ok(());
    }
    let detail = format!("would be one of more than {} tags that went", Aliases::MAX);
    Err(FieldErrors::one("", Code::TooLong, detail).into())
}

fn succession(
    aliases: &Aliases,
    (tag, into): (&Tag, Tag),
    counts: &Counts,
    operation: &Operation,
) -> Succession {
    Succession {
        was_counted: counts.is_counted(&tag.folded()),
        is_counted: counts.is_counted(&into.folded()),
        comes_back: aliases.get(&into.folded()).is_some(),
        alias: Alias {
            tag: tag.clone(),
            retired_at: operation.created_at,
            into,
            drained: false,
            operation: operation.id,
        },
    }
}
