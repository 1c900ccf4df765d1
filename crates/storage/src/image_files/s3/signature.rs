//! Signatures of requests
//! ([Signature Version 4](https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html)).

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
        UriPathNormalizationMode, sign,
    },
    sign::v4,
};
use reqwest::Method;
use tintero_domain::{error::BoxError, values::Digest};

/// A request to sign.
pub(super) struct Unsigned<'a> {
    pub(super) method: &'a Method,
    pub(super) url: &'a str,
    /// SHA-256 of the body.
    pub(super) payload: &'a Digest,
}

/// Returns the headers with the signature, which covers the digest of the body.
pub(super) fn headers(
    request: &Unsigned<'_>,
    region: &str,
    credentials: Credentials,
    now: SystemTime,
) -> Result<Vec<(String, String)>, BoxError> {
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    let identity = credentials.into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name("s3")
        .time(now)
        .settings(settings)
        .build()?
        .into();
    let Unsigned {
        method,
        url,
        payload,
    } = request;
    let body = SignableBody::Precomputed(payload.to_string());
    let request = SignableRequest::new(method.as_str(), *url, std::iter::empty(), body)?;
    let (instructions, _) = sign(request, &parameters)?.into_parts();
    Ok(instructions
        .headers()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect())
}
