use std::{sync::Arc, time::Instant};

use axum::{
    body::{Body, HttpBody as _},
    extract::{MatchedPath, Request},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use tintero_domain::access::RequestSender;

use super::{log, security};
use crate::{
    app::{AnsweredRequest, App, ClientAddress, RejectedHead},
    base_path,
    extract::{RequestFacts, agent, decode},
    problem::{self, Problem, ProblemType},
};

/// The header with the id of a request.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Forbids browsers to guess a media type from the body.
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");

/// Handles a request: assigns its id, writes the body of problems, and logs one line. `answer` returns
/// the response.
pub(super) async fn handle<F: Future<Output = Response>>(
    app: &App,
    base_path: &Arc<str>,
    request: Request,
    answer: impl FnOnce(Request) -> F,
) -> Response {
    let mut response =
        base_path::scope(Arc::clone(base_path), answered(app, request, answer)).await;
    security::add(response.headers_mut(), &app.config);
    response
}

async fn answered<F: Future<Output = Response>>(
    app: &App,
    mut request: Request,
    answer: impl FnOnce(Request) -> F,
) -> Response {
    let started = Instant::now();
    let client: Option<ClientAddress> = request.extensions().get().copied();
    let facts = RequestFacts {
        request_id: request_id(request.headers(), app),
        sender: RequestSender {
            address: client.map(|client| client.0),
            agent: agent(request.headers()),
        },
        ..RequestFacts::default()
    };
    let log = log::RequestLog {
        method: request.method().clone(),
        uri: request.uri().clone(),
        route: route(&request),
        client,
        facts: facts.clone(),
    };
    request.extensions_mut().insert(facts.clone());
    let mut response = if let Some(RejectedHead(reason)) = request.extensions().get() {
        Problem::new(ProblemType::BadHeader)
            .detail(*reason)
            .into_response()
    } else if decode(log.uri.path()).is_some() {
        deliverable(answer(request).await, app.config.max_answer)
    } else {
        Problem::new(ProblemType::BadPath).into_response()
    };
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        log::failure(&problem, response.status(), &log);
        write_problem(&mut response, &problem, &facts, (&log.method, &log.uri));
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&facts.request_id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    let (status, elapsed) = (response.status(), started.elapsed());
    log.write(status, elapsed);
    app.observer.observe(&AnsweredRequest {
        method: &log.method,
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

/// Replaces an answer that is larger than `max`.
fn deliverable(response: Response, max: Option<usize>) -> Response {
    let size = response.body().size_hint().lower();
    let is_too_large = max.is_some_and(|max| size > max as u64);
    if is_too_large {
        return Problem::new(ProblemType::AnswerTooLarge).into_response();
    }
    response
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
