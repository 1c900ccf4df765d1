//! The operations this engine answers, and how a refused request is worded.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use dynoxide::{Database, DynoxideError};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::answer;
use crate::tokens::Tokens;

/// Why a request got no answer of its operation.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// DynamoDB, or this engine, has no such operation.
    UnknownOperation,
    /// The engine refused or failed.
    Engine(DynoxideError),
}

impl Refusal {
    pub(crate) fn into_answer(self) -> HttpResponse {
        match self {
            Self::UnknownOperation => answer::error(
                400,
                "com.amazon.coral.service#UnknownOperationException",
                "the embedded engine has no such operation",
            ),
            Self::Engine(error) => answer::respond(error.status_code(), error.to_json()),
        }
    }
}

/// Carries out `operation` on `body` and gives the JSON of its answer.
pub(crate) fn dispatch(
    db: &Database,
    tokens: &Tokens,
    operation: &str,
    body: &[u8],
) -> Result<Vec<u8>, Refusal> {
    let run = Run { operation, body };
    match operation {
        "GetItem" => run.with(|request| db.get_item(request)),
        "PutItem" => run.with(|request| db.put_item(request)),
        "UpdateItem" => run.with(|request| db.update_item(request)),
        "DeleteItem" => run.with(|request| db.delete_item(request)),
        "Query" => run.with(|request| db.query(request)),
        "Scan" => run.with(|request| db.scan(request)),
        "BatchGetItem" => run.with(|request| db.batch_get_item(request)),
        "BatchWriteItem" => run.with(|request| db.batch_write_item(request)),
        "TransactGetItems" => run.with(|request| db.transact_get_items(request)),
        "TransactWriteItems" => run.with(|request| tokens.transact(db, request)),
        "CreateTable" => run.with(|request| db.create_table(request)),
        "DescribeTable" => run.with(|request| db.describe_table(request)),
        "UpdateTable" => run.with(|request| db.update_table(request)),
        "DeleteTable" => run.with(|request| db.delete_table(request)),
        "ListTables" => run.with(|request| db.list_tables(request)),
        "UpdateTimeToLive" => run.with(|request| db.update_time_to_live(request)),
        "DescribeTimeToLive" => run.with(|request| db.describe_time_to_live(request)),
        "TagResource" => run.with(|request| db.tag_resource(request)),
        "UntagResource" => run.with(|request| db.untag_resource(request)),
        "ListTagsOfResource" => run.with(|request| db.list_tags_of_resource(request)),
        _ => Err(Refusal::UnknownOperation),
    }
}

struct Run<'a> {
    operation: &'a str,
    body: &'a [u8],
}

impl Run<'_> {
    fn with<Q: DeserializeOwned, A: Serialize>(
        self,
        operate: impl FnOnce(Q) -> dynoxide::Result<A>,
    ) -> Result<Vec<u8>, Refusal> {
        let answer = serde_json::from_slice(self.body)
            .map_err(|error| unreadable(self.operation, &error.to_string()))
            .and_then(operate)
            .map_err(Refusal::Engine)?;
        serde_json::to_vec(&answer)
            .map_err(|error| Refusal::Engine(DynoxideError::InternalServerError(error.to_string())))
    }
}

/// The engine's request types say in a prefix of serde's message which error
/// DynamoDB would give; it reads them itself only behind its own HTTP server.
fn unreadable(operation: &str, message: &str) -> DynoxideError {
    if let Some(text) = message.strip_prefix("VALIDATION_REQUEST:") {
        return DynoxideError::ValidationException(enveloped(operation, without_position(text)));
    }
    if let Some(text) = message.strip_prefix("VALIDATION_AS_READ:") {
        return DynoxideError::ValidationException(text.to_owned());
    }
    if let Some(text) = message.strip_prefix("VALIDATION:") {
        return DynoxideError::ValidationException(without_position(text).to_owned());
    }
    if let Some(text) = message.strip_prefix("SERIALIZATION_AS_READ:") {
        return DynoxideError::SerializationException(text.to_owned());
    }
    if let Some(text) = message.strip_prefix("SERIALIZATION:") {
        return DynoxideError::SerializationException(without_position(text).to_owned());
    }
    unmarked(without_position(message))
}

/// Missing and empty values break a rule of DynamoDB; anything else is not the
/// JSON of a request.
fn unmarked(message: &str) -> DynoxideError {
    let breaks_a_rule = [
        "missing field",
        "unknown variant",
        "invalid type: null",
        "AttributeValue",
    ]
    .iter()
    .any(|sign| message.contains(sign));
    if breaks_a_rule {
        DynoxideError::ValidationException(message.to_owned())
    } else {
        DynoxideError::SerializationException(message.to_owned())
    }
}

/// Three operations number their validation errors.
fn enveloped(operation: &str, text: &str) -> String {
    match operation {
        "PutItem" | "UpdateItem" | "DeleteItem" => format!("1 validation error detected: {text}"),
        _ => text.to_owned(),
    }
}

fn without_position(message: &str) -> &str {
    message
        .rfind(" at line ")
        .map_or(message, |position| &message[..position])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(operation: &str, message: &str) -> (&'static str, String) {
        let error = unreadable(operation, message);
        let name = error.error_type().rsplit('#').next().unwrap();
        (name, error.to_string())
    }

    #[test]
    fn a_marked_message_loses_its_mark_and_position() {
        assert_eq!(
            reading("Query", "VALIDATION:too long at line 1 column 7"),
            ("ValidationException", "too long".to_owned())
        );
        assert_eq!(
            reading("Query", "SERIALIZATION:not a map at line 1 column 7"),
            ("SerializationException", "not a map".to_owned())
        );
        assert_eq!(
            reading("Query", "VALIDATION_AS_READ:bad at line 1 column 7"),
            ("ValidationException", "bad at line 1 column 7".to_owned())
        );
    }

    #[test]
    fn writes_of_one_item_number_their_validation_errors() {
        let message = "VALIDATION_REQUEST:bad value at line 1 column 7";
        assert_eq!(
            reading("PutItem", message).1,
            "1 validation error detected: bad value"
        );
        assert_eq!(reading("Query", message).1, "bad value");
    }

    #[test]
    fn an_unmarked_message_is_sorted_by_what_is_wrong() {
        let missing = "missing field `TableName` at line 1 column 2";
        assert_eq!(reading("GetItem", missing).0, "ValidationException");
        let broken = "expected value at line 1 column 1";
        assert_eq!(reading("GetItem", broken).0, "SerializationException");
    }

    #[test]
    fn an_unknown_operation_is_refused_as_dynamodb_refuses_it() {
        let refusal = {
            let database = Database::memory().unwrap();
            dispatch(&database, &Tokens::default(), "DescribeWeather", b"{}").unwrap_err()
        };
        let answer = refusal.into_answer();
        assert_eq!(answer.status().as_u16(), 400);
        let body = answer.body().bytes().unwrap();
        assert!(String::from_utf8_lossy(body).contains("#UnknownOperationException"));
    }
}
