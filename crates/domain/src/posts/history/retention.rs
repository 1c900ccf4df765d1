//! Retention of revisions.
//!
//! Kept are all revisions that were ever public, all revisions for one day after they were
//! replaced, and the newest hundred others of each post. One day is the lifetime of an idempotency
//! record, whose replay needs the revision.

use std::{collections::BTreeSet, time::Duration};

use crate::{
    error::Result,
    posts::{ManuscriptRef, Post, Posts, RevisionRow},
    values::{PostId, Revision, Timestamp},
};

/// Number of kept revisions that were never public.
const MAX_UNPUBLISHED: usize = 100;

/// Time for which a replaced revision is kept.
const MIN_AGE: Duration = Duration::from_hours(24);

/// Pruning runs once per this many revisions, so that it adds little cost to a save.
const INTERVAL: u64 = 20;

/// Revisions read by one run. Older ones are read once they are among the newest.
const MAX_READ: usize = 200;

/// Revisions deleted by one run.
const MAX_DELETED: usize = 50;

/// Revisions and manuscripts to delete.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outdated {
    revisions: Vec<Revision>,
    texts: Vec<ManuscriptRef>,
}

impl Posts {
    /// Deletes old revisions of a post that was just saved. Logs a failure; the next run retries
    /// it.
    pub(in crate::posts) async fn prune_revisions(&self, post: &Post, now: Timestamp) {
        let (id, revision) = (post.state.id, post.state.revision);
        if is_due(revision)
            && let Err(error) = self.try_prune_revisions(id, now).await
        {
            tracing::warn!(post_id = %id, %error, "could not prune old revisions");
        }
    }

    async fn try_prune_revisions(&self, id: PostId, now: Timestamp) -> Result<()> {
        let history = &self.ports.history;
        let rows = history.find_history(id, MAX_READ).await?;
        let outdated = outdated(&rows, rows.len() < MAX_READ, now);
        if outdated.revisions.is_empty() {
            return Ok(());
        }
        history
            .forget(id, &outdated.revisions, &outdated.texts)
            .await
    }
}

fn is_due(revision: Revision) -> bool {
    revision.0 > MAX_UNPUBLISHED as u64 && revision.0.is_multiple_of(INTERVAL)
}

/// Selects deletable revisions from rows that are sorted newest first without gaps. `is_all` means
/// that there are no older ones.
fn outdated(rows: &[RevisionRow], is_all: bool, now: Timestamp) -> Outdated {
    let oldest = rows.last().map(|row| row.revision).filter(|_| !is_all);
    let others = rows.iter().enumerate().filter(|(_, row)| !row.published);
    let deletable: BTreeSet<Revision> = others
        .skip(MAX_UNPUBLISHED)
        .filter_map(|(position, row)| Some((rows.get(position.checked_sub(1)?)?, row)))
        .filter(|(next, _)| next.at.after(MIN_AGE) <= now)
        // Consecutive revisions share a manuscript. If it begins before the oldest row, it may
        // still be in use.
        .filter(|(_, row)| oldest.is_none_or(|oldest| row.text.revision >= oldest))
        .map(|(_, row)| row.revision)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .take(MAX_DELETED)
        .collect();
    let (deleted, kept): (Vec<_>, Vec<_>) = rows
        .iter()
        .partition(|row| deletable.contains(&row.revision));
    let mut texts: Vec<_> = deleted.iter().map(|row| row.text).collect();
    texts.dedup();
    texts.retain(|text| kept.iter().all(|row| row.text != *text));
    Outdated {
        revisions: deletable.into_iter().collect(),
        texts,
    }
}

#[cfg(test)]
mod tests;
