//! Applies a plan: images first, so that posts that show them can be rendered, then categories and
//! bylines, then posts.

mod posts;
mod resources;

use futures::{Stream, StreamExt, stream};

use crate::{
    api::ApiError,
    diagnostic::Diagnostic,
    error::ImportError,
    plan::{CONCURRENCY, ImportPlan, Importer},
    progress::ProgressDisplay,
    report::{FileReport, ImportAction, ImportResult},
};
use posts::PostWriter;

enum ApplyError {
    /// The run ends.
    Fatal(ImportError),
    /// The run continues with the next file.
    File(Diagnostic),
    /// The post or byline changed since the plan.
    Stale(Diagnostic),
}

/// The result of a write that does not end the run.
type Applied<T> = Result<Result<T, Diagnostic>, ImportError>;

impl ApplyError {
    fn split<T>(result: Result<T, impl Into<Self>>) -> Applied<T> {
        match result.map_err(Into::into) {
            Ok(value) => Ok(Ok(value)),
            Err(Self::Fatal(error)) => Err(error),
            Err(Self::File(diagnostic) | Self::Stale(diagnostic)) => Ok(Err(diagnostic)),
        }
    }
}

impl From<ApiError> for ApplyError {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Fatal(error) => Self::Fatal(error),
            ApiError::Refused(problem) if problem.is_stale() => {
                Self::Stale(Diagnostic::new("refused", problem.to_string()))
            }
            ApiError::Refused(problem) => {
                Self::File(Diagnostic::new("refused", problem.to_string()))
            }
            error @ ApiError::File(_) => {
                Self::File(Diagnostic::new("unreadable", error.to_string()))
            }
        }
    }
}

impl From<Diagnostic> for ApplyError {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::File(diagnostic)
    }
}

impl Importer {
    /// Applies the plan and reports every file in the order of the plan. A fatal error ends the run
    /// and marks the remaining files as not done.
    pub(crate) async fn apply(
        &self,
        mut plan: ImportPlan,
        progress: &ProgressDisplay,
    ) -> ImportResult {
        let mut result = ImportResult::planned(&plan);
        let created = self.create_resources(&mut plan, &mut result.resources, progress);
        result.stopped = match created.await {
            Ok(()) => self
                .write_posts(plan, &mut result.files, progress)
                .await
                .err(),
            Err(error) => {
                result.resources.stop();
                for file in result.files.iter_mut().filter(|file| file.is_change()) {
                    file.action = ImportAction::NotDone;
                }
                Some(error)
            }
        };
        result
    }

    async fn write_posts(
        &self,
        plan: ImportPlan,
        reports: &mut [FileReport],
        progress: &ProgressDisplay,
    ) -> Result<(), ImportError> {
        let writer = PostWriter {
            importer: self,
            ids: &plan.ids,
        };
        let changes = plan.files.into_iter().enumerate();
        let (indexes, calls): (Vec<usize>, Vec<_>) = changes
            .filter(|(index, _)| reports[*index].is_change())
            .map(|(index, file)| (index, writer.write(file, reports[index].clone())))
            .unzip();
        progress.begin("Importing", indexes.len());
        let mut results = stream::iter(calls).buffered(CONCURRENCY);
        let gathered = gather(&mut results, &indexes, |index, report: FileReport| {
            progress.report(report.action.done(), &report.path);
            reports[index] = report;
        });
        let (count, ended) = gathered.await;
        progress.end();
        for index in &indexes[count..] {
            reports[*index].action = ImportAction::NotDone;
        }
        ended
    }
}

/// Passes each result with its index to `record` until an error ends the run. Returns the number
/// of recorded results.
async fn gather<T>(
    results: &mut (impl Stream<Item = Result<T, ImportError>> + Unpin),
    indexes: &[usize],
    mut record: impl FnMut(usize, T),
) -> (usize, Result<(), ImportError>) {
    for (count, index) in indexes.iter().enumerate() {
        match results.next().await {
            Some(Ok(result)) => record(*index, result),
            Some(Err(error)) => return (count, Err(error)),
            None => return (count, Ok(())),
        }
    }
    (indexes.len(), Ok(()))
}
