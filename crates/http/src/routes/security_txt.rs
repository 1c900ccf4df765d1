//! How to report vulnerabilities ([RFC 9116](https://www.rfc-editor.org/rfc/rfc9116)).

use std::{fmt::Write as _, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderValue, header};
use tintero_domain::{clock::Clock, values::Timestamp};

use crate::{
    app::{App, HttpConfig, SecurityContact},
    problem::{Problem, ProblemType},
};

/// Time for which an answer is valid. The RFC recommends less than a year.
const VALIDITY: Duration = Duration::from_hours(180 * 24);

pub(super) fn routes() -> Router<App> {
    Router::new().route("/.well-known/security.txt", get(security_txt))
}

async fn security_txt(
    State(config): State<Arc<HttpConfig>>,
    State(clock): State<Arc<dyn Clock>>,
) -> Result<Response, Problem> {
    let contact = config.security_contact.as_ref();
    let contact = contact.ok_or_else(|| Problem::new(ProblemType::UnknownRoute))?;
    let text = document(contact, clock.now().after(VALIDITY));
    let mut response = text.into_response();
    let headers = response.headers_mut();
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, plain);
    let cached = HeaderValue::from_static("public, max-age=300");
    headers.insert(header::CACHE_CONTROL, cached);
    Ok(response)
}

fn document(contact: &SecurityContact, expires: Timestamp) -> String {
    let mut text = String::new();
    // A write to a string cannot fail.
    for uri in &contact.uris {
        let _ = writeln!(text, "Contact: {uri}");
    }
    let _ = writeln!(text, "Expires: {expires}");
    if let Some(policy) = &contact.policy {
        let _ = writeln!(text, "Policy: {policy}");
    }
    text
}
