//! Fetches the documents of foreign issuers.

use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::header;
use reqwest::{Client, redirect::Policy};
use tintero_http::IssuerDocuments;

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
        let failed = |error: reqwest::Error| format!("{:#}", anyhow::Error::from(error));
        let mut response = request.send().await.map_err(failed)?;
        if !response.status().is_success() {
            return Err(format!("{url:?} has status {}", response.status()));
        }
        let mut document = BytesMut::new();
        while let Some(part) = response.chunk().await.map_err(failed)? {
            if document.len() + part.len() > MAX_BYTES {
                return Err(format!("{url:?} has more than {MAX_BYTES} bytes"));
            }
            document.extend_from_slice(&part);
        }
        Ok(document.freeze())
    }
}
