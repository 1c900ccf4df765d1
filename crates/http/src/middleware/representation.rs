use std::time::{Duration, UNIX_EPOCH};

use axum::{extract::Request, response::Response};
use http::{HeaderMap, Method, StatusCode, header};
use httpdate::HttpDate;
use tintero_domain::clock::Clock;

use super::conditional::{self, Conditions};
use crate::coding::{self, Coding, Compression};

/// Returns 304 if the client has the current representation, and otherwise compresses it if the client
/// accepts that. Responses that are already compressed stay as they are.
///
/// `accepted` is the coding that the client accepts; `answer` returns the response.
pub(super) async fn choose<F: Future<Output = Response>>(
    compression: &Compression,
    clock: &dyn Clock,
    accepted: Option<Coding>,
    request: Request,
    answer: impl FnOnce(Request) -> F,
) -> Response {
    let conditions = Conditions::of(&request);
    // The response to HEAD has no body to compress, and describes the uncompressed form.
    let coding = accepted.filter(|_| *request.method() != Method::HEAD);
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = answer(request).await;
    let is_compressible = compression.negotiate(&mut response);
    let coding = coding.filter(|_| is_compressible && response.status() == StatusCode::OK);
    if is_read {
        drop_recent_date(response.headers_mut(), clock);
    }
    let is_known = conditions.is_known(&response);
    match coding {
        Some(coding) if is_known => {
            coding::mark_tag(response.headers_mut(), coding);
            conditional::not_modified(response)
        }
        None if is_known => conditional::not_modified(response),
        Some(coding) => compression.encode(coding, response).await,
        None => response,
    }
}

/// Removes `Last-Modified` if it is the current second: the next version could have the same date, and a
/// client with this version would then keep it.
fn drop_recent_date(headers: &mut HeaderMap, clock: &dyn Clock) {
    let modified = headers.get(header::LAST_MODIFIED);
    let modified: Option<HttpDate> =
        modified.and_then(|field| field.to_str().ok().and_then(|date| date.parse().ok()));
    if modified.is_some_and(|modified| modified >= now(clock)) {
        headers.remove(header::LAST_MODIFIED);
    }
}

fn now(clock: &dyn Clock) -> HttpDate {
    let seconds = u64::try_from(clock.now().as_seconds()).unwrap_or_default();
    (UNIX_EPOCH + Duration::from_secs(seconds)).into()
}
