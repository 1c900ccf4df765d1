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
    app::App,
    extract::{Facts, decode},
    problem::{self, Kind, Problem},
};

/// The field that names a request and its answer.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names the request, lets it pass, writes down refusals, and logs one line.
pub(super) async fn pass(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let facts = Facts {
        request_id: name(request.headers(), &app),
        ..Facts::default()
    };
    let line = log::Line {
        method: request.method().clone(),
        route: route(&request),
        client: request.extensions().get().copied(),
        facts: facts.clone(),
    };
    let (method, uri) = (request.method().clone(), request.uri().clone());
    request.extensions_mut().insert(facts.clone());
    let mut response = if decode(uri.path()).is_some() {
        next.run(request).await
    } else {
        Problem::new(Kind::BadPath).into_response()
    };
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        log::failure(&problem, response.status(), &line);
        write(&mut response, &problem, &facts, (&method, &uri));
    }
    if let Ok(id) = HeaderValue::from_str(&facts.request_id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    line.write(response.status(), started.elapsed());
    response
}

/// The name that the client chose, when it is a sane one, else one of ours.
fn name(headers: &HeaderMap, app: &App) -> Arc<str> {
    let sane = |text: &&str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
        (1..=128).contains(&text.len()) && text.bytes().all(plain)
    };
    let chosen = headers
        .get(REQUEST_ID)
        .and_then(|field| field.to_str().ok())
        .filter(sane);
    chosen.map_or_else(|| app.ids.next().to_string().into(), Arc::from)
}

fn route(request: &Request) -> Option<MatchedPath> {
    request.extensions().get().cloned()
}

/// Writes the refusal into its answer, now that the request's name and path are known.
fn write(
    response: &mut Response,
    problem: &Problem,
    facts: &Facts,
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
