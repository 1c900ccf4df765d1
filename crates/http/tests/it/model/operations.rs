//! The operations of the model, as small values that are readable in failed cases.

use tintero_domain::posts::Set;

use super::{
    query::Query,
    words::{Changes, Words},
};

/// Milliseconds since the Unix epoch.
pub(super) type Moment = i64;

/// Milliseconds relative to now; can be negative.
pub(super) type Offset = i64;

pub(super) const SLUGS: [&str; 6] = ["uno", "dos", "tres", "cuatro", "cinco", "seis"];
pub(super) const LOCALES: [&str; 2] = ["es", "en"];
/// Paths for which posts and redirects compete.
pub(super) const PATHS: [&str; 4] = ["/viejo", "/antiguo", "/perdido", "/lejos"];

/// One request, or two concurrent ones, and the reads that follow.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) operation: Operation,
    pub(super) by: Actor,
    pub(super) company: Company,
    /// True to send an `Idempotency-Key`, if supported.
    pub(super) keyed: bool,
    pub(super) look: Look,
}

/// The reads after a step. Limited, because each read takes time.
#[derive(Debug, Clone)]
pub(super) enum Look {
    /// The written post, and URLs.
    Near,
    /// One list with this page size. Operations can run between the pages.
    List {
        query: Box<Query>,
        limit: usize,
        busy: bool,
    },
    /// Everything. Lists have this page size.
    Everywhere(usize),
}

/// A caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Actor {
    Administrator,
    Editor,
    /// A role with fewer permissions: no posts of others, no past dates, no site-wide changes.
    Author,
}

/// An event during a request.
#[derive(Debug, Clone)]
pub(super) enum Company {
    Alone,
    /// Another client sends the same request.
    Twin,
    /// Another client sends another request that creates nothing.
    Rival(Box<Operation>, Actor),
    /// Cleanup runs.
    Housekeeper,
    /// Operations run a step.
    Runner,
}

/// A write. Numbers refer to created resources, modulo their count.
#[derive(Debug, Clone)]
pub(super) enum Operation {
    Create {
        words: Words,
        date: Option<Offset>,
        published: bool,
    },
    Post {
        nth: usize,
        base: Base,
        deed: Deed,
    },
    /// A batch of writes to posts.
    Batch(Vec<Operation>),
    CreateCategory {
        slug: &'static str,
        parent: Option<usize>,
    },
    Category {
        nth: usize,
        base: Base,
        deed: CategoryDeed,
    },
    Tag {
        tag: &'static str,
        deed: TagDeed,
    },
    /// Cancels the operation of the nth merge.
    Cancel {
        nth: usize,
    },
    /// A runner runs a step of every operation, until it crashes.
    Work {
        runner: usize,
        crash: Option<Crash>,
    },
    CreateRedirect {
        from: &'static str,
        to: End,
        permanent: bool,
    },
    RemoveRedirect {
        nth: usize,
    },
    Wait(Wait),
    KeepHouse,
    /// Repeats the last accepted request with an idempotency key.
    Repeat,
}

/// A crash of a process at one of its writes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crash {
    /// The number of the write, from 1.
    pub(super) nth: u64,
    /// Whether that write is applied.
    pub(super) done: bool,
}

/// The version on which a write is based.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    /// The current version.
    Latest,
    /// An earlier version, this many writes ago, at least the first.
    Back(u64),
    /// A specific version. Other variants are resolved to it.
    At(u64),
}

/// A write to a post.
#[derive(Debug, Clone)]
pub(super) enum Deed {
    Edit(Box<Changes>),
    /// A patch with `merge=auto`.
    Merge(Box<Changes>),
    /// A restore of a revision, modulo their count.
    Restore {
        revision: usize,
    },
    Publish {
        date: Option<Offset>,
    },
    Schedule {
        publish: Option<Offset>,
        unpublish: Option<Offset>,
    },
    Unschedule,
    Archive,
    Unpublish,
    Trash,
    Untrash,
    Purge,
}

/// A write to a category.
#[derive(Debug, Clone)]
pub(super) enum CategoryDeed {
    Change {
        slug: Option<&'static str>,
        parent: Set<Option<usize>>,
    },
    /// A merge, or a deletion with `reassign_to`.
    Merge {
        into: Naming,
        deleting: bool,
    },
    Delete,
}

/// The target of a tag merge or rename.
#[derive(Debug, Clone, Copy)]
pub(super) enum TagDeed {
    /// An unused name.
    Rename(&'static str),
    /// A used tag.
    Merge(&'static str),
}

/// The source of a merge.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gone {
    Category(usize),
    /// In lower case.
    Tag(String),
}

/// A category as named in a request.
#[derive(Debug, Clone, Copy)]
pub(super) enum Naming {
    Id(usize),
    /// By its current or last slug at the time of the request.
    SlugOf(usize),
    Slug(&'static str),
}

/// The target of a redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Path(&'static str),
    Post(usize),
}

/// A change of the clock.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wait {
    /// Forward by a duration.
    For(Offset),
    /// To the next scheduled time, or one millisecond before or after it.
    Change(Offset),
}

impl Deed {
    /// Whether the status allows the write.
    pub(super) fn is_legal(&self, status: &str) -> bool {
        match self {
            Self::Edit(_)
            | Self::Merge(_)
            | Self::Restore { .. }
            | Self::Publish { .. }
            | Self::Trash => status != "trashed",
            Self::Schedule { .. } => ["draft", "scheduled", "published"].contains(&status),
            Self::Unschedule => ["scheduled", "published"].contains(&status),
            Self::Archive => status == "published",
            Self::Unpublish => ["scheduled", "published", "archived"].contains(&status),
            Self::Untrash | Self::Purge => status == "trashed",
        }
    }

    /// False for writes that do not support idempotency keys.
    pub(super) fn takes_a_key(&self) -> bool {
        !matches!(self, Self::Purge)
    }
}
