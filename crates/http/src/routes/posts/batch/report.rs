use serde::Serialize;
use serde_json::Value;
use tintero_domain::access::Caller;
use utoipa::ToSchema;

use super::{super::PostSummary, operation::Done};
use crate::{
    problem::{Kind, Problem, ProblemDocument},
    respond::{View, entity_tag},
    routes::posts::source::Origin,
};

/// The path of batches, as problems name it.
pub(super) const PATH: &str = "/v1/posts:batch";

/// What became of the writes of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BatchReport {
    /// One for each write, in their order.
    #[schema(max_items = 100)]
    results: Vec<BatchResult>,
    /// How many were done.
    succeeded: usize,
    /// How many were refused.
    failed: usize,
}

/// What became of one write.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BatchResult {
    /// Which one, from 0.
    index: usize,
    /// The status with which the single call would have been answered.
    status: u16,
    /// The post after the write; null when it was refused, and when the post was purged.
    #[schema(required)]
    post: Option<PostSummary>,
    /// The state of the post; the next write is based on it.
    #[schema(required)]
    etag: Option<String>,
    /// True when the write had happened before, under the same `Idempotency-Key`.
    replayed: bool,
    /// Why it was refused; null when it was done.
    #[schema(required, value_type = Option<ProblemDocument>)]
    problem: Option<Value>,
}

impl BatchResult {
    /// What became of the write at a place.
    pub(super) fn of(index: usize, caller: &Caller, done: Result<Done, Problem>) -> Self {
        match done {
            Ok(Done { status, effect }) => {
                let replayed = effect.as_ref().is_some_and(|effect| effect.replayed);
                let post = effect.map(|effect| effect.shown.copy.post);
                Self {
                    index,
                    status: status.as_u16(),
                    etag: post.as_ref().map(|post| entity_tag(post.tag())),
                    post: post.map(|post| PostSummary::of(post, Origin::default())),
                    replayed,
                    problem: None,
                }
            }
            Err(problem) => Self::refused(index, &caller.request.request_id, problem),
        }
    }

    fn refused(index: usize, request_id: &str, problem: Problem) -> Self {
        let problem = problem.within(&format!("/operations/{index}"));
        let (status, causes) = (problem.status(), problem.causes());
        if status.is_server_error() && !causes.is_empty() {
            let causes = causes.join(": ");
            tracing::error!(target: "http", request_id, index, causes, "item of a batch failed");
        }
        Self {
            index,
            status: status.as_u16(),
            post: None,
            etag: None,
            replayed: false,
            problem: Some(problem.document(request_id, PATH)),
        }
    }

    fn is_done(&self) -> bool {
        self.problem.is_none()
    }
}

impl From<Vec<BatchResult>> for BatchReport {
    fn from(results: Vec<BatchResult>) -> Self {
        let succeeded = results.iter().filter(|result| result.is_done()).count();
        Self {
            succeeded,
            failed: results.len() - succeeded,
            results,
        }
    }
}

impl View for BatchReport {
    fn example() -> Self {
        let request = "01912d68-783e-7a03-8467-5661c1243ad4";
        let refused = Problem::new(Kind::PreconditionRequired);
        vec![BatchResult::refused(0, request, refused)].into()
    }
}
