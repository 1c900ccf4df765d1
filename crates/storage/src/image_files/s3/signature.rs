//! Signatures of requests
//! ([Signature Version 4](https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html)).

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
        SigningInstructions, SigningSettings, UriPathNormalizationMode, sign,
    },
    sign::v4,
};
use reqwest::Method;
use tintero_domain::{error::BoxError, values::Digest};
use url::Url;

/// A request to sign.
pub(super) struct Unsigned<'a> {
    pub(super) method: &'a Method,
    pub(super) url: &'a str,
    /// SHA-256 of the body.
    pub(super) payload: &'a Digest,
}

/// A request to sign for a client, who sends it later.
pub(super) struct Presigned<'a> {
    pub(super) method: &'a Method,
    pub(super) url: &'a str,
    /// Headers that the client must send.
    pub(super) headers: &'a [(String, String)],
    pub(super) expires_in: Duration,
}

/// Returns the headers with the signature, which covers the digest of the body.
pub(super) fn headers(
    request: &Unsigned<'_>,
    region: &str,
    credentials: Credentials,
    now: SystemTime,
) -> Result<Vec<(String, String)>, BoxError> {
    let mut settings = settings();
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    let Unsigned {
        method,
        url,
        payload,
    } = request;
    let body = SignableBody::Precomputed(payload.to_string());
    let request = SignableRequest::new(method.as_str(), *url, std::iter::empty(), body)?;
    let instructions = instructions(request, settings, (region, credentials, now))?;
    Ok(instructions
        .headers()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect())
}

/// Returns the URL with the signature of a request in its query. The signature covers the headers.
pub(super) fn presigned_url(
    request: &Presigned<'_>,
    region: &str,
    credentials: Credentials,
    now: SystemTime,
) -> Result<String, BoxError> {
    let mut settings = settings();
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(request.expires_in);
    let headers = request.headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str(), value.as_str()));
    let body = SignableBody::UnsignedPayload;
    let signable = SignableRequest::new(request.method.as_str(), request.url, headers, body)?;
    let instructions = instructions(signable, settings, (region, credentials, now))?;
    let (_, parameters) = instructions.into_parts();
    let mut url = Url::parse(request.url)?;
    for (name, value) in parameters {
        url.query_pairs_mut().append_pair(name, &value);
    }
    Ok(url.into())
}

fn settings() -> SigningSettings {
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    settings
}

fn instructions(
    request: SignableRequest<'_>,
    settings: SigningSettings,
    (region, credentials, now): (&str, Credentials, SystemTime),
) -> Result<SigningInstructions, BoxError> {
    let identity = credentials.into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name("s3")
        .time(now)
        .settings(settings)
        .build()?
        .into();
    let (instructions, _) = sign(request, &parameters)?.into_parts();
    Ok(instructions)
}
