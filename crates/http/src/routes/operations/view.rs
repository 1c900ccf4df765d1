use serde::Serialize;
use tintero_domain::{
    operations::{self, ItemFailure, Outcome, State, Task},
    values::Tag,
};
use utoipa::{ToSchema, openapi::Object};
use uuid::Uuid;

use crate::respond::{Accepted, View, encoded, names};

/// Work that takes longer than a request.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Operation {
    /// Which operation.
    id: Uuid,
    #[schema(schema_with = kinds)]
    kind: &'static str,
    #[schema(schema_with = states)]
    state: &'static str,
    /// How many items are done.
    done: u64,
    /// How many items there are, as far as is known.
    total: u64,
    /// The items that could not be done; the others were not held up.
    #[schema(max_items = 100)]
    errors: Vec<OperationError>,
    /// True once somebody wants it to stop.
    cancel_requested: bool,
    /// What it is about.
    links: OperationLinks,
    /// Who asked for it.
    created_by: Uuid,
    /// When it was asked for.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it last made progress.
    #[schema(format = DateTime)]
    updated_at: String,
    /// When it ended; it is forgotten 30 days later.
    #[schema(format = DateTime, required)]
    finished_at: Option<String>,
}

/// An item that could not be done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperationError {
    /// Its address.
    #[schema(format = "uri-reference")]
    item: String,
    /// Why not.
    detail: String,
}

/// What an operation is about.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperationLinks {
    /// The operation itself.
    #[serde(rename = "self")]
    #[schema(format = "uri-reference")]
    own: String,
    /// What it was asked for.
    #[schema(format = "uri-reference")]
    subject: String,
    /// What comes of it.
    #[schema(format = "uri-reference")]
    result: String,
}

const MERGE_CATEGORIES: &str = "merge_categories";
const MERGE_TAGS: &str = "merge_tags";

fn kinds() -> Object {
    let about = "What it does. To rename a tag is to merge it into a new one.";
    names([MERGE_CATEGORIES, MERGE_TAGS], about)
}

fn states() -> Object {
    let all = ["queued", "running", "succeeded", "failed", "cancelled"];
    names(all, "How far it is in its life.")
}

fn state(state: State) -> &'static str {
    match state {
        State::Queued => "queued",
        State::Running { .. } => "running",
        State::Finished { outcome, .. } => match outcome {
            Outcome::Succeeded => "succeeded",
            Outcome::ItemsFailed | Outcome::TooManyFailed | Outcome::Broken => "failed",
            Outcome::Cancelled => "cancelled",
        },
    }
}

/// The kind, what it was asked for, and what comes of it.
fn about(task: &Task) -> (&'static str, String, String) {
    match task {
        Task::MergeCategories { from, into } => (
            MERGE_CATEGORIES,
            format!("/v1/categories/{from}"),
            format!("/v1/categories/{into}"),
        ),
        Task::MergeTags { from, into } => (MERGE_TAGS, list_of(from), list_of(into)),
    }
}

/// The list of the posts with a tag.
fn list_of(tag: &Tag) -> String {
    format!("/v1/posts?tag={}", encoded(&tag.folded()))
}

fn place(id: tintero_domain::values::OperationId) -> String {
    format!("/v1/operations/{id}")
}

impl From<operations::Operation> for Operation {
    fn from(operation: operations::Operation) -> Self {
        let (kind, subject, result) = about(&operation.task);
        let finished_at = match operation.state {
            State::Finished { at, .. } => Some(at.into()),
            State::Queued | State::Running { .. } => None,
        };
        Self {
            id: operation.id.uuid(),
            kind,
            state: state(operation.state),
            done: operation.done,
            // What was planned for later was not counted at the beginning.
            total: operation.total.max(operation.done),
            errors: operation.failures.into_iter().map(Into::into).collect(),
            cancel_requested: operation.stop_wanted,
            links: OperationLinks {
                own: place(operation.id),
                subject,
                result,
            },
            created_by: operation.created_by.uuid(),
            created_at: operation.created_at.into(),
            updated_at: operation.updated_at.into(),
            finished_at,
        }
    }
}

impl From<ItemFailure> for OperationError {
    fn from(failure: ItemFailure) -> Self {
        let ItemFailure { post_id, detail } = failure;
        Self {
            item: format!("/v1/posts/{post_id}"),
            detail,
        }
    }
}

impl From<operations::Operation> for Accepted<Operation> {
    fn from(operation: operations::Operation) -> Self {
        Self {
            location: place(operation.id),
            view: operation.into(),
        }
    }
}

impl View for Operation {
    fn example() -> Self {
        let id = Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad9);
        Self {
            id,
            kind: MERGE_CATEGORIES,
            state: "running",
            done: 120,
            total: 350,
            errors: Vec::new(),
            cancel_requested: false,
            links: OperationLinks {
                own: format!("/v1/operations/{id}"),
                subject: "/v1/categories/01912d68-783e-7a03-8467-5661c1243ad4".to_owned(),
                result: "/v1/categories/01912d68-783e-7a03-8467-5661c1243ad5".to_owned(),
            },
            created_by: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad3),
            created_at: "2026-11-22T10:00:00.000Z".to_owned(),
            updated_at: "2026-11-22T10:00:12.000Z".to_owned(),
            finished_at: None,
        }
    }
}
