//! A post as the model knows it: what is public of it, and when, is a list of showings, and
//! everything else follows from that list.

use super::operations::{Actor, Base, Deed, Moment, Words};

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
    /// What each revision said, the first one first.
    pub(super) history: Vec<Words>,
    /// Whatever was, is or shall be public, in the order of time.
    pub(super) showings: Vec<Showing>,
}

/// Something that is public for a while.
#[derive(Debug, Clone)]
pub(super) struct Showing {
    pub(super) words: Words,
    pub(super) revision: u64,
    pub(super) date: Moment,
    pub(super) from: Moment,
    pub(super) until: Option<Moment>,
    /// False once it is archived.
    pub(super) listed: bool,
}

/// The status of a refusal.
pub(super) type Refusal = u16;

pub(super) const FORBIDDEN: Refusal = 403;
const ILLEGAL: Refusal = 409;
const STALE: Refusal = 412;
const INVALID: Refusal = 422;

impl Showing {
    fn has_begun(&self, now: Moment) -> bool {
        self.from <= now
    }

    fn has_ended(&self, now: Moment) -> bool {
        self.until.is_some_and(|until| until <= now)
    }

    pub(super) fn is_at(&self, slug: &str, locale: &str) -> bool {
        self.words.slug == slug && self.words.locale == locale
    }
}

impl Deed {
    /// True when it can be done to a post in this status.
    pub(super) fn is_legal(&self, status: &str) -> bool {
        match self {
            Self::Edit(_) | Self::Restore { .. } | Self::Publish { .. } | Self::Trash => {
                status != "trashed"
            }
            Self::Schedule { .. } => ["draft", "scheduled", "published"].contains(&status),
            Self::Unschedule => ["scheduled", "published"].contains(&status),
            Self::Archive => status == "published",
            Self::Unpublish => ["scheduled", "published", "archived"].contains(&status),
            Self::Untrash | Self::Purge => status == "trashed",
        }
    }
}

impl Post {
    pub(super) fn new(words: Words, owner: Actor, date: Option<Moment>, now: Moment) -> Self {
        Self {
            history: vec![words.clone()],
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

    /// True when this is a matter for them.
    pub(super) fn admits(&self, by: Actor, deed: &Deed) -> bool {
        match (by, deed) {
            (Actor::Editor | Actor::Author, Deed::Purge) => false,
            (Actor::Administrator | Actor::Editor, _) => true,
            (Actor::Author, _) => self.owner == by,
        }
    }

    /// What is public now.
    pub(super) fn live(&self, now: Moment) -> Option<&Showing> {
        let mut showings = self.showings.iter();
        showings.find(|showing| showing.has_begun(now) && !showing.has_ended(now))
    }

    /// What shall be public.
    pub(super) fn coming(&self, now: Moment) -> Option<&Showing> {
        self.showings.iter().find(|showing| !showing.has_begun(now))
    }

    /// What was public, or is.
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

    /// What the public sees last, as far as it is planned.
    pub(super) fn last(&self, now: Moment) -> Option<&Showing> {
        self.coming(now).or(self.live(now))
    }

    /// The next moment at which what the public sees changes by itself.
    pub(super) fn next_change(&self, now: Moment) -> Option<Moment> {
        let coming = self.coming(now).map(|coming| coming.from);
        coming.or(self.live(now).and_then(|live| live.until))
    }

    /// True when nobody else can have this address.
    pub(super) fn holds(&self, slug: &str, locale: &str) -> bool {
        let working = self.words.slug == slug && self.words.locale == locale;
        let shown = self
            .showings
            .iter()
            .any(|showing| showing.is_at(slug, locale));
        !self.purged && (working || shown)
    }

    /// Fails as the API does when the post is not at the state, or not in a status that allows it.
    pub(super) fn require(&self, base: Base, deed: &Deed, now: Moment) -> Result<(), Refusal> {
        if base == Base::First && self.version != 1 {
            return Err(STALE);
        }
        if deed.is_legal(self.status(now)) {
            Ok(())
        } else {
            Err(ILLEGAL)
        }
    }

    /// Does it. Moments are given, not offsets.
    pub(super) fn take(&mut self, deed: &Deed, by: Actor, now: Moment) -> Result<(), Refusal> {
        match deed {
            Deed::Edit(changes) => {
                let words = self.words.changed(changes);
                if words != self.words {
                    self.write(words);
                }
                self.date = changes
                    .date
                    .map_or(self.date, |date| date.map(|by| now + by));
            }
            Deed::Restore { revision } => self.write(self.restored(*revision).clone()),
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
        self.version += 1;
        self.updated = now;
        Ok(())
    }

    /// What a revision says, modulo how many there are.
    pub(super) fn restored(&self, revision: usize) -> &Words {
        &self.history[revision % self.history.len()]
    }

    fn write(&mut self, words: Words) {
        self.history.push(words.clone());
        self.words = words;
        self.revision += 1;
    }

    fn publish(&mut self, wanted: Option<Moment>, by: Actor, now: Moment) -> Result<(), Refusal> {
        let date = wanted.or(self.kept_date(now)).unwrap_or(now);
        if date > now {
            return Err(INVALID);
        }
        self.require_date(date, now, (by, now))?;
        let until = self.last(now).and_then(|last| last.until);
        self.show_on(Some(now), now);
        self.show(date, now, until);
        Ok(())
    }

    fn schedule(
        &mut self,
        publish: Option<Moment>,
        unpublish: Option<Moment>,
        by: Actor,
        now: Moment,
    ) -> Result<(), Refusal> {
        let past = |moment: Option<Moment>| moment.is_some_and(|moment| moment <= now);
        let upside_down = publish
            .zip(unpublish)
            .is_some_and(|(from, until)| until <= from);
        let empty = publish.or(unpublish).is_none();
        if past(publish) || past(unpublish) || upside_down || empty {
            return Err(INVALID);
        }
        let kept = self.kept_date(now);
        match (self.live(now), publish) {
            (None, None) => return Err(INVALID),
            (_, Some(from)) => {
                let kept = kept.filter(|kept| self.was_public(now) && *kept <= from);
                let date = kept.unwrap_or(from);
                self.require_date(date, from, (by, now))?;
                self.show_on(Some(from), now);
                self.show(date, from, unpublish);
            }
            (Some(_), None) => {
                self.date = kept;
                self.show_on(unpublish, now);
            }
        }
        Ok(())
    }

    /// The date of the working copy; one that a plan gave is given up with it.
    fn kept_date(&self, now: Moment) -> Option<Moment> {
        let was_public = self.was_public(now);
        match self.coming(now) {
            Some(coming) => self.date.filter(|date| was_public && *date != coming.from),
            None => self.date,
        }
    }

    /// Not everybody may let a post look older than it is.
    fn require_date(
        &self,
        date: Moment,
        from: Moment,
        (by, now): (Actor, Moment),
    ) -> Result<(), Refusal> {
        if self.live(now).is_some_and(|live| live.date == date) {
            return Ok(());
        }
        let first = self.showings.first().map(|showing| showing.from);
        let first = first.filter(|first| *first < from).unwrap_or(from);
        if date < first && by == Actor::Author {
            return Err(FORBIDDEN);
        }
        Ok(())
    }

    /// Makes the working copy public from a moment on.
    fn show(&mut self, date: Moment, from: Moment, until: Option<Moment>) {
        self.date = Some(date);
        self.showings.push(Showing {
            words: self.words.clone(),
            revision: self.revision,
            date,
            from,
            until,
            listed: true,
        });
    }

    /// Forgets what is planned; what is public stays so until then.
    fn show_on(&mut self, until: Option<Moment>, now: Moment) {
        self.showings.retain(|showing| showing.has_begun(now));
        self.change_live(now, |live| live.until = until);
    }

    fn withdraw(&mut self, now: Moment) {
        self.date = self.kept_date(now);
        self.show_on(Some(now), now);
    }

    fn change_live(&mut self, now: Moment, change: impl FnOnce(&mut Showing)) {
        let mut showings = self.showings.iter_mut();
        let live = showings.find(|showing| showing.has_begun(now) && !showing.has_ended(now));
        if let Some(live) = live {
            change(live);
        }
    }
}
