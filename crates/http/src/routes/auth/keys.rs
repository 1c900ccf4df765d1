use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::{App, HttpConfig},
    auth::{AccessTokens, Jwk, Jwks},
    problem::Problem,
    respond::{Fixed, View},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_jwks))
        .routes(routes!(get_issuer))
        .routes(routes!(get_authorization_server))
}

impl View for Jwks {
    fn example() -> Self {
        Self {
            keys: vec![Jwk {
                kty: "RSA",
                usage: "sig",
                alg: "RS256",
                kid: "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs".to_owned(),
                n: "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86z".to_owned(),
                e: "AQAB".to_owned(),
            }],
        }
    }
}

/// What verifiers of access tokens need to know about their issuer. There are no authorization endpoints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Issuer {
    /// The issuer of access tokens, their claim `iss`.
    #[serde(rename = "issuer")]
    name: String,
    /// The address of the public keys.
    jwks_uri: String,
    /// Always empty: no authorization endpoint returns tokens.
    response_types_supported: Vec<&'static str>,
}

impl View for Issuer {
    fn example() -> Self {
        Self {
            name: "https://api.example.org".to_owned(),
            jwks_uri: "https://api.example.org/.well-known/jwks.json".to_owned(),
            response_types_supported: Vec::new(),
        }
    }
}

/// The OAuth metadata of the issuer of access tokens. Absent members mean that there is no such endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct AuthorizationServer {
    /// The issuer of access tokens, their claim `iss`.
    #[serde(rename = "issuer")]
    name: String,
    /// The address of the public keys.
    jwks_uri: String,
    /// Always empty: no authorization endpoint returns tokens.
    response_types_supported: Vec<&'static str>,
    /// Always empty: no token endpoint of OAuth returns tokens.
    grant_types_supported: Vec<&'static str>,
    /// The documentation of the API, which describes how sessions begin.
    #[schema(format = "uri")]
    service_documentation: String,
}

impl View for AuthorizationServer {
    fn example() -> Self {
        Self {
            name: "https://api.example.org".to_owned(),
            jwks_uri: "https://api.example.org/.well-known/jwks.json".to_owned(),
            response_types_supported: Vec::new(),
            grant_types_supported: Vec::new(),
            service_documentation: "https://api.example.org/docs".to_owned(),
        }
    }
}

/// Returns the public keys that verify access tokens.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "accounts")]
async fn get_jwks(State(tokens): State<AccessTokens>) -> Result<Fixed<Jwks>, Problem> {
    Ok(Fixed(tokens.jwks()))
}

/// Returns the issuer of access tokens and the address of its keys.
///
/// Gateways that verify access tokens read this document.
#[utoipa::path(get, path = "/.well-known/openid-configuration", tag = "accounts")]
async fn get_issuer(
    State(tokens): State<AccessTokens>,
    State(config): State<Arc<HttpConfig>>,
) -> Result<Fixed<Issuer>, Problem> {
    Ok(Fixed(Issuer {
        name: tokens.issuer().to_owned(),
        jwks_uri: jwks_uri(&config),
        response_types_supported: Vec::new(),
    }))
}

/// Returns the OAuth metadata of the issuer of access tokens ([RFC 8414](https://www.rfc-editor.org/rfc/rfc8414)).
///
/// It names no endpoints, because sessions begin with `POST /v1/auth/login`, which is none of OAuth.
#[utoipa::path(
    get,
    path = "/.well-known/oauth-authorization-server",
    tag = "accounts"
)]
async fn get_authorization_server(
    State(tokens): State<AccessTokens>,
    State(config): State<Arc<HttpConfig>>,
) -> Result<Fixed<AuthorizationServer>, Problem> {
    Ok(Fixed(AuthorizationServer {
        name: tokens.issuer().to_owned(),
        jwks_uri: jwks_uri(&config),
        response_types_supported: Vec::new(),
        grant_types_supported: Vec::new(),
        service_documentation: format!("{}/docs", config.public_url),
    }))
}

fn jwks_uri(config: &HttpConfig) -> String {
    format!("{}/.well-known/jwks.json", config.public_url)
}
