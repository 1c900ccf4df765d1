use serde::Serialize;
use serde_json::Value;
use tintero_domain::access::Caller;
use utoipa::ToSchema;

use super::operation::AppliedWrite;
use crate::{
    problem::{BatchProblem, Problem, ProblemType},
    respond::{View, entity_tag},
    routes::posts::{PostSummary, reading::ImportOrigin},
};

/// The path of batches, as problems name it.
pub(crate) const BATCH: &str = "/v1/posts:batch";

/// The results of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BatchReport {
    /// One result per operation, in order.
    #[schema(max_items = 100)]
    results: Vec<BatchResult>,
    /// The number of successful operations.
    succeeded: usize,
    /// The number of failed operations.
    failed: usize,
}

/// The result of an operation in a batch.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BatchResult {
    /// The index of the operation, from 0.
    index: usize,
    /// The HTTP status code of the corresponding single request.
    status: u16,
    /// The post after the write; null if the operation failed or purged the post.
    #[schema(required)]
    post: Option<PostSummary>,
    /// The `ETag` of the post after the write.
    #[schema(required)]
    etag: Option<String>,
    /// True if the result was replayed for the same `Idempotency-Key`.
    replayed: bool,
    /// The problem; null if the operation succeeded.
    #[schema(required, value_type = Option<BatchProblem>)]
    problem: Option<Value>,
}

impl BatchResult {
    pub(super) fn of(
        index: usize,
        caller: &Caller,
        outcome: Result<AppliedWrite, Problem>,
    ) -> Self {
        match outcome {
            Ok(AppliedWrite { status, result }) => {
                let replayed = result.as_ref().is_some_and(|result| result.replayed);
                let post = result.map(|result| result.rendered.copy.post);
                Self {
                    index,
                    status: status.as_u16(),
                    etag: post.as_ref().map(|post| entity_tag(post.tag())),
                    post: post.map(|post| {
                        let allowed = post.allowed_to(caller);
                        let mut summary = PostSummary::of(post, ImportOrigin::default());
                        summary.allow(allowed);
                        summary
                    }),
                    replayed,
                    problem: None,
                }
            }
            Err(problem) => Self::failed(index, &caller.request.request_id, problem),
        }
    }

    fn failed(index: usize, request_id: &str, problem: Problem) -> Self {
        let problem = problem.within(&format!("/operations/{index}"));
        let (status, causes) = (problem.status(), problem.causes());
        if status.is_server_error() && !causes.is_empty() {
            let causes = causes.join(": ");
            tracing::error!(target: "http", request_id, index, causes, "batch operation failed");
        }
        Self {
            index,
            status: status.as_u16(),
            post: None,
            etag: None,
            replayed: false,
            problem: Some(problem.document(request_id, BATCH)),
        }
    }
}

impl From<Vec<BatchResult>> for BatchReport {
    fn from(results: Vec<BatchResult>) -> Self {
        let succeeded = results
            .iter()
            .filter(|result| result.problem.is_none())
            .count();
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
        let problem = Problem::new(ProblemType::PreconditionRequired);
        vec![BatchResult::failed(0, request, problem)].into()
    }
}
