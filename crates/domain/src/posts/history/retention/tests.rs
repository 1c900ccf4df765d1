use uuid::Uuid;

use super::*;
use crate::{
    posts::{Manuscript, Saved},
    values::Timestamp,
};

const NOW: i64 = 4_102_444_800_000;
const HOUR: i64 = 60 * 60 * 1000;

fn now() -> Timestamp {
    Timestamp::from_millis(NOW)
}

/// Rows, the newest first. Each revision has its own manuscript; they were saved one per minute, days ago.
fn history(revisions: u64) -> Vec<RevisionRow> {
    let row = |n: u64| RevisionRow {
        revision: Revision(n),
        at: Timestamp::from_millis(NOW - 72 * HOUR).after(Duration::from_mins(n)),
        editor: None,
        title: "Hola".parse().unwrap(),
        saved: Saved::new(&Manuscript::default(), None),
        published: false,
        text: text(n),
    };
    (1..=revisions).rev().map(row).collect()
}

fn text(revision: u64) -> ManuscriptRef {
    ManuscriptRef {
        revision: Revision(revision),
        write: Uuid::nil(),
        chunks: 1,
    }
}

fn numbers(outdated: &Outdated) -> Vec<u64> {
    outdated
        .revisions
        .iter()
        .map(|revision| revision.0)
        .collect()
}

#[test]
fn the_newest_hundred_are_kept_and_the_oldest_are_deleted_first() {
    assert_eq!(outdated(&history(100), true, now()), Outdated::default());
    assert_eq!(numbers(&outdated(&history(103), true, now())), [1, 2, 3]);
    let many = outdated(&history(190), true, now());
    assert_eq!(numbers(&many), (1..=50).collect::<Vec<_>>());
}

#[test]
fn published_revisions_are_kept_in_addition_to_the_newest_hundred() {
    let mut rows = history(110);
    for row in &mut rows {
        row.published = row.revision.0 <= 5 || row.revision.0 > 105;
    }
    assert_eq!(outdated(&rows, true, now()), Outdated::default());
    let mut rows = history(120);
    rows.iter_mut()
        .filter(|row| row.revision.0 == 3)
        .for_each(|row| row.published = true);
    assert_eq!(outdated(&rows, true, now()).revisions.len(), 19);
    assert!(!numbers(&outdated(&rows, true, now())).contains(&3));
}

#[test]
fn a_revision_is_kept_for_a_day_after_the_next_one() {
    let mut rows = history(102);
    // The second revision was replaced 23 hours ago, the first one days ago.
    for row in rows.iter_mut().filter(|row| row.revision.0 >= 3) {
        row.at = Timestamp::from_millis(NOW - 23 * HOUR);
    }
    assert_eq!(numbers(&outdated(&rows, true, now())), [1]);
    let later = now().after(Duration::from_hours(1));
    assert_eq!(numbers(&outdated(&rows, true, later)), [1, 2]);
}

#[test]
fn a_text_is_deleted_with_its_last_revision() {
    let mut rows = history(110);
    // Revisions 8 to 12 share the text of revision 8.
    for row in rows
        .iter_mut()
        .filter(|row| (8..=12).contains(&row.revision.0))
    {
        row.text = text(8);
    }
    let first = outdated(&rows, true, now());
    assert_eq!(numbers(&first), (1..=10).collect::<Vec<_>>());
    assert!(
        !first.texts.contains(&text(8)),
        "revision 11 is kept and uses this text"
    );
    assert_eq!(first.texts.len(), 7);
    rows.retain(|row| row.revision.0 > 10);
    let mut newer = history(112);
    newer.truncate(2);
    newer.extend(rows);
    let next = outdated(&newer, true, now());
    assert_eq!((numbers(&next), next.texts), (vec![11, 12], vec![text(8)]));
}

#[test]
fn a_text_that_is_older_than_all_read_rows_is_kept() {
    let mut rows = history(110);
    for row in rows.iter_mut().filter(|row| row.revision.0 <= 6) {
        row.text = text(2);
    }
    rows.truncate(106);
    let seen = outdated(&rows, false, now());
    assert_eq!(numbers(&seen), [7, 8, 9, 10]);
    assert_eq!(seen.texts.len(), 4);
}

#[test]
fn pruning_runs_every_twenty_revisions_above_the_limit() {
    let due: Vec<u64> = (1..=160).filter(|n| is_due(Revision(*n))).collect();
    assert_eq!(due, [120, 140, 160]);
}
