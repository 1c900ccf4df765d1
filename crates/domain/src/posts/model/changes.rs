//! The times at which the public side of a post changes, derived from its state before and after a write.

use std::collections::{BTreeMap, BTreeSet};

use super::{Live, Post, Status};
use crate::values::{Address, Timestamp};

/// Changes by time, each with the addresses that leave the lists.
pub type ChangeTimes = BTreeMap<Timestamp, BTreeSet<Address>>;

/// Returns the times at which the public side of a post changes because of a write at `now`: now, or at
/// scheduled times. Omits scheduled times that earlier writes have returned. `republished` is whether the
/// write replaces the current live copy.
#[must_use]
pub fn change_times(
    before: Option<&Post>,
    after: &Post,
    republished: bool,
    now: Timestamp,
) -> ChangeTimes {
    let was = before.map(|post| &post.state.status);
    let planned_before = was.map(|status| planned(status, now)).unwrap_or_default();
    let mut changes = planned(&after.state.status, now);
    changes.retain(|at, gone| planned_before.get(at) != Some(gone));
    let is = &after.state.status;
    let has_changed =
        was.and_then(Status::live) != is.live() || was.and_then(Status::listed) != is.listed();
    if has_changed || republished && is.live().is_some() {
        let held = was.and_then(Status::live);
        changes.insert(now, left(held, is.listed()));
    }
    changes
}

/// The scheduled changes after `now`.
fn planned(status: &Status, now: Timestamp) -> ChangeTimes {
    let phases = status.phases();
    let mut changes = ChangeTimes::new();
    for (nth, phase) in phases.iter().enumerate() {
        let next = phases.get(nth + 1).map(|next| next.value);
        changes.entry(phase.span.from).or_default();
        if let Some(until) = phase.span.until {
            let gone = changes.entry(until).or_default();
            gone.extend(left(Some(phase.value), next));
        }
    }
    changes.retain(|at, _| *at > now);
    changes
}

/// The address of the first copy, unless the second has it too.
fn left(first: Option<&Live>, second: Option<&Live>) -> BTreeSet<Address> {
    let kept = second.map(|live| &live.address);
    let address = first.map(|live| &live.address);
    address
        .filter(|address| Some(*address) != kept)
        .into_iter()
        .cloned()
        .collect()
}
