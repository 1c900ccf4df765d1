use serde::Serialize;
use tintero_domain::{
    access::Caller,
    images::ImageSweep,
    operations::{ItemFailure, Operation, OperationOutcome, OperationState, Task},
    values::{OperationId, Tag},
};
use utoipa::{ToSchema, openapi::Object};
use uuid::Uuid;

use crate::{
    base_path::prefixed,
    respond::{self, Accepted, View, encoded},
    routes::allowed::names,
};

/// Work that takes longer than a request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Operation)]
pub(crate) struct OperationView {
    /// The id of the operation.
    id: Uuid,
    #[schema(schema_with = kinds)]
    kind: &'static str,
    #[schema(schema_with = states)]
    state: &'static str,
    /// The number of finished items.
    done: u64,
    /// The number of items known so far.
    total: u64,
    /// What a sweep found so far; null for other tasks.
    #[schema(required)]
    sweep: Option<SweepView>,
    /// The items that failed. The other items are not affected.
    #[schema(max_items = 100)]
    errors: Vec<OperationError>,
    /// True if cancellation was requested.
    cancel_requested: bool,
    /// The actions that the caller may perform now.
    allowed: Vec<&'static str>,
    /// Related URLs.
    links: OperationLinks,
    /// The user who started the operation.
    created_by: Uuid,
    /// Time of creation.
    #[schema(format = DateTime)]
    created_at: String,
    /// Time of the last progress.
    #[schema(format = DateTime)]
    updated_at: String,
    /// Time of the end. The operation is deleted 30 days later.
    #[schema(format = DateTime, required)]
    finished_at: Option<String>,
}

/// What a sweep of the files of images found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImageSweep)]
pub(crate) struct SweepView {
    /// True if the files are only counted, not removed.
    dry_run: bool,
    /// The number of files that no image needs.
    files: u64,
    /// Their length in bytes.
    bytes: u64,
}

impl SweepView {
    fn of(operation: &Operation) -> Option<Self> {
        let Task::SweepImages { dry_run, .. } = operation.task else {
            return None;
        };
        let ImageSweep { files, bytes, .. } = ImageSweep::of(operation);
        Some(Self {
            dry_run,
            files,
            bytes,
        })
    }
}

/// An item that failed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperationError {
    /// URL of the item.
    #[schema(format = "uri-reference")]
    item: String,
    /// The error message.
    detail: String,
}

/// URLs related to an operation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperationLinks {
    /// The operation itself.
    #[serde(rename = "self")]
    #[schema(format = "uri-reference")]
    own: String,
    /// The retired category or byline, the list of posts with the retired tag, the deleted user, or the list of images.
    #[schema(format = "uri-reference")]
    subject: String,
    /// The replacement, the list of posts with it, the next owner, or the list of images.
    #[schema(format = "uri-reference")]
    result: String,
}

const MERGE_CATEGORIES: &str = "merge_categories";
const MERGE_TAGS: &str = "merge_tags";
const MERGE_BYLINES: &str = "merge_bylines";
const REASSIGN_POSTS: &str = "reassign_posts";
const SWEEP_IMAGES: &str = "sweep_images";

fn kinds() -> Object {
    let about =
        "The task. Renaming a tag merges it into a new one. Deleting a user reassigns the posts.";
    respond::names(
        [
            MERGE_CATEGORIES,
            MERGE_TAGS,
            MERGE_BYLINES,
            REASSIGN_POSTS,
            SWEEP_IMAGES,
        ],
        about,
    )
}

fn states() -> Object {
    let all = ["queued", "running", "succeeded", "failed", "cancelled"];
    respond::names(all, "The state of the operation.")
}

fn state(state: OperationState) -> &'static str {
    match state {
        OperationState::Queued => "queued",
        OperationState::Running { .. } => "running",
        OperationState::Finished { outcome, .. } => match outcome {
            OperationOutcome::Succeeded => "succeeded",
            OperationOutcome::ItemsFailed
            | OperationOutcome::TooManyFailed
            | OperationOutcome::Broken => "failed",
            OperationOutcome::Cancelled => "cancelled",
        },
    }
}

/// The values of `kind`, `links.subject` and `links.result`.
fn describe(task: &Task) -> (&'static str, String, String) {
    match task {
        Task::MergeCategories { from, into } => (
            MERGE_CATEGORIES,
            prefixed(format!("/v1/categories/{from}")),
            prefixed(format!("/v1/categories/{into}")),
        ),
        Task::MergeTags { from, into } => (MERGE_TAGS, posts_with(from), posts_with(into)),
        Task::MergeBylines { from, into } => (
            MERGE_BYLINES,
            prefixed(format!("/v1/bylines/{from}")),
            prefixed(format!("/v1/bylines/{into}")),
        ),
        Task::ReassignPosts { from, into } => (
            REASSIGN_POSTS,
            prefixed(format!("/v1/users/{from}")),
            prefixed(format!("/v1/users/{into}")),
        ),
        Task::SweepImages { .. } => {
            let images = prefixed("/v1/images".to_owned());
            (SWEEP_IMAGES, images.clone(), images)
        }
    }
}

fn posts_with(tag: &Tag) -> String {
    prefixed(format!("/v1/posts?tag={}", encoded(&tag.folded())))
}

fn url(id: OperationId) -> String {
    prefixed(format!("/v1/operations/{id}"))
}

impl OperationView {
    /// Describes an operation to a caller.
    pub(crate) fn of(operation: Operation, caller: &Caller) -> Self {
        let allowed = names(operation.allowed_to(caller));
        let (kind, subject, result) = describe(&operation.task);
        let sweep = SweepView::of(&operation);
        let finished_at = match operation.state {
            OperationState::Finished { at, .. } => Some(at.into()),
            OperationState::Queued | OperationState::Running { .. } => None,
        };
        Self {
            id: operation.id.uuid(),
            kind,
            state: state(operation.state),
            done: operation.done,
            // Scheduled posts are not counted at the start.
            total: operation.total.max(operation.done),
            sweep,
            errors: operation.failures.into_iter().map(Into::into).collect(),
            cancel_requested: operation.cancel_requested,
            allowed,
            links: OperationLinks {
                own: url(operation.id),
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
        let ItemFailure { item, detail } = failure;
        Self {
            item: prefixed(format!("/v1/posts/{item}")),
            detail,
        }
    }
}

impl Accepted<OperationView> {
    /// Answers that an operation has started.
    pub(crate) fn of(operation: Operation, caller: &Caller) -> Self {
        Self {
            location: url(operation.id),
            view: OperationView::of(operation, caller),
        }
    }
}

impl View for OperationView {
    fn example() -> Self {
        let id = Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad9);
        Self {
            id,
            kind: MERGE_CATEGORIES,
            state: "running",
            done: 120,
            total: 350,
            sweep: None,
            errors: Vec::new(),
            cancel_requested: false,
            allowed: vec!["cancel"],
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
