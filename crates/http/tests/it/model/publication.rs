//! Publishing, scheduling and unpublishing in the model.

use super::{
    operations::{Actor, Moment},
    post::{FORBIDDEN, INVALID, Post, Refusal, Showing},
};

impl Post {
    pub(super) fn publish(
        &mut self,
        wanted: Option<Moment>,
        by: Actor,
        now: Moment,
    ) -> Result<(), Refusal> {
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

    pub(super) fn schedule(
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

    /// The date of the working copy. Cancelling a schedule resets a date set by it.
    pub(super) fn kept_date(&self, now: Moment) -> Option<Moment> {
        let was_public = self.was_public(now);
        match self.coming(now) {
            Some(coming) => self.date.filter(|date| was_public && *date != coming.from),
            None => self.date,
        }
    }

    /// Backdating requires a permission.
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

    /// Publishes the working copy from a time on.
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

    /// Removes the schedule. The current showing stays.
    pub(super) fn show_on(&mut self, until: Option<Moment>, now: Moment) {
        self.showings.retain(|showing| showing.has_begun(now));
        self.change_live(now, |live| live.until = until);
    }

    pub(super) fn withdraw(&mut self, now: Moment) {
        self.date = self.kept_date(now);
        self.show_on(Some(now), now);
    }

    pub(super) fn change_live(&mut self, now: Moment, change: impl FnOnce(&mut Showing)) {
        let mut showings = self.showings.iter_mut();
        let live = showings.find(|showing| showing.has_begun(now) && !showing.has_ended(now));
        if let Some(live) = live {
            change(live);
        }
    }
}
