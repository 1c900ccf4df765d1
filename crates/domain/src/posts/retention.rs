//! Which revisions are kept, and the step that forgets the rest.
//!
//! Kept are: every revision that was ever public; every one for a day after the next one was
//! saved; and of the others the newest hundred of a post. A day is as long as an answer is
//! repeated under its `Idempotency-Key`, which takes the revision that was there.

use std::{collections::BTreeSet, time::Duration};

use super::{ManuscriptRef, Post, Posts, RevisionRow};
use crate::{
    error::Result,
    values::{Revision, Timestamp},
};

/// Revisions of a post that were never public and are kept however old they are.
const KEPT: usize = 100;

/// How long any revision is kept after it was replaced.
const YOUNG: Duration = Duration::from_hours(24);

/// Every so many revisions it is looked whether some can go, so that a save costs no more.
const EVERY: u64 = 20;

/// Revisions that one step looks at; what lies deeper waits until it is among them.
const LOOKED_AT: usize = 200;

/// Revisions that one step forgets.
const FORGOTTEN: usize = 50;

/// What one step may forget.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outdated {
    revisions: Vec<Revision>,
    texts: Vec<ManuscriptRef>,
}

impl Posts {
    /// Forgets revisions of a post that was just saved, a bounded number. When this fails, the
    /// next step does it.
    pub(super) async fn forget_old_revisions(&self, post: &Post, now: Timestamp) -> Result<()> {
        let (id, revision) = (post.state.id, post.state.revision);
        if !is_due(revision) {
            return Ok(());
        }
        let history = &self.ports.history;
        let rows = history.find_history(id, LOOKED_AT).await?;
        let outdated = outdated(&rows, rows.len() < LOOKED_AT, now);
        if outdated.revisions.is_empty() {
            return Ok(());
        }
        history
            .forget(id, &outdated.revisions, &outdated.texts)
            .await
    }
}

fn is_due(revision: Revision) -> bool {
    revision.0 > KEPT as u64 && revision.0.is_multiple_of(EVERY)
}

/// What can be forgotten of these revisions, which come newest first and without gaps. `is_all`
/// says that there are no older ones.
fn outdated(rows: &[RevisionRow], is_all: bool, now: Timestamp) -> Outdated {
    let deepest = rows.last().map(|row| row.revision).filter(|_| !is_all);
    let others = rows.iter().enumerate().filter(|(_, row)| !row.published);
    let forgotten: BTreeSet<Revision> = others
        .skip(KEPT)
        .filter_map(|(position, row)| Some((rows.get(position.checked_sub(1)?)?, row)))
        .filter(|(next, _)| next.at.after(YOUNG) <= now)
        // A text is shared by the revisions that follow it. Of one that began deeper it cannot be
        // seen whether it is in use.
        .filter(|(_, row)| deepest.is_none_or(|deepest| row.text.revision >= deepest))
        .map(|(_, row)| row.revision)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .take(FORGOTTEN)
        .collect();
    let (gone, stay): (Vec<_>, Vec<_>) = rows
        .iter()
        .partition(|row| forgotten.contains(&row.revision));
    let mut texts: Vec<_> = gone.iter().map(|row| row.text).collect();
    texts.dedup();
    texts.retain(|text| stay.iter().all(|row| row.text != *text));
    Outdated {
        revisions: forgotten.into_iter().collect(),
        texts,
    }
}

#[cfg(test)]
mod tests;
