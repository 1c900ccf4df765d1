//! The operations that move the posts of merged categories, as far as anybody can tell: when they
//! may begin, how they may end, and that they do.

use serde_json::Value;
use tintero_embedded::faults::Verdict;

use super::{
    desk::Desk,
    operations::{Actor, Base, CategoryDeed, Crash, Moment, Naming, Operation},
    orders::Request,
    tree::Fate,
};

/// How long no post moves after a merge.
const NOTICE: Moment = 10_000;

/// Longer than anybody has to wait for anything.
const LONG: Moment = 11_000;

/// What moves the posts of a merged category.
#[derive(Debug)]
pub(super) struct Merging {
    pub(super) id: String,
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
    /// What a merge was answered: asked for again it is the same operation, or, where that was
    /// cancelled, another one.
    pub(super) fn note_merge(&mut self, merge: &Operation, answer: &Value, alone: bool) {
        let Operation::Category { nth, .. } = merge else {
            return;
        };
        let id = answer["id"].as_str().unwrap_or_default().to_owned();
        let subject = format!("/v1/categories/{}", self.names.categories[*nth]);
        assert_eq!(answer["links"]["subject"], subject);
        let known = self.names.merges.get(nth);
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
                stop_wanted: false,
                state: "queued".to_owned(),
            };
            self.names.merges.insert(*nth, new);
        }
    }

    /// Somebody asked for the end of the operation that moves the posts of a category.
    pub(super) fn note_cancel(&mut self, nth: usize) {
        if let Some(merging) = self.names.merges.get_mut(&nth) {
            merging.stop_wanted = true;
        }
    }

    /// Takes a step of every operation, until the process dies.
    pub(super) fn work(&self, runner: usize, crash: Option<Crash>) {
        if let Some(Crash { nth, done }) = crash {
            self.site.wire.on(move |call| match call.operation {
                "TransactWriteItems" if call.nth == nth && done => Verdict::CrashAfter,
                "TransactWriteItems" if call.nth >= nth => Verdict::CrashBefore,
                _ => Verdict::Pass,
            });
        }
        let runner = &self.site.runners[runner];
        let round = self.runtime.block_on(runner.round());
        self.site.wire.clear();
        let faults = round.map(|round| round.faults);
        let faultless = faults.as_ref().is_ok_and(Vec::is_empty);
        assert!(crash.is_some() || faultless, "{faults:?}");
    }

    /// Lets all operations come to their end, those included that somebody stopped.
    pub(super) fn end_all_work(&mut self) {
        for _ in 0..2 {
            self.world.now += LONG;
            self.site.clock.forward_to(self.world.now);
            while self.takes_steps() {}
            self.compare_merges();
            let given_up: Vec<_> = (self.names.merges.iter())
                .filter(|(_, merging)| !merging.succeeded())
                .map(|(nth, _)| *nth)
                .collect();
            for nth in given_up {
                self.take_up(nth);
            }
        }
        for (nth, merging) in &self.names.merges {
            let open = self.world.tree.resolve(*nth).is_some();
            assert!(merging.succeeded() || !open, "{merging:?} came to its end");
        }
    }

    fn takes_steps(&self) -> bool {
        let round = self.runtime.block_on(self.site.runners[1].round());
        round.is_ok_and(|round| round.worked)
    }

    /// Asks for a merge once more.
    fn take_up(&mut self, nth: usize) {
        let Some(into) = self.world.tree.resolve(nth) else {
            return;
        };
        let deed = CategoryDeed::Merge {
            into: Naming::Id(into),
            deleting: false,
        };
        let request = Request {
            operation: Operation::Category {
                nth,
                base: Base::At(1),
                deed,
            },
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

    /// Fails unless each operation is in a state in which it may be by now.
    pub(super) fn compare_merges(&mut self) {
        for nth in self.world.tree.merged() {
            let Fate::Merged { at, .. } = self.world.tree.0[nth].fate else {
                continue;
            };
            let Some(path) = self.names.merges.get(&nth) else {
                panic!("the merge of category {nth} is an operation");
            };
            let path = format!("/v1/operations/{}", path.id);
            let answer = self.get(&path, true);
            let state = answer.body["state"].as_str().unwrap_or_default().to_owned();
            if let Some(merging) = self.names.merges.get_mut(&nth) {
                let begun = state != "queued" || answer.body["done"] != 0;
                assert!(
                    !begun || self.world.now >= at + NOTICE,
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

    /// True when no post moves any more that is, or was, on its way to a category.
    pub(super) fn is_settled(&self, nth: usize) -> bool {
        let mut merges = self.names.merges.iter();
        merges.all(|(from, merging)| {
            self.world.tree.resolve(*from) != Some(nth) || merging.succeeded()
        })
    }
}
