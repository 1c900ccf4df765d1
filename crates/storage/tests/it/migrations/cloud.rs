//! Behaviour of AWS that the embedded engine lacks: slow tables, and backups.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_smithy_runtime_api::client::{
    http::{HttpConnector as _, HttpConnectorFuture},
    orchestrator::HttpResponse,
};
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};
use tintero_storage::migrations::Verification;

use super::stage::{Stage, changed_notes};
use crate::database::intercept;

/// Number of requests by operation and table.
type Counts = Arc<Mutex<HashMap<(String, String), u32>>>;

fn cloud(engine: SharedHttpClient, counts: Counts) -> SharedHttpClient {
    intercept(engine, move |request, engine| {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let body: Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        let table = body["TableName"].as_str().unwrap_or_default().to_owned();
        let mut counts = counts.lock().unwrap();
        let updates = ("UpdateContinuousBackups".to_owned(), table.clone());
        let enabled = counts.get(&updates).is_some_and(|count| *count > 1);
        let count = counts.entry((operation.clone(), table)).or_default();
        *count += 1;
        let count = *count;
        let answer = match operation.as_str() {
            "UpdateContinuousBackups" if count == 1 => answer(
                400,
                &json!({ "__type": "ContinuousBackupsUnavailableException" }),
            ),
            "UpdateContinuousBackups" => answer(200, &json!({})),
            "DescribeContinuousBackups" => answer(200, &backups(enabled)),
            "DescribeTable" => {
                let response = engine.call(request);
                return HttpConnectorFuture::new(
                    async move { Ok(delayed(&response.await?, count)) },
                );
            }
            _ => return engine.call(request),
        };
        HttpConnectorFuture::ready(Ok(answer))
    })
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

/// In the second description, the indexes of the table are still being built.
fn delayed(response: &HttpResponse, count: u32) -> HttpResponse {
    let status = response.status().as_u16();
    let mut body: Value = serde_json::from_slice(response.body().bytes().unwrap()).unwrap();
    if count == 2 && status == 200 {
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
async fn up_waits_for_slow_tables_and_enables_backups() {
    let stage = Stage::new();
    let counts = Counts::default();
    let cloud = cloud(stage.wire.http_client(), Arc::clone(&counts));
    let migrator = stage.migrator_over(cloud, "ana").with_set(changed_notes());
    migrator.up().await.unwrap();
    assert_eq!(migrator.verify().await.unwrap(), Verification::default());
    let updates = (
        "UpdateContinuousBackups".to_owned(),
        "tintero-notes".to_owned(),
    );
    assert_eq!(counts.lock().unwrap()[&updates], 2);
}
