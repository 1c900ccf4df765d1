//! Doing what was planned: first the pictures, so that texts that show them can be rendered, then
//! categories and bylines, then the posts.

mod parts;
mod posts;

use futures::{Stream, StreamExt, stream};

use crate::{
    api::Failure,
    finding::{Finding, Refusal},
    plan::{AT_ONCE, Plan, Site},
    report::{Action, Entry, Parts},
    screen::Progress,
};
use posts::Writer;

/// Why a step came to nothing.
enum Trouble {
    Fatal(Refusal),
    /// The rest of the run can go on.
    File(Finding),
    /// Somebody else wrote at the same time.
    Stale(Finding),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Fatal(refusal) => Self::Fatal(refusal),
            Failure::Refused(problem) => {
                let finding = Finding::new("refused", problem.to_string());
                if problem.is_stale() {
                    Self::Stale(finding)
                } else {
                    Self::File(finding)
                }
            }
            failure @ Failure::File(_) => {
                Self::File(Finding::new("unreadable", failure.to_string()))
            }
        }
    }
}

impl From<Finding> for Trouble {
    fn from(finding: Finding) -> Self {
        Self::File(finding)
    }
}

/// What a run did.
pub(crate) struct Done {
    pub(crate) files: Vec<Entry>,
    pub(crate) parts: Parts,
    /// Why it ended before its end.
    pub(crate) stopped: Option<Refusal>,
}

impl Done {
    /// What would be done.
    pub(crate) fn planned(plan: &Plan) -> Self {
        Self {
            files: plan.items.iter().map(Entry::planned).collect(),
            parts: Parts::planned(plan),
            stopped: None,
        }
    }
}

impl Site {
    /// Does what was planned, and tells of everything what became of it, in the plan's order. A
    /// failure that would meet everything else as well ends the run and is told beside.
    pub(crate) async fn apply(&self, mut plan: Plan, progress: &Progress) -> Done {
        let Done {
            mut files,
            mut parts,
            ..
        } = Done::planned(&plan);
        let stopped = match self.make_parts(&mut plan, &mut parts, progress).await {
            Ok(()) => self.write(plan, &mut files, progress).await.err(),
            Err(refusal) => {
                let waiting = files.iter_mut().filter(|entry| entry.has_work());
                waiting.for_each(|entry| entry.action = Action::NotDone);
                Some(refusal)
            }
        };
        Done {
            files,
            parts,
            stopped,
        }
    }

    async fn write(
        &self,
        plan: Plan,
        files: &mut [Entry],
        progress: &Progress,
    ) -> Result<(), Refusal> {
        let Plan { items, ids, .. } = plan;
        let writer = Writer {
            site: self,
            ids: &ids,
        };
        let jobs: Vec<(usize, _)> = items
            .into_iter()
            .enumerate()
            .filter(|(at, _)| files[*at].has_work())
            .collect();
        progress.begin("Importing", jobs.len());
        let places: Vec<usize> = jobs.iter().map(|(at, _)| *at).collect();
        let work = jobs
            .into_iter()
            .map(|(at, item)| writer.work(item, files[at].clone()));
        let work: Vec<_> = work.collect();
        let mut done = stream::iter(work).buffered(AT_ONCE);
        let ended = gather(&mut done, &places, |at, entry: Entry| {
            progress.step(Some((entry.action.done(), &entry.path)));
            files[at] = entry;
        });
        let (count, ended) = ended.await;
        progress.end();
        for at in &places[count..] {
            files[*at].action = Action::NotDone;
        }
        ended
    }
}

/// Takes results as they come, in the order of their places, until one ends the run. Gives how many
/// were taken.
async fn gather<T>(
    results: &mut (impl Stream<Item = Result<T, Refusal>> + Unpin),
    places: &[usize],
    mut take: impl FnMut(usize, T),
) -> (usize, Result<(), Refusal>) {
    for (count, at) in places.iter().enumerate() {
        match results.next().await {
            Some(Ok(result)) => take(*at, result),
            Some(Err(refusal)) => return (count, Err(refusal)),
            None => return (count, Ok(())),
        }
    }
    (places.len(), Ok(()))
}
