//! Batches: many writes in one request.

mod operation;
mod report;

use axum::extract::State;
use serde_json::Value;
use tintero_domain::{
    FieldErrors,
    access::Caller,
    posts::Posts,
    values::{Code, ValueError},
    writes::IdempotencyRequest,
};
use utoipa::openapi::{ArrayBuilder, Schema};

use self::operation::BatchOperation;
pub(crate) use self::report::{BATCH, BatchReport, BatchResult};
use crate::{
    app::HttpConfig,
    body::{Body, Built, FieldReader, FieldValue, RequestObject, build},
    digest::sha256,
    extract::Write,
    problem::Problem,
    respond::Report,
    routes::parameters::CreateParams,
};

/// The operations of a batch.
pub(crate) struct Batch(Vec<Value>);

/// The items of a batch. Each is parsed when it is applied, because an invalid item does not affect
/// the others.
struct BatchItems(Vec<Value>);

impl BatchItems {
    const MAX: usize = 100;
}

impl FieldValue for BatchItems {
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
                ValueError::new(Code::TooShort, "must not be empty")
            }
            Value::Array(items) if items.len() <= Self::MAX => return Some(Self(items)),
            Value::Array(_) => ValueError::new(Code::TooLong, "must have at most 100 items"),
            _ => ValueError::new(Code::Type, "must be an array"),
        };
        errors.push(at, error);
        None
    }
}

impl RequestObject for Batch {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let about = "The operations, applied in order.";
        let items = fields.required::<BatchItems>("operations", about);
        build(move || Some(Self(items?.0)))
    }
}

impl Body for Batch {
    fn max_bytes(config: &HttpConfig) -> usize {
        config.max_batch
    }
}

crate::body::described!(Batch);

/// Applies up to 100 writes to posts.
///
/// Each operation has the members, permissions and errors of the corresponding single request, and its own
/// transaction. Operations are applied in order. A failed operation does not affect the others. `results` has one
/// entry per operation. With an `Idempotency-Key`, each operation gets a key derived from it and its index: a
/// repeated batch replays the results of completed operations and applies the others.
#[utoipa::path(post, path = "/v1/posts:batch", tag = "posts", security(("bearer" = [])),
    params(CreateParams),
    request_body(content = Batch, example = json!({"operations": [
        {"op": "create", "value": {"title": "Hola", "body": "# Hola\n"}},
        {"op": "publish", "id": "01912d68-783e-7a03-8467-5661c1243ad4", "if_match": "\"3.2\""}]})))]
pub(super) async fn batch_posts(
    State(posts): State<Posts>,
    Write { caller, body }: Write<Batch>,
) -> Result<Report<BatchReport>, Problem> {
    // The results contain no texts.
    let posts = posts.without_renditions();
    let mut results = Vec::with_capacity(body.0.len());
    for (index, item) in body.0.into_iter().enumerate() {
        let caller = with_item_key(&caller, index, &item);
        let outcome = apply(&posts, &caller, item).await;
        results.push(BatchResult::of(index, &caller, outcome));
    }
    Ok(Report(results.into()))
}

async fn apply(
    posts: &Posts,
    caller: &Caller,
    item: Value,
) -> Result<operation::AppliedWrite, Problem> {
    BatchOperation::parse(item)?.apply(posts, caller).await
}

/// Sets the idempotency key of one item. It contains a space, which keys of clients cannot contain.
fn with_item_key(caller: &Caller, index: usize, item: &Value) -> Caller {
    let mut caller = caller.clone();
    if let Some(request) = &mut caller.request.idempotency {
        *request = IdempotencyRequest {
            key: format!("{} {index}", request.key),
            request_digest: sha256(&["POST", BATCH], item.to_string().as_bytes()),
        };
    }
    caller
}
