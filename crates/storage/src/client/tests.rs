//! The shorter way to an engine in this process has the same results as the client of the SDK.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use aws_config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::{
    config::{Config, RuntimeComponents, SharedHttpClient},
    error::{ProvideErrorMetadata, SdkError},
    operation::{
        put_item::PutItemInput,
        transact_write_items::{TransactWriteItemsError, TransactWriteItemsInput},
    },
    types::{AttributeValue, Put, TransactWriteItem},
};
use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
    },
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
};
use aws_smithy_types::body::SdkBody;

use super::send_counter::{CountAttempts, SendCounter};
use super::{ClientLimits, Connection, client, in_process};

/// The response to one attempt.
#[derive(Debug, Clone, Copy)]
enum Response {
    Success,
    Error(u16, &'static str),
    Cancelled,
    ConnectionLost,
    Never,
}

use Response::{Cancelled, ConnectionLost, Error, Never, Success};

const THROTTLED: Response = Error(400, "ProvisionedThroughputExceededException");
const INTERNAL: Response = Error(500, "InternalServerError");
const CONDITION: Response = Error(400, "ConditionalCheckFailedException");

/// Responds to each attempt with the next response, and repeats the last.
#[derive(Debug, Clone)]
struct Script(&'static [Response], Arc<AtomicUsize>);

impl HttpClient for Script {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Script {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let attempt = self.1.fetch_add(1, Ordering::Relaxed);
        let response = match self.0[attempt.min(self.0.len() - 1)] {
            Success => Ok(response(200, "{}".to_owned())),
            Error(status, code) => Ok(response(status, format!(r#"{{"__type":"{code}"}}"#))),
            Cancelled => {
                let reasons = r#"[{"Code":"None"},{"Code":"ConditionalCheckFailed"}]"#;
                let body = format!(
                    r#"{{"__type":"TransactionCanceledException","CancellationReasons":{reasons}}}"#
                );
                Ok(response(400, body))
            }
            ConnectionLost => Err(ConnectorError::io("lost".into())),
            Never => return HttpConnectorFuture::new(std::future::pending()),
        };
        HttpConnectorFuture::ready(response)
    }
}

fn response(status: u16, body: String) -> HttpResponse {
    HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body))
}

/// Both ways for one script: in the process, and by the SDK.
fn connections(script: &'static [Response]) -> [Connection; 2] {
    let is_answered = !matches!(script, [Never]);
    let limits = ClientLimits {
        operation: Some(Duration::from_millis(if is_answered { 60_000 } else { 20 })),
        max_backoff: Duration::from_millis(1),
        ..ClientLimits::EMBEDDED_REQUESTS
    };
    [true, false].map(|in_process| {
        let http = SharedHttpClient::new(Script(script, Arc::default()));
        let base = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("us-east-1"))
            .endpoint_url(in_process::ENDPOINT)
            .http_client(http.clone())
            .allow_no_auth();
        let client = client(&base, limits);
        if in_process {
            let (retries, timeouts) = (limits.retries(), limits.timeouts());
            let plugins = in_process::plugins(http, retries, timeouts, CountAttempts);
            Connection::in_process(client, plugins)
        } else {
            client.into()
        }
    })
}

/// The result of a write and the number of its attempts.
async fn outcome(connection: &Connection) -> (String, u32) {
    let sent = SendCounter::default();
    let item = AttributeValue::S("x".to_owned());
    let put = PutItemInput::builder().table_name("t").item("pk", item);
    let result = match sent.counting(connection.send(put)).await {
        Ok(_) => "success".to_owned(),
        Err(SdkError::ServiceError(error)) => error.err().code().unwrap_or_default().to_owned(),
        Err(SdkError::TimeoutError(_)) => "timeout".to_owned(),
        Err(SdkError::DispatchFailure(_)) => "connection lost".to_owned(),
        Err(other) => panic!("{other:?}"),
    };
    (result, sent.count())
}

#[tokio::test]
async fn both_ways_have_the_same_results_and_attempts() {
    let scripts: [(&'static [Response], &str, u32); 9] = [
        (&[Success], "success", 1),
        (&[THROTTLED, Success], "success", 2),
        (&[THROTTLED], "ProvisionedThroughputExceededException", 3),
        (&[INTERNAL, Success], "success", 2),
        (&[INTERNAL], "InternalServerError", 3),
        (&[ConnectionLost, Success], "success", 2),
        (&[ConnectionLost], "connection lost", 3),
        (&[CONDITION], "ConditionalCheckFailedException", 1),
        (&[Never], "timeout", 1),
    ];
    for (script, result, attempts) in scripts {
        for connection in connections(script) {
            let expected = (result.to_owned(), attempts);
            assert_eq!(outcome(&connection).await, expected, "{script:?}");
        }
    }
}

#[tokio::test]
async fn both_ways_return_the_reasons_of_a_cancellation() {
    for connection in connections(&[Cancelled]) {
        let item = AttributeValue::S("x".to_owned());
        let put = Put::builder().table_name("t").item("pk", item).build();
        let write = TransactWriteItem::builder().put(put.unwrap()).build();
        let request = TransactWriteItemsInput::builder()
            .client_request_token("token")
            .transact_items(write);
        let error = connection.send(request).await.unwrap_err();
        let Some(TransactWriteItemsError::TransactionCanceledException(error)) =
            error.as_service_error()
        else {
            panic!("{error:?}");
        };
        let codes = error.cancellation_reasons().iter();
        let codes: Vec<_> = codes.filter_map(|reason| reason.code()).collect();
        assert_eq!(codes, ["None", "ConditionalCheckFailed"]);
    }
}
