//! The Lambda authorizer of an HTTP API. Unlike the JWT authorizer of API Gateway, it accepts API keys and
//! refuses tokens of ended sessions and of disabled users.
//!
//! See <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>.

use axum::body::{Body, to_bytes};
use lambda_http::lambda_runtime::Diagnostic;
use serde::{Deserialize, Serialize};
use tower::ServiceExt as _;

use super::{Function, fault};

/// Largest answer of `/v1/me` in bytes.
const MAX_ANSWER: usize = 64 * 1024;

/// The part of the event that the decision depends on.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuthorizerRequest {
    /// The values that the authorizer of the API names as identity: the header `Authorization`.
    #[serde(default)]
    identity_source: Option<Vec<String>>,
}

/// A simple response of payload format 2.0.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Decision {
    is_authorized: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Principal>,
}

/// The caller, as variables of the access log and of integrations.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Principal {
    user_id: String,
    role: String,
    /// The permissions of the role or of the API key, separated by spaces.
    permissions: String,
}

/// The members of `GET /v1/me` that become the context.
#[derive(Debug, Deserialize)]
struct Me {
    id: String,
    role: String,
    permissions: Vec<String>,
}

impl Function {
    /// Decides as `GET /v1/me` does with the same credentials.
    pub(super) async fn authorize(
        &self,
        request: AuthorizerRequest,
    ) -> Result<Decision, Diagnostic> {
        let refused = Decision {
            is_authorized: false,
            context: None,
        };
        let credentials = request.identity_source.unwrap_or_default();
        let [authorization] = credentials.as_slice() else {
            return Ok(refused);
        };
        let asked = axum::extract::Request::get("/v1/me")
            .header("authorization", authorization)
            .body(Body::empty());
        // Not the value of a header.
        let Ok(asked) = asked else {
            return Ok(refused);
        };
        let answer = self.router.clone().oneshot(asked).await;
        let answer = answer.unwrap_or_else(|never| match never {});
        let status = answer.status();
        if status.is_client_error() {
            return Ok(refused);
        }
        // API Gateway answers 500 instead of taking a failure of the database for a refusal.
        if !status.is_success() {
            return Err(fault("Authorizer", format!("/v1/me answered {status}")));
        }
        let body = to_bytes(answer.into_body(), MAX_ANSWER).await;
        let body = body.map_err(|error| fault("Authorizer", error.to_string()))?;
        let me: Me = serde_json::from_slice(&body)
            .map_err(|error| fault("Authorizer", error.to_string()))?;
        Ok(Decision {
            is_authorized: true,
            context: Some(Principal {
                user_id: me.id,
                role: me.role,
                permissions: me.permissions.join(" "),
            }),
        })
    }
}
