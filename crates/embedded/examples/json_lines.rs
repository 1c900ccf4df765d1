//! Executes raw requests of DynamoDB: one JSON document in a line of standard input, its answer in a line of
//! standard output.
//!
//! ```text
//! {"operation": "ListTables", "body": "{}"}
//! {"status": 200, "body": {"TableNames": []}}
//! ```
//!
//! The database is in memory, or in the file that the only argument names. `./scripts/test-differential`
//! compares the answers with those of other engines.

use std::env;
use std::error::Error;
use std::io::{self, BufRead, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use serde::Deserialize;
use serde_json::{Value, json};
use tintero_embedded::Engine;

#[derive(Debug, Default, Deserialize)]
struct RawRequest {
    operation: String,
    /// The bytes of the body as a string, so that invalid JSON can be sent.
    body: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let engine = match env::args_os().nth(1) {
        Some(file) => Engine::file(Path::new(&file))?,
        None => Engine::memory()?,
    };
    let raw = RawClient::new(engine.http_client());
    let client = raw.sdk_client();
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let answer = raw.send(&client, serde_json::from_str(&line?)?).await?;
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}

/// Replaces each request of an SDK client by a raw one and keeps the raw answer.
#[derive(Debug, Clone)]
struct RawClient {
    engine: SharedHttpClient,
    exchange: Arc<Mutex<Exchange>>,
}

#[derive(Debug, Default)]
struct Exchange {
    request: RawRequest,
    answer: Option<Value>,
}

impl RawClient {
    fn new(engine: SharedHttpClient) -> Self {
        Self {
            engine,
            exchange: Arc::default(),
        }
    }

    fn sdk_client(&self) -> Client {
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("us-east-1"))
            .credentials_provider(Credentials::new("key", "secret", None, None, "json_lines"))
            .retry_config(RetryConfig::disabled())
            .http_client(self.clone());
        Client::from_conf(config.build())
    }

    async fn send(&self, client: &Client, request: RawRequest) -> Result<Value, Box<dyn Error>> {
        *self.exchange() = Exchange {
            request,
            answer: None,
        };
        // The SDK cannot always decode an answer to another operation.
        let decoded = client.list_tables().send().await;
        match self.exchange().answer.take() {
            Some(answer) => Ok(answer),
            None => Err(decoded
                .err()
                .map_or("the engine gave no answer".into(), Into::into)),
        }
    }

    fn exchange(&self) -> std::sync::MutexGuard<'_, Exchange> {
        self.exchange.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HttpClient for RawClient {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(RawConnector {
            client: self.clone(),
            engine: self.engine.http_connector(settings, components),
        })
    }
}

#[derive(Debug)]
struct RawConnector {
    client: RawClient,
    engine: SharedHttpConnector,
}

impl HttpConnector for RawConnector {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        let raw = std::mem::take(&mut self.client.exchange().request);
        let target = format!("DynamoDB_20120810.{}", raw.operation);
        request.headers_mut().insert("x-amz-target", target);
        *request.body_mut() = SdkBody::from(raw.body);
        let (client, sending) = (self.client.clone(), self.engine.call(request));
        HttpConnectorFuture::new(async move {
            let response = sending.await?;
            let status = response.status().as_u16();
            let body = response.body().bytes().unwrap_or_default();
            let body: Value = serde_json::from_slice(body)
                .map_err(|error| ConnectorError::other(error.into(), None))?;
            client.exchange().answer = Some(json!({ "status": status, "body": body }));
            Ok(response)
        })
    }
}
