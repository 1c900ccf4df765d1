//! Reports the DynamoDB cost of a request in a response header, if configured.

use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    response::Response,
};
use hyper::header::{HeaderName, HeaderValue};
use tintero_storage::cost;

/// The header, such as `requests=2, rcu=1, wcu=13`.
const COST: HeaderName = HeaderName::from_static("tintero-cost");

/// Adds the header to every response.
pub(super) fn with_cost_header(router: Router) -> Router {
    router.layer(from_fn(add_cost_header))
}

async fn add_cost_header(request: Request, next: Next) -> Response {
    let (mut response, cost) = cost::measured(next.run(request)).await;
    if let Ok(value) = HeaderValue::from_str(&cost.to_string()) {
        response.headers_mut().insert(COST, value);
    }
    response
}
