use std::{sync::Arc, time::Instant};

use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};

use super::log;
use crate::{
    app::{AnsweredRequest, App, RejectedHead},
    base_path,
    extract::{RequestFacts, decode},
    problem::{self, Problem, ProblemType},
};

/// The header with the id of a request.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Forbids browsers to guess a media type from the body.
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");

/// Handles a request: assigns its id, writes the body of problems, and logs one line.
pub(super) async fn handle(State(app): State<App>, request: Request, next: Next) -> Response {
    let base_path = app.config.base_path().into();
    base_path::scope(base_path, answered(&app, request, next)).await
}

async fn answered(app: &App, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let observer = Arc::clone(&app.observer);
    let facts = RequestFacts {
        request_id: request_id(request.headers(), app),
        ..RequestFacts::default()
    };
    let log = log::RequestLog {
        method: request.method().clone(),
        uri: request.uri().clone(),
        route: route(&request),
        client: request.extensions().get().copied(),
        facts: facts.clone(),
    };
    let (method, uri) = (request.method().clone(), request.uri().clone());
    request.extensions_mut().insert(facts.clone());
    let mut response = if let Some(RejectedHead(reason)) = request.extensions().get() {
        Problem::new(ProblemType::BadHeader)
            .detail(*reason)
            .into_response()
    } else if decode(uri.path()).is_some() {
        next.run(request).await
    } else {
        Problem::new(ProblemType::BadPath).into_response()
    };
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        log::failure(&problem, response.status(), &log);
        write_problem(&mut response, &problem, &facts, (&method, &uri));
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&facts.request_id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    let (status, elapsed) = (response.status(), started.elapsed());
    log.write(status, elapsed);
    observer.observe(&AnsweredRequest {
        method: &method,
        route: log.route(),
        status,
        elapsed,
    });
    response
}

/// Returns the id sent by the client if it is well formed, else a new one.
fn request_id(headers: &HeaderMap, app: &App) -> Arc<str> {
    let well_formed = |text: &&str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
        (1..=128).contains(&text.len()) && text.bytes().all(plain)
    };
    let chosen = headers
        .get(REQUEST_ID)
        .and_then(|field| field.to_str().ok())
        .filter(well_formed);
    chosen.map_or_else(|| app.ids.next().to_string().into(), Arc::from)
}

fn route(request: &Request) -> Option<MatchedPath> {
    request.extensions().get().cloned()
}

/// Writes the body of a problem.
fn write_problem(
    response: &mut Response,
    problem: &Problem,
    facts: &RequestFacts,
    (method, uri): (&Method, &Uri),
) {
    let document = problem.document(&facts.request_id, uri.path()).to_string();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(problem::MEDIA_TYPE),
    );
    headers.insert(header::CONTENT_LENGTH, document.len().into());
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    *response.body_mut() = if method == Method::HEAD {
        Body::empty()
    } else {
        document.into()
    };
}
