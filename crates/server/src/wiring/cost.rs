//! What an answer cost at DynamoDB, told to whoever asks for it by configuration.

use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    response::Response,
};
use hyper::header::{HeaderName, HeaderValue};
use tintero_storage::cost;

/// The field that says it: `requests=2, rcu=1, wcu=13`.
const COST: HeaderName = HeaderName::from_static("tintero-cost");

/// The router with the field on every answer.
pub(super) fn told(router: Router) -> Router {
    router.layer(from_fn(tell))
}

async fn tell(request: Request, next: Next) -> Response {
    let (mut response, cost) = cost::measured(next.run(request)).await;
    if let Ok(value) = HeaderValue::from_str(&cost.to_string()) {
        response.headers_mut().insert(COST, value);
    }
    response
}
