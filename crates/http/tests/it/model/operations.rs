//! What can be done to a site, as data: small enough to be read in a case that fails.

use tintero_domain::posts::Set;

use super::{
    query::Query,
    words::{Changes, Words},
};

/// Milliseconds since the Unix epoch.
pub(super) type Moment = i64;

/// Milliseconds from now on; negative ones lie back.
pub(super) type Offset = i64;

pub(super) const SLUGS: [&str; 6] = ["uno", "dos", "tres", "cuatro", "cinco", "seis"];
pub(super) const LOCALES: [&str; 2] = ["es", "en"];
/// Old paths of the site, which posts and redirects compete for.
pub(super) const PATHS: [&str; 4] = ["/viejo", "/antiguo", "/perdido", "/lejos"];

/// One request, or two at once, and what is looked at afterwards.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) operation: Operation,
    pub(super) by: Actor,
    pub(super) company: Company,
    /// With an `Idempotency-Key`, where one is taken.
    pub(super) keyed: bool,
    pub(super) look: Look,
}

/// What is looked at afterwards: every read takes its time.
#[derive(Debug, Clone)]
pub(super) enum Look {
    /// The post that was written, and the addresses.
    Near,
    /// One list, by pages of so many rows; between them operations may go on.
    List {
        query: Box<Query>,
        limit: usize,
        busy: bool,
    },
    /// All there is; lists by pages of so many rows.
    Everywhere(usize),
}

/// Who does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Actor {
    Administrator,
    Editor,
    /// May do less with what others own, may not date back, and runs no site.
    Author,
}

/// What happens at the same time.
#[derive(Debug, Clone)]
pub(super) enum Company {
    Alone,
    /// Somebody else sends the very same request.
    Twin,
    /// Somebody else wants something else; it never creates anything.
    Rival(Box<Operation>, Actor),
    /// The housekeeping runs.
    Housekeeper,
    /// Operations take a step.
    Runner,
}

/// What is done. Whatever is named by a number is named modulo how many were ever created.
#[derive(Debug, Clone)]
pub(super) enum Operation {
    Create {
        words: Words,
        date: Option<Offset>,
    },
    Post {
        nth: usize,
        base: Base,
        deed: Deed,
    },
    /// Operations of the two kinds above in one request.
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
    /// The operation that moves the posts of the nth of what went shall stop.
    Cancel {
        nth: usize,
    },
    /// One of the runners takes a step of every operation, as far as it comes.
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
    /// The last accepted request that had a key is sent again.
    Repeat,
}

/// The end of a process, at one of its writes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crash {
    /// Which write, from 1.
    pub(super) nth: u64,
    /// True when that one is done; nothing after it is.
    pub(super) done: bool,
}

/// The state on which a write is based.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    /// As it is now.
    Latest,
    /// As it was so many versions ago, or at first.
    Back(u64),
    /// A version: what the others come down to once it is clear what they are about.
    At(u64),
}

/// What is done to a post.
#[derive(Debug, Clone)]
pub(super) enum Deed {
    Edit(Box<Changes>),
    /// The same, merged with what happened since the state on which it is based.
    Merge(Box<Changes>),
    /// What a revision said, modulo how many there are.
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

/// What is done to a category.
#[derive(Debug, Clone)]
pub(super) enum CategoryDeed {
    Change {
        slug: Option<&'static str>,
        parent: Set<Option<usize>>,
    },
    /// Another one takes its place: as a merge, or as a deletion that says where posts go.
    Merge {
        into: Naming,
        deleting: bool,
    },
    Delete,
}

/// What is put in the place of a tag.
#[derive(Debug, Clone, Copy)]
pub(super) enum TagDeed {
    /// A name that nothing has.
    Rename(&'static str),
    /// A tag that posts have.
    Merge(&'static str),
}

/// What went, and whose posts move.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gone {
    Category(usize),
    /// In lower case.
    Tag(String),
}

/// A category as a request names it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Naming {
    Id(usize),
    /// By the slug that it has, or had last, when the request is sent.
    SlugOf(usize),
    Slug(&'static str),
}

/// Where a redirect leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Path(&'static str),
    Post(usize),
}

/// How the clock moves.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wait {
    /// Forward by this much.
    For(Offset),
    /// To the next moment for which something is planned, or a millisecond beside it.
    Change(Offset),
}

impl Deed {
    /// True when it can be done to a post in this status.
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

    /// Where a unique name or a version refuses the repetition, no key is taken.
    pub(super) fn takes_a_key(&self) -> bool {
        !matches!(self, Self::Purge)
    }
}
