use std::time::Duration;

use http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::request::REQUEST_ID;
use crate::{
    app::Origins,
    rates::{RATE_LIMIT, RATE_LIMIT_POLICY},
};

/// Returns the CORS layer ([Fetch](https://fetch.spec.whatwg.org/#http-cors-protocol)), or `None` if
/// no origin is allowed. Credentials mode is not enabled, so browsers send no session cookie from other origins.
pub(super) fn layer(origins: &Origins) -> Option<CorsLayer> {
    let allowed = match origins {
        Origins::Any => AllowOrigin::any(),
        Origins::Listed(origins) if origins.is_empty() => return None,
        Origins::Listed(origins) => AllowOrigin::list(
            origins
                .iter()
                .filter_map(|text| HeaderValue::from_str(text).ok()),
        ),
    };
    let layer = CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods([
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            HeaderName::from_static("idempotency-key"),
            REQUEST_ID,
        ])
        .expose_headers([
            header::ETAG,
            header::LINK,
            header::LOCATION,
            header::RETRY_AFTER,
            RATE_LIMIT,
            RATE_LIMIT_POLICY,
            REQUEST_ID,
            HeaderName::from_static("idempotent-replayed"),
        ])
        .max_age(Duration::from_mins(10));
    Some(layer)
}
