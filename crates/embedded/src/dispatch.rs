//! Maps operations to functions of the engine and errors to responses.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use dynoxide::{Database, DynoxideError};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::response;
use crate::transaction_tokens::TransactionTokens;

/// An error that is returned to the client as a response of DynamoDB.
#[derive(Debug)]
pub(crate) enum DispatchError {
    UnknownOperation,
    Engine(DynoxideError),
}

impl DispatchError {
    pub(crate) fn into_response(self) -> HttpResponse {
        match self {
            Self::UnknownOperation => response::error(
                400,
                "com.amazon.coral.service#UnknownOperationException",
                "the embedded engine does not support this operation",
            ),
            Self::Engine(error) => response::respond(error.status_code(), error.to_json()),
        }
    }
}

/// Executes `operation` with the JSON `body` and returns the JSON of its response.
pub(crate) fn dispatch(
    db: &Database,
    tokens: &TransactionTokens,
    operation: &str,
    body: &[u8],
) -> Result<Vec<u8>, DispatchError> {
    let raw = RawRequest { operation, body };
    match operation {
        "GetItem" => raw.execute(|request| db.get_item(request)),
        "PutItem" => raw.execute(|request| db.put_item(request)),
        "UpdateItem" => raw.execute(|request| db.update_item(request)),
        "DeleteItem" => raw.execute(|request| db.delete_item(request)),
        "Query" => raw.execute(|request| db.query(request)),
        "Scan" => raw.execute(|request| db.scan(request)),
        "BatchGetItem" => raw.execute(|request| db.batch_get_item(request)),
        "BatchWriteItem" => raw.execute(|request| db.batch_write_item(request)),
        "TransactGetItems" => raw.execute(|request| db.transact_get_items(request)),
        "TransactWriteItems" => raw.execute(|request| tokens.transact(db, request)),
        "CreateTable" => raw.execute(|request| db.create_table(request)),
        "DescribeTable" => raw.execute(|request| db.describe_table(request)),
        "UpdateTable" => raw.execute(|request| db.update_table(request)),
        "DeleteTable" => raw.execute(|request| db.delete_table(request)),
        "ListTables" => raw.execute(|request| db.list_tables(request)),
        "UpdateTimeToLive" => raw.execute(|request| db.update_time_to_live(request)),
        "DescribeTimeToLive" => raw.execute(|request| db.describe_time_to_live(request)),
        "TagResource" => raw.execute(|request| db.tag_resource(request)),
        "UntagResource" => raw.execute(|request| db.untag_resource(request)),
        "ListTagsOfResource" => raw.execute(|request| db.list_tags_of_resource(request)),
        _ => Err(DispatchError::UnknownOperation),
    }
}

struct RawRequest<'a> {
    operation: &'a str,
    body: &'a [u8],
}

impl RawRequest<'_> {
    fn execute<Q: DeserializeOwned, A: Serialize>(
        self,
        operate: impl FnOnce(Q) -> dynoxide::Result<A>,
    ) -> Result<Vec<u8>, DispatchError> {
        let output = serde_json::from_slice(self.body)
            .map_err(|error| deserialization_error(self.operation, &error.to_string()))
            .and_then(operate)
            .map_err(DispatchError::Engine)?;
        serde_json::to_vec(&output).map_err(|error| {
            DispatchError::Engine(DynoxideError::InternalServerError(error.to_string()))
        })
    }
}

/// Converts an error of serde. The engine's request types put the kind of DynamoDB's error into a prefix
/// of the message, which only the engine's own HTTP server reads.
fn deserialization_error(operation: &str, message: &str) -> DynoxideError {
    if let Some((prefix, text)) = message.split_once(':') {
        let short = || without_position(text);
        match prefix {
            "VALIDATION_REQUEST" => return validation(&numbered(operation, short())),
            "VALIDATION_AS_READ" => return validation(text),
            "VALIDATION" => return validation(short()),
            "SERIALIZATION_AS_READ" => return serialization(text),
            "SERIALIZATION" => return serialization(short()),
            _ => {}
        }
    }
    without_prefix(without_position(message))
}

/// Missing and empty values are validation errors; everything else is invalid JSON.
fn without_prefix(message: &str) -> DynoxideError {
    let is_validation_error = [
        "missing field",
        "unknown variant",
        "invalid type: null",
        "AttributeValue",
    ]
    .iter()
    .any(|sign| message.contains(sign));
    if is_validation_error {
        validation(message)
    } else {
        serialization(message)
    }
}

fn validation(message: &str) -> DynoxideError {
    DynoxideError::ValidationException(message.to_owned())
}

fn serialization(message: &str) -> DynoxideError {
    DynoxideError::SerializationException(message.to_owned())
}

/// DynamoDB numbers the validation errors of three operations.
fn numbered(operation: &str, text: &str) -> String {
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

    fn converted(operation: &str, message: &str) -> (&'static str, String) {
        let error = deserialization_error(operation, message);
        let name = error.error_type().rsplit('#').next().unwrap();
        (name, error.to_string())
    }

    #[test]
    fn prefix_and_position_are_removed_from_a_message() {
        assert_eq!(
            converted("Query", "VALIDATION:too long at line 1 column 7"),
            ("ValidationException", "too long".to_owned())
        );
        assert_eq!(
            converted("Query", "SERIALIZATION:not a map at line 1 column 7"),
            ("SerializationException", "not a map".to_owned())
        );
        assert_eq!(
            converted("Query", "VALIDATION_AS_READ:bad at line 1 column 7"),
            ("ValidationException", "bad at line 1 column 7".to_owned())
        );
    }

    #[test]
    fn validation_errors_of_single_item_writes_are_numbered() {
        let message = "VALIDATION_REQUEST:bad value at line 1 column 7";
        assert_eq!(
            converted("PutItem", message).1,
            "1 validation error detected: bad value"
        );
        assert_eq!(converted("Query", message).1, "bad value");
    }

    #[test]
    fn a_message_without_prefix_is_classified_by_its_text() {
        let missing = "missing field `TableName` at line 1 column 2";
        assert_eq!(converted("GetItem", missing).0, "ValidationException");
        let broken = "expected value at line 1 column 1";
        assert_eq!(converted("GetItem", broken).0, "SerializationException");
    }

    #[test]
    fn an_unknown_operation_returns_the_error_of_dynamodb() {
        let error = {
            let database = Database::memory().unwrap();
            dispatch(
                &database,
                &TransactionTokens::default(),
                "DescribeWeather",
                b"{}",
            )
            .unwrap_err()
        };
        let response = error.into_response();
        assert_eq!(response.status().as_u16(), 400);
        let body = response.body().bytes().unwrap();
        assert!(String::from_utf8_lossy(body).contains("#UnknownOperationException"));
    }
}
