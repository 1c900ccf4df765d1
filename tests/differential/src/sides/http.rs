use std::process;

use anyhow::{Context, Result};
use ureq::Agent;

use super::Side;
use crate::answer::Answer;

/// The servers accept any signature. For DynamoDB Local, the key selects a database, which is that of this
/// process.
fn authorization() -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=differential{}/20260101/us-east-1/dynamodb/aws4_request, \
         SignedHeaders=host;x-amz-date;x-amz-target, Signature=0",
        process::id()
    )
}

/// An engine with DynamoDB's protocol at an endpoint.
pub(crate) struct HttpSide {
    name: &'static str,
    endpoint: String,
    authorization: String,
    agent: Agent,
}

impl HttpSide {
    pub(crate) fn new(name: &'static str, endpoint: String) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).build();
        Self {
            name,
            endpoint,
            authorization: authorization(),
            agent: config.into(),
        }
    }
}

impl Side for HttpSide {
    fn name(&self) -> &'static str {
        self.name
    }

    fn send(&mut self, operation: &str, body: &str) -> Result<Answer> {
        let mut response = self
            .agent
            .post(&self.endpoint)
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
            .header("x-amz-date", "20260101T000000Z")
            .header("authorization", &self.authorization)
            .send(body)
            .with_context(|| format!("{} does not answer {operation}", self.name))?;
        let status = response.status().as_u16();
        let text = response
            .body_mut()
            .with_config()
            .limit(64 << 20)
            .read_to_string()?;
        let body = serde_json::from_str(&text)
            .with_context(|| format!("the answer of {} is no JSON: {text}", self.name))?;
        Ok(Answer { status, body })
    }
}
