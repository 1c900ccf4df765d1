//! The operations that move the posts of merged categories and tags: when they may start, how they may
//! end, and that they end.

use serde_json::Value;
use tintero_embedded::faults::FaultAction;

use super::{
    desk::Desk,
    operations::{Actor, Base, CategoryDeed, Crash, Gone, Moment, Naming, Operation, TagDeed},
    orders::Request,
    tags::same,
    words::TAG_NAMES,
};

/// Time between a merge and the first moved post.
const GRACE_PERIOD: Moment = 10_000;

/// Longer than all grace periods.
const LONG: Moment = 11_000;

/// An operation of a merge.
#[derive(Debug)]
pub(super) struct Merging {
    pub(super) id: String,
    /// Time of the merge.
    since: Moment,
    stop_wanted: bool,
    state: String,
}

impl Merging {
    fn succeeded(&self) -> bool {
        self.state == "succeeded"
    }

    fn is_over(&self) -> bool {
        !["queued", "running"].contains(&self.state.as_str())
    }
}

impl Desk {
    /// Records the response of a merge. The same merge returns the same operation, or another one if the
    /// first was cancelled.
    pub(super) fn note_merge(&mut self, merge: &Operation, answer: &Value, alone: bool) {
        let (gone, subject) = match merge {
            Operation::Category { nth, .. } => {
                let subject = format!("/v1/categories/{}", self.names.categories[*nth]);
                (Gone::Category(*nth), subject)
            }
            Operation::Tag { tag, .. } => {
                let tag = tag.to_lowercase();
                let subject = format!("/v1/posts?tag={tag}");
                (Gone::Tag(tag), subject)
            }
            _ => return,
        };
        assert_eq!(answer["links"]["subject"], subject);
        let id = answer["id"].as_str().unwrap_or_default().to_owned();
        // A tag can be used again.
        let all_gone = self.world.all_gone();
        self.names.merges.retain(|gone, _| all_gone.contains(gone));
        let known = self.names.merges.get(&gone);
        let same = known.is_some_and(|known| known.id == id);
        if let Some(known) = known
            && alone
        {
            let path = format!("/v1/operations/{}", known.id);
            let cancelled = self.get(&path, true).body["state"] == "cancelled";
            assert_eq!(
                same, !cancelled,
                "{path} is taken up again when it was given up"
            );
        }
        if !same {
            let new = Merging {
                id,
                since: known.map_or(self.world.now, |known| known.since),
                stop_wanted: false,
                state: "queued".to_owned(),
            };
            self.names.merges.insert(gone, new);
        }
    }

    /// Requests cancellation of an operation.
    pub(super) fn note_cancel(&mut self, gone: &Gone) {
        if let Some(merging) = self.names.merges.get_mut(gone) {
            merging.stop_wanted = true;
        }
    }

    /// Runs a step of every operation, until the process crashes.
    pub(super) fn work(&self, runner: usize, crash: Option<Crash>) {
        if let Some(Crash { nth, done }) = crash {
            self.site.wire.on(move |call| match call.operation {
                "TransactWriteItems" if call.nth == nth && done => FaultAction::CrashAfter,
                "TransactWriteItems" if call.nth >= nth => FaultAction::CrashBefore,
                _ => FaultAction::Pass,
            });
        }
        let runner = &self.site.runners[runner];
        let round = self.runtime.block_on(runner.poll());
        self.site.wire.clear();
        let faults = round.map(|round| round.faults);
        let faultless = faults.as_ref().is_ok_and(Vec::is_empty);
        assert!(crash.is_some() || faultless, "{faults:?}");
    }

    /// Runs all operations to their end, including cancelled ones.
    pub(super) fn end_all_work(&mut self) {
        for _ in 0..2 {
            self.world.now += LONG;
            self.site.clock.forward_to(self.world.now);
            while self.takes_steps() {}
            self.compare_merges();
            let given_up: Vec<_> = (self.names.merges.iter())
                .filter(|(_, merging)| !merging.succeeded())
                .map(|(gone, _)| gone.clone())
                .collect();
            for gone in given_up {
                self.take_up(&gone);
            }
        }
        for (gone, merging) in &self.names.merges {
            let open = self.again(gone).is_some();
            assert!(merging.succeeded() || !open, "{merging:?} has finished");
        }
    }

    fn takes_steps(&self) -> bool {
        let round = self.runtime.block_on(self.site.runners[1].poll());
        round.is_ok_and(|round| round.worked)
    }

    /// Returns the request that repeats a merge, unless its target was deleted.
    fn again(&self, gone: &Gone) -> Option<Operation> {
        Some(match gone {
            Gone::Category(nth) => Operation::Category {
                nth: *nth,
                base: Base::At(1),
                deed: CategoryDeed::Merge {
                    into: Naming::Id(self.world.tree.resolve(*nth)?),
                    deleting: false,
                },
            },
            Gone::Tag(tag) => {
                let tag = TAG_NAMES.into_iter().find(|known| same(known, tag))?;
                let deed = TagDeed::Merge(self.world.tags.resolve(tag));
                Operation::Tag { tag, deed }
            }
        })
    }

    fn take_up(&mut self, gone: &Gone) {
        let Some(operation) = self.again(gone) else {
            return;
        };
        let request = Request {
            operation,
            by: Actor::Administrator,
            keyed: false,
        };
        let call = self.call(&request);
        let answer = call.map(|call| self.runtime.block_on(call.to(&self.site)));
        let answer = answer.map(|answer| (answer.status, answer.body));
        assert!(matches!(answer, Some((202, _))), "{answer:?}");
        if let Some((_, body)) = answer {
            self.note_merge(&request.operation, &body, true);
        }
    }

    /// Fails unless the state of each operation is possible.
    pub(super) fn compare_merges(&mut self) {
        for gone in self.world.all_gone() {
            let Some(merging) = self.names.merges.get(&gone) else {
                panic!("the replacement of {gone:?} is an operation");
            };
            let path = format!("/v1/operations/{}", merging.id);
            let answer = self.get(&path, true);
            let state = answer.body["state"].as_str().unwrap_or_default().to_owned();
            if let Some(merging) = self.names.merges.get_mut(&gone) {
                let begun = state != "queued" || answer.body["done"] != 0;
                assert!(
                    !begun || self.world.now >= merging.since + GRACE_PERIOD,
                    "{path} began too early"
                );
                let ends = state == "cancelled" && merging.stop_wanted || state != "failed";
                assert!(ends, "{path}: {}", answer.text);
                assert!(
                    state != "cancelled" || merging.stop_wanted,
                    "{path}: {state}"
                );
                assert!(
                    !merging.is_over() || merging.state == state,
                    "{path}: {state}"
                );
                merging.state = state;
            }
        }
    }

    /// Whether no operation moves posts to a category.
    pub(super) fn is_settled(&self, nth: usize) -> bool {
        let mut merges = self.names.merges.iter();
        merges.all(|(gone, merging)| {
            let Gone::Category(from) = gone else {
                return true;
            };
            self.world.tree.resolve(*from) != Some(nth) || merging.succeeded()
        })
    }

    /// Whether no operation moves posts to a tag.
    pub(super) fn tags_are_settled(&self) -> bool {
        let mut merges = self.names.merges.iter();
        merges.all(|(gone, merging)| matches!(gone, Gone::Category(_)) || merging.succeeded())
    }
}
