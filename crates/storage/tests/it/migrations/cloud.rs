//! What AWS does and the embedded engine does not: tables that take a while, and backups.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
    },
    orchestrator::{HttpRequest, HttpResponse},
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};
use tintero_storage::migrations::Verification;

use super::stage::{Stage, changed_notes};

/// The embedded engine, with the manners of AWS in front.
#[derive(Debug, Clone)]
struct Cloud {
    inner: SharedHttpClient,
    state: Arc<Mutex<HashMap<String, u32>>>,
}

impl HttpClient for Cloud {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(CloudConnector {
            cloud: self.clone(),
            inner,
        })
    }
}

#[derive(Debug)]
struct CloudConnector {
    cloud: Cloud,
    inner: SharedHttpConnector,
}

impl HttpConnector for CloudConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let body: Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        let table = body["TableName"].as_str().unwrap_or_default();
        // How often this was asked before.
        let before = self.cloud.count(&operation, table);
        let answer = match operation.as_str() {
            "UpdateContinuousBackups" if before == 0 => answer(
                400,
                &json!({ "__type": "ContinuousBackupsUnavailableException" }),
            ),
            "UpdateContinuousBackups" => answer(200, &json!({})),
            "DescribeContinuousBackups" => answer(
                200,
                &backups(self.cloud.asked("UpdateContinuousBackups", table) > 1),
            ),
            "DescribeTable" => {
                let response = self.inner.call(request);
                return HttpConnectorFuture::new(
                    async move { Ok(delayed(&response.await?, before)) },
                );
            }
            _ => return self.inner.call(request),
        };
        HttpConnectorFuture::ready(Ok(answer))
    }
}

impl Cloud {
    fn count(&self, operation: &str, table: &str) -> u32 {
        let mut state = self.state.lock().unwrap();
        let count = state.entry(format!("{operation} {table}")).or_default();
        *count += 1;
        *count - 1
    }

    fn asked(&self, operation: &str, table: &str) -> u32 {
        let state = self.state.lock().unwrap();
        state
            .get(&format!("{operation} {table}"))
            .copied()
            .unwrap_or_default()
    }
}

fn answer(status: u16, body: &Value) -> HttpResponse {
    HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body.to_string()))
}

fn backups(on: bool) -> Value {
    let status = if on { "ENABLED" } else { "DISABLED" };
    json!({ "ContinuousBackupsDescription": {
        "ContinuousBackupsStatus": "ENABLED",
        "PointInTimeRecoveryDescription": { "PointInTimeRecoveryStatus": status },
    }})
}

/// The second description is late: the table is there, its index is still being built.
fn delayed(response: &HttpResponse, before: u32) -> HttpResponse {
    let status = response.status().as_u16();
    let mut body: Value = serde_json::from_slice(response.body().bytes().unwrap()).unwrap();
    if before == 1 && status == 200 {
        for index in body["Table"]["GlobalSecondaryIndexes"]
            .as_array_mut()
            .into_iter()
            .flatten()
        {
            index["IndexStatus"] = json!("CREATING");
        }
    }
    answer(status, &body)
}

#[tokio::test]
async fn slow_tables_are_waited_for_and_backups_are_switched_on() {
    let stage = Stage::new();
    let cloud = Cloud {
        inner: stage.wire.http_client(),
        state: Arc::default(),
    };
    let migrator = stage
        .migrator_over(SharedHttpClient::new(cloud.clone()), "ana")
        .with_set(changed_notes());
    migrator.up().await.unwrap();
    assert_eq!(migrator.verify().await.unwrap(), Verification::default());
    assert_eq!(cloud.asked("UpdateContinuousBackups", "tintero-notes"), 2);
}
