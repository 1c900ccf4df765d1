//! What can be done to a site, as data: small enough to be read in a case that fails.

use tintero_domain::posts::Set;

/// Milliseconds since the Unix epoch.
pub(super) type Moment = i64;

/// Milliseconds from now on; negative ones lie back.
pub(super) type Offset = i64;

pub(super) const SLUGS: [&str; 6] = ["uno", "dos", "tres", "cuatro", "cinco", "seis"];
pub(super) const LOCALES: [&str; 2] = ["es", "en"];
/// Some differ in letter case alone, which tells no tags apart.
pub(super) const TAGS: [&[&str]; 6] = [
    &[],
    &["aws"],
    &["Rust"],
    &["rust", "AWS"],
    &["gatos"],
    &["Gatos", "Rust"],
];
/// The tags above, as lists are asked for them.
pub(super) const TAG_NAMES: [&str; 3] = ["aws", "RUST", "gatos"];

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// The post that was written, and the addresses.
    Near,
    /// All there is; lists by pages of so many rows.
    Everywhere(usize),
}

/// Who does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Actor {
    Administrator,
    Editor,
    /// May do less with what others own, and may not date back.
    Author,
}

/// What happens at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Company {
    Alone,
    /// Somebody else sends the very same request.
    Twin,
    /// The housekeeping runs.
    Housekeeper,
}

/// What is done. Posts and categories are named by a number, modulo how many were ever created.
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
    CreateCategory {
        slug: &'static str,
        parent: Option<usize>,
    },
    ChangeCategory {
        nth: usize,
        base: Base,
        slug: Option<&'static str>,
        parent: Set<Option<usize>>,
    },
    Wait(Wait),
    KeepHouse,
    /// The last accepted request that had a key is sent again.
    Repeat,
}

/// The state on which a write is based.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    /// As it is now.
    Latest,
    /// As it was created.
    First,
}

/// What is done to a post.
#[derive(Debug, Clone)]
pub(super) enum Deed {
    Edit(Box<Changes>),
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

/// What its author writes of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) title: u8,
    pub(super) body: u8,
    pub(super) slug: &'static str,
    pub(super) locale: &'static str,
    pub(super) tags: &'static [&'static str],
    pub(super) categories: Vec<usize>,
    pub(super) bylines: Vec<usize>,
}

/// A change of that, and of the date that the post shall carry.
#[derive(Debug, Clone)]
pub(super) struct Changes {
    pub(super) title: Option<u8>,
    pub(super) body: Option<u8>,
    pub(super) slug: Option<&'static str>,
    pub(super) locale: Option<&'static str>,
    pub(super) tags: Option<&'static [&'static str]>,
    pub(super) categories: Option<Vec<usize>>,
    pub(super) bylines: Option<Vec<usize>>,
    pub(super) date: Set<Option<Offset>>,
}

/// How the clock moves.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wait {
    /// Forward by this much.
    For(Offset),
    /// To the next moment for which something is planned, or a millisecond beside it.
    Change(Offset),
}

impl Words {
    /// These words with a change in them.
    pub(super) fn changed(&self, changes: &Changes) -> Self {
        Self {
            title: changes.title.unwrap_or(self.title),
            body: changes.body.unwrap_or(self.body),
            slug: changes.slug.unwrap_or(self.slug),
            locale: changes.locale.unwrap_or(self.locale),
            tags: changes.tags.unwrap_or(self.tags),
            categories: changes
                .categories
                .as_ref()
                .unwrap_or(&self.categories)
                .clone(),
            bylines: changes.bylines.as_ref().unwrap_or(&self.bylines).clone(),
        }
    }

    pub(super) fn title(&self) -> String {
        Self::title_of(self.title)
    }

    pub(super) fn title_of(n: u8) -> String {
        format!("Título {n}")
    }

    pub(super) fn body(&self) -> String {
        Self::body_of(self.body)
    }

    pub(super) fn body_of(n: u8) -> String {
        format!("Texto *{n}*.\n")
    }
}
