use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::app::HttpConfig;

/// Headers of every response that has no value of its own for them.
const DEFAULTS: [(HeaderName, HeaderValue); 3] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
    // Responses are data; pages of the documentation have a policy of their own.
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    ),
];

/// Keeps browsers on `https` for a year, once they have used it.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Adds the headers with which browsers restrict what a response can do.
pub(super) fn add(headers: &mut HeaderMap, config: &HttpConfig) {
    for (name, value) in DEFAULTS {
        headers.entry(name).or_insert(value);
    }
    if config.is_secure() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
}
