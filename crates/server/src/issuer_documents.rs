//! Fetches the documents of foreign issuers.

use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::header;
use reqwest::{Client, RequestBuilder, Response, redirect::Policy};
use tintero_http::{CodeExchange, ExchangeFault, IssuerDocuments, TokenRequest};

use crate::config::is_private_url;

/// Time for one document.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Largest document in bytes.
const MAX_BYTES: usize = 256 * 1024;

/// Fetches documents over https, or over http from the loopback interface.
pub(crate) struct HttpsDocuments(Client);

impl HttpsDocuments {
    /// Creates the client, which opens no connection yet.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let client = Client::builder()
            .timeout(TIMEOUT)
            .redirect(Policy::none())
            .user_agent(concat!("tintero/", env!("CARGO_PKG_VERSION")))
            .build();
        client
            .map(Self)
            .context("cannot create the client for issuers")
    }
}

#[async_trait]
impl IssuerDocuments for HttpsDocuments {
    async fn fetch(&self, url: &str) -> Result<Bytes, String> {
        if !is_private_url(url) {
            return Err(format!("{url:?} is not an https URL without query"));
        }
        let request = self.0.get(url).header(header::ACCEPT, "application/json");
        let response = request.send().await.map_err(failed)?;
        if !response.status().is_success() {
            return Err(format!("{url:?} has status {}", response.status()));
        }
        content(response).await
    }
}

#[async_trait]
impl CodeExchange for HttpsDocuments {
    async fn exchange(&self, request: TokenRequest<'_>) -> Result<Bytes, ExchangeFault> {
        let TokenRequest { url, form, basic } = request;
        if !is_private_url(url) {
            let reason = format!("{url:?} is not an https URL without query");
            return Err(ExchangeFault::Unreachable(reason));
        }
        let mut request = self
            .0
            .post(url)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form);
        if let Some((name, password)) = basic {
            request = request.basic_auth(name, Some(password));
        }
        answer(request, "the token endpoint").await
    }

    async fn user_info(&self, url: &str, access_token: &str) -> Result<Bytes, ExchangeFault> {
        if !is_private_url(url) {
            let reason = format!("{url:?} is not an https URL without query");
            return Err(ExchangeFault::Unreachable(reason));
        }
        let request = self.0.get(url).header(header::ACCEPT, "application/json");
        answer(request.bearer_auth(access_token), "the UserInfo endpoint").await
    }
}

/// Sends a request and returns the content of a success.
async fn answer(request: RequestBuilder, endpoint: &str) -> Result<Bytes, ExchangeFault> {
    let unreachable = |error| ExchangeFault::Unreachable(failed(error));
    let response = request.send().await.map_err(unreachable)?;
    let status = response.status();
    let body = content(response).await;
    let body = body.map_err(ExchangeFault::Unreachable)?;
    if status.is_success() {
        return Ok(body);
    }
    let reason = format!("{endpoint} has status {status}: {}", reason_in(&body));
    Err(if status.is_client_error() {
        ExchangeFault::Refused(reason)
    } else {
        ExchangeFault::Unreachable(reason)
    })
}

/// The error code of a token endpoint ([RFC 6749](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)).
fn reason_in(body: &[u8]) -> String {
    let json: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    let error = json.as_ref().and_then(|json| json.get("error")?.as_str());
    error.unwrap_or("no error code").chars().take(80).collect()
}

fn failed(error: reqwest::Error) -> String {
    format!("{:#}", anyhow::Error::from(error))
}

async fn content(mut response: Response) -> Result<Bytes, String> {
    let mut document = BytesMut::new();
    while let Some(part) = response.chunk().await.map_err(failed)? {
        if document.len() + part.len() > MAX_BYTES {
            return Err(format!(
                "{:?} has more than {MAX_BYTES} bytes",
                response.url().path()
            ));
        }
        document.extend_from_slice(&part);
    }
    Ok(document.freeze())
}
