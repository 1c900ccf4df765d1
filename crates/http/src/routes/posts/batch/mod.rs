//! Many writes in one request, each exactly as it would be alone.

mod operation;
mod report;

use axum::extract::State;
use serde_json::Value;
use tintero_domain::{
    FieldErrors,
    access::Caller,
    act::IdempotencyClaim,
    posts::Posts,
    values::{Code, ValueError},
};
use utoipa::openapi::{ArrayBuilder, Schema};

pub(crate) use self::report::{BatchReport, BatchResult};
use self::{operation::Operation, report::PATH};
use super::CreateParams;
use crate::{
    app::HttpConfig,
    body::{Body, Member, Members, Record},
    digest::sha256,
    extract::Write,
    problem::Problem,
    respond::Report,
};

/// The writes of one request, in their order.
pub(crate) struct Batch(Vec<Value>);

/// What was sent for each write. It is read when its turn comes: what is wrong with one is
/// no matter of the others.
struct Operations(Vec<Value>);

impl Operations {
    const MAX: usize = 100;
}

impl Member for Operations {
    fn schema() -> Schema {
        ArrayBuilder::new()
            .items(operation::schema())
            .min_items(Some(1))
            .max_items(Some(Self::MAX))
            .build()
            .into()
    }

    fn read(value: Value, at: &str, errors: &mut FieldErrors) -> Option<Self> {
        let error = match value {
            Value::Array(items) if items.is_empty() => {
                ValueError::new(Code::TooShort, "must have an item")
            }
            Value::Array(items) if items.len() <= Self::MAX => return Some(Self(items)),
            Value::Array(_) => ValueError::new(Code::TooLong, "must have at most 100 items"),
            _ => ValueError::new(Code::Type, "must be an array"),
        };
        errors.push(at, error);
        None
    }
}

impl Record for Batch {
    fn read(members: &mut Members) -> Option<Self> {
        let about = "Done one after the other.";
        let operations = members.required::<Operations>("operations", about)?;
        Some(Self(operations.0))
    }
}

impl Body for Batch {
    fn max_bytes(config: &HttpConfig) -> usize {
        config.max_batch
    }
}

crate::body::described!(Batch);

/// Does up to 100 writes of posts, one after the other.
///
/// Each item is what the single call would be: the same members, permissions and refusals, and a
/// transaction of its own. A refused item stops nothing; `results` has an entry for each, in
/// order. Under an `Idempotency-Key` each item has a key of its own, made of that key and its place: a batch
/// that is repeated gives the answers of what was done again and does the rest.
#[utoipa::path(post, path = "/v1/posts:batch", tag = "posts", security(("bearer" = [])),
    params(CreateParams),
    request_body(content = Batch, example = json!({"operations": [
        {"op": "create", "value": {"title": "Hola", "body": "# Hola\n"}},
        {"op": "publish", "id": "01912d68-783e-7a03-8467-5661c1243ad4", "if_match": "\"3.2\""}]})))]
pub(super) async fn batch_posts(
    State(posts): State<Posts>,
    Write { caller, body }: Write<Batch>,
) -> Result<Report<BatchReport>, Problem> {
    let mut results = Vec::with_capacity(body.0.len());
    for (index, item) in body.0.into_iter().enumerate() {
        let caller = at_its_place(&caller, index, &item);
        let done = perform(&posts, &caller, item).await;
        results.push(BatchResult::of(index, &caller, done));
    }
    Ok(Report(results.into()))
}

/// One item, read and done.
async fn perform(posts: &Posts, caller: &Caller, item: Value) -> Result<operation::Done, Problem> {
    Operation::of(item)?.perform(posts, caller).await
}

/// The caller with the key of one item. The blank in it keeps it apart from all keys of clients.
fn at_its_place(caller: &Caller, index: usize, item: &Value) -> Caller {
    let mut caller = caller.clone();
    if let Some(claim) = &mut caller.request.idempotency {
        *claim = IdempotencyClaim {
            key: format!("{} {index}", claim.key),
            request_digest: sha256(&["POST", PATH], item.to_string().as_bytes()),
        };
    }
    caller
}
