//! Requests for the objects of a bucket.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, header};
use tintero_domain::{
    Error, Result,
    clock::Clock,
    images::{ExpectedFile, SignedRequest},
    values::{Digest, Timestamp},
};
use url::Url;

use super::{
    super::unavailable,
    identity::S3Identity,
    location::ResolvedLocation,
    signature::{self, Presigned, Unsigned},
};
use crate::backoff;

/// Maximum number of attempts of a request.
const ATTEMPTS: u32 = 4;

/// A request for an object, or for the list of objects if the path begins with `?`.
#[derive(Debug, Clone)]
pub(super) struct S3Request {
    pub(super) method: Method,
    /// The part of the URL after the bucket: a slash and a key, or a query.
    pub(super) target: String,
    /// Value of the `Range` header.
    pub(super) range: Option<String>,
    pub(super) body: Bytes,
    /// SHA-256 of the body.
    pub(super) payload: Digest,
}

impl S3Request {
    /// A request without a body.
    pub(super) fn new(method: Method, target: String) -> Self {
        Self {
            method,
            target,
            range: None,
            body: Bytes::new(),
            payload: Digest::of(b""),
        }
    }
}

/// A bucket with the credentials for it.
pub(super) struct Bucket {
    client: Client,
    location: ResolvedLocation,
    identity: S3Identity,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Bucket").field(&self.location).finish()
    }
}

impl Bucket {
    pub(super) fn new(
        location: ResolvedLocation,
        identity: S3Identity,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, String> {
        let client = Client::builder()
            .connect_timeout(Duration::from_secs(1))
            .read_timeout(Duration::from_secs(10))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| format!("cannot prepare requests to S3: {error}"))?;
        Ok(Self {
            client,
            location,
            identity,
            clock,
        })
    }

    /// The prefix of all keys: empty, or with a slash at its end.
    pub(super) fn prefix(&self) -> &str {
        &self.location.prefix
    }

    /// The origin of the URLs of objects.
    pub(super) fn origin(&self) -> String {
        let url = Url::parse(&self.location.url);
        url.map(|url| url.origin().ascii_serialization())
            .unwrap_or_default()
    }

    /// Sends a request until it succeeds or the failure is permanent. `None` if the object does not exist.
    pub(super) async fn send(&self, request: &S3Request) -> Result<Option<Response>> {
        let is_transient = |failure: &Failure| matches!(failure, Failure::Transient(_));
        let sent = backoff::retry(ATTEMPTS, is_transient, || self.attempt(request));
        sent.await.map_err(Failure::into_error)
    }

    async fn attempt(&self, request: &S3Request) -> Result<Option<Response>, Failure> {
        let signed = self.signed(request).await.map_err(Failure::Permanent)?;
        let sent = signed.send().await;
        let response = sent.map_err(|error| Failure::Transient(unavailable(error)))?;
        let status = response.status();
        if status.is_success() {
            Ok(Some(response))
        } else if status == StatusCode::NOT_FOUND {
            let missing = self.missing(response).await;
            missing.map(|()| None).map_err(Failure::Permanent)
        } else if status.is_client_error() {
            Err(Failure::Permanent(refused(response).await))
        } else {
            Err(Failure::Transient(refused(response).await))
        }
    }

    async fn signed(&self, request: &S3Request) -> Result<RequestBuilder> {
        let now = self.now();
        let credentials = self.identity.credentials(now).await?;
        let url = format!("{}{}", self.location.url, request.target);
        let unsigned = Unsigned {
            method: &request.method,
            url: &url,
            payload: &request.payload,
        };
        let headers = signature::headers(&unsigned, &self.location.region, credentials, now);
        let mut signed = self.client.request(request.method.clone(), &url);
        for (name, value) in headers.map_err(unavailable)? {
            signed = signed.header(name, value);
        }
        if let Some(range) = &request.range {
            signed = signed.header(header::RANGE, range);
        }
        if request.method == Method::PUT {
            signed = signed.body(request.body.clone());
        }
        Ok(signed)
    }

    /// Signs a request that stores this file. Its signature covers the type, the length and the digest, which S3
    /// verifies.
    pub(super) async fn presigned_put(
        &self,
        target: &str,
        file: &ExpectedFile,
    ) -> Result<SignedRequest> {
        let headers = vec![
            ("content-length".to_owned(), file.bytes.to_string()),
            (
                "content-type".to_owned(),
                file.media_type.as_str().to_owned(),
            ),
            (
                "x-amz-checksum-sha256".to_owned(),
                BASE64_STANDARD.encode(file.sha256.as_bytes()),
            ),
        ];
        let url = self.presigned(&Method::PUT, target, &headers, file.expires_at);
        Ok(SignedRequest {
            url: url.await?,
            headers,
        })
    }

    /// Signs a URL from which a client reads an object.
    pub(super) async fn presigned_get(
        &self,
        target: &str,
        expires_at: Timestamp,
    ) -> Result<String> {
        self.presigned(&Method::GET, target, &[], expires_at).await
    }

    async fn presigned(
        &self,
        method: &Method,
        target: &str,
        headers: &[(String, String)],
        expires_at: Timestamp,
    ) -> Result<String> {
        let now = self.now();
        let credentials = self.identity.credentials(now).await?;
        let url = format!("{}{target}", self.location.url);
        let expires_in = instant(expires_at).duration_since(now);
        let request = Presigned {
            method,
            url: &url,
            headers,
            expires_in: expires_in.unwrap_or_default(),
        };
        let url = signature::presigned_url(&request, &self.location.region, credentials, now);
        url.map_err(unavailable)
    }

    /// Fails if not the object but the bucket is missing.
    async fn missing(&self, response: Response) -> Result<()> {
        let explanation = response.text().await.map_err(unavailable)?;
        if explanation.contains("NoSuchBucket") {
            let bucket = &self.location.bucket;
            return Err(unavailable(format!("the bucket {bucket} does not exist")));
        }
        Ok(())
    }

    fn now(&self) -> SystemTime {
        instant(self.clock.now())
    }
}

fn instant(moment: Timestamp) -> SystemTime {
    let millis = u64::try_from(moment.as_millis()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_millis(millis)
}

/// Why an attempt failed.
enum Failure {
    /// The network, or the store itself.
    Transient(Error),
    Permanent(Error),
}

impl Failure {
    fn into_error(self) -> Error {
        match self {
            Self::Transient(error) | Self::Permanent(error) => error,
        }
    }
}

/// The error of a refused request, with the start of the explanation of S3.
async fn refused(response: Response) -> Error {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap_or_default();
    let start: String = text.chars().take(500).collect();
    unavailable(format!("S3 answered {status}: {start}"))
}
