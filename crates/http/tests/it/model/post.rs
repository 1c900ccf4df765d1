//! A post in the model. Its publications, past and scheduled, are a list of showings. All other values
//! follow from this list.

use super::{
    operations::{Actor, Deed, Moment},
    words::Words,
};

#[derive(Debug, Clone)]
pub(super) struct Post {
    pub(super) words: Words,
    pub(super) owner: Actor,
    pub(super) created: Moment,
    pub(super) updated: Moment,
    pub(super) version: u64,
    pub(super) revision: u64,
    pub(super) date: Option<Moment>,
    pub(super) trashed: bool,
    pub(super) purged: bool,
    /// The content of each revision, from the first.
    pub(super) history: Vec<Words>,
    /// The revision of each version, from the first.
    pub(super) revisions: Vec<u64>,
    /// All past, current and scheduled publications, in order.
    pub(super) showings: Vec<Showing>,
}

/// A period in which the post is public.
#[derive(Debug, Clone)]
pub(super) struct Showing {
    pub(super) words: Words,
    pub(super) revision: u64,
    pub(super) date: Moment,
    pub(super) from: Moment,
    pub(super) until: Option<Moment>,
    /// False after archiving.
    pub(super) listed: bool,
}

/// An error: its HTTP status.
pub(super) type Refusal = u16;

pub(super) const FORBIDDEN: Refusal = 403;
pub(super) const NOT_FOUND: Refusal = 404;
/// The name is taken, or the resource is in use.
pub(super) const TAKEN: Refusal = 409;
const ILLEGAL: Refusal = 409;
pub(super) const GONE: Refusal = 410;
pub(super) const STALE: Refusal = 412;
pub(super) const INVALID: Refusal = 422;

impl Showing {
    pub(super) fn has_begun(&self, now: Moment) -> bool {
        self.from <= now
    }

    pub(super) fn has_ended(&self, now: Moment) -> bool {
        self.until.is_some_and(|until| until <= now)
    }

    pub(super) fn is_at(&self, slug: &str, locale: &str) -> bool {
        self.words.slug == slug && self.words.locale == locale
    }
}

impl Post {
    pub(super) fn new(words: Words, owner: Actor, date: Option<Moment>, now: Moment) -> Self {
        Self {
            history: vec![words.clone()],
            revisions: vec![1],
            words,
            owner,
            created: now,
            updated: now,
            version: 1,
            revision: 1,
            date,
            trashed: false,
            purged: false,
            showings: Vec::new(),
        }
    }

    pub(super) fn admits(&self, by: Actor, deed: &Deed) -> bool {
        match (by, deed) {
            (Actor::Editor | Actor::Author, Deed::Purge) => false,
            (Actor::Administrator | Actor::Editor, _) => true,
            (Actor::Author, _) => self.owner == by,
        }
    }

    /// The current showing.
    pub(super) fn live(&self, now: Moment) -> Option<&Showing> {
        let mut showings = self.showings.iter();
        showings.find(|showing| showing.has_begun(now) && !showing.has_ended(now))
    }

    /// The scheduled showing.
    pub(super) fn coming(&self, now: Moment) -> Option<&Showing> {
        self.showings.iter().find(|showing| !showing.has_begun(now))
    }

    /// The past and current showings.
    pub(super) fn shown(&self, now: Moment) -> impl Iterator<Item = &Showing> {
        self.showings
            .iter()
            .filter(move |showing| showing.has_begun(now))
    }

    pub(super) fn was_public(&self, now: Moment) -> bool {
        self.shown(now).next().is_some()
    }

    pub(super) fn status(&self, now: Moment) -> &'static str {
        match (self.live(now), self.coming(now)) {
            _ if self.trashed => "trashed",
            (Some(live), _) if live.listed => "published",
            (Some(_), _) => "archived",
            (None, Some(_)) => "scheduled",
            (None, None) => "draft",
        }
    }

    /// The last showing, including scheduled ones.
    pub(super) fn last(&self, now: Moment) -> Option<&Showing> {
        self.coming(now).or(self.live(now))
    }

    /// The next time at which a schedule changes the post.
    pub(super) fn next_change(&self, now: Moment) -> Option<Moment> {
        let coming = self.coming(now).map(|coming| coming.from);
        coming.or(self.live(now).and_then(|live| live.until))
    }

    /// Whether the post owns this slug: it is, was or will be public at it.
    pub(super) fn holds(&self, slug: &str, locale: &str) -> bool {
        let mut showings = self.showings.iter();
        !self.purged && showings.any(|showing| showing.is_at(slug, locale))
    }

    /// Whether the post owns its aliases: it is, was or will be public.
    pub(super) fn holds_aliases(&self) -> bool {
        !self.purged && !self.showings.is_empty()
    }

    /// Fails if the version is outdated or the status does not allow the transition.
    pub(super) fn require(&self, base: u64, deed: &Deed, now: Moment) -> Result<(), Refusal> {
        if base != self.version {
            return Err(STALE);
        }
        self.require_legal(deed, now)
    }

    pub(super) fn require_legal(&self, deed: &Deed, now: Moment) -> Result<(), Refusal> {
        if deed.is_legal(self.status(now)) {
            Ok(())
        } else {
            Err(ILLEGAL)
        }
    }

    /// Applies a transition that does not change the content.
    pub(super) fn take(&mut self, deed: &Deed, by: Actor, now: Moment) -> Result<(), Refusal> {
        match deed {
            Deed::Edit(_) | Deed::Merge(_) | Deed::Restore { .. } => {}
            Deed::Publish { date } => self.publish(date.map(|by| now + by), by, now)?,
            Deed::Schedule { publish, unpublish } => {
                let moment = |by: &Option<i64>| by.map(|by| now + by);
                self.schedule(moment(publish), moment(unpublish), by, now)?;
            }
            Deed::Unschedule if self.live(now).is_some() => {
                self.date = self.kept_date(now);
                self.show_on(None, now);
            }
            Deed::Unschedule | Deed::Unpublish => self.withdraw(now),
            Deed::Archive => {
                self.date = self.kept_date(now);
                self.show_on(None, now);
                self.change_live(now, |live| live.listed = false);
            }
            Deed::Trash => {
                self.withdraw(now);
                self.trashed = true;
            }
            Deed::Untrash => self.trashed = false,
            Deed::Purge => self.purged = true,
        }
        self.count_up(now);
        Ok(())
    }

    /// Saves content, as a new revision if it differs. Nothing happens if nothing differs.
    pub(super) fn save(&mut self, words: Words, date: Option<Moment>, now: Moment) {
        if words == self.words && date == self.date {
            return;
        }
        if words != self.words {
            self.write(words);
        }
        self.date = date;
        self.count_up(now);
    }

    /// Saves content as a new revision.
    pub(super) fn restore(&mut self, words: Words, now: Moment) {
        self.write(words);
        self.count_up(now);
    }

    fn write(&mut self, words: Words) {
        self.history.push(words.clone());
        self.words = words;
        self.revision += 1;
    }

    fn count_up(&mut self, now: Moment) {
        self.version += 1;
        self.revisions.push(self.revision);
        self.updated = now;
    }

    /// The revision of a version.
    pub(super) fn revision_at(&self, version: u64) -> u64 {
        let nth = usize::try_from(version).unwrap_or_default();
        self.revisions[nth.clamp(1, self.revisions.len()) - 1]
    }

    /// The content at a version.
    pub(super) fn words_at(&self, version: u64) -> &Words {
        let nth = usize::try_from(self.revision_at(version)).unwrap_or_default();
        &self.history[nth - 1]
    }

    /// Whether a list contains an item for this showing: from its publication or scheduling until its
    /// end. Expired items can remain until cleanup.
    pub(super) fn lists(&self, showing: &Showing, swept: bool, now: Moment) -> bool {
        let lies_about = showing.until.is_some_and(|until| until > self.updated);
        let is_over = showing.has_ended(now) && (swept || !lies_about);
        showing.listed && !self.purged && !is_over
    }
}
