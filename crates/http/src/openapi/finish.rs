//! Completes each operation with the problems and headers that its parameters, body and security imply.

use utoipa::openapi::{
    OpenApi, PathItem, Ref, RefOr, Required, ResponseBuilder, Schema,
    path::{Operation, Parameter, ParameterIn},
    security::SecurityRequirement,
};

use crate::problem::{self, ProblemType};

/// The header component `X-Request-Id`.
pub(super) const REQUEST_ID: &str = "RequestId";

/// The security scheme of API keys.
pub(super) const API_KEY: &str = "api_key";

/// Operations that check credentials in the body.
const SIGN_INS: [&str; 4] = [
    "open_session",
    "refresh_session",
    "close_session",
    "complete_password_reset",
];

/// Operations that slow down guesses.
const SLOWED_DOWN: [&str; 3] = ["open_session", "change_password", "request_password_reset"];

/// Adds problems and headers to all operations.
pub(super) fn finish(mut document: OpenApi) -> OpenApi {
    for (path, item) in &mut document.paths.paths {
        let PathItem {
            get,
            put,
            post,
            delete,
            patch,
            ..
        } = item;
        for operation in [&mut *put, post, delete, patch].into_iter().flatten() {
            document_problem(operation, ProblemType::StorageFull);
        }
        for operation in [get, put, post, delete, patch].into_iter().flatten() {
            problems(path, operation);
            api_keys(operation);
            not_modified(operation);
            optional_body(operation);
            request_ids(operation);
        }
    }
    document
}

/// Operations that accept access tokens also accept API keys.
fn api_keys(operation: &mut Operation) {
    if let Some(schemes) = &mut operation.security {
        schemes.push(SecurityRequirement::new(
            API_KEY,
            std::iter::empty::<&str>(),
        ));
    }
}

fn problems(path: &str, operation: &mut Operation) {
    for kind in problem_types(path, operation) {
        document_problem(operation, kind);
    }
}

fn document_problem(operation: &mut Operation, kind: ProblemType) {
    let status = kind.status().as_str().to_owned();
    let responses = &mut operation.responses.responses;
    responses
        .entry(status)
        .or_insert_with(|| problem::response(kind));
}

/// Returns the problem types that an operation can return.
fn problem_types(path: &str, operation: &Operation) -> Vec<ProblemType> {
    let mut types = Vec::new();
    let reads_body = operation.request_body.is_some();
    let is_authenticated = operation.security.is_some();
    let about_content = operation.tags.iter().flatten().any(|tag| tag != "accounts");
    let id = operation.operation_id.as_deref().unwrap_or_default();
    let signs_in = SIGN_INS.contains(&id);
    let is_slowed_down = SLOWED_DOWN.contains(&id);
    if has(operation, &ParameterIn::Path, None) || has(operation, &ParameterIn::Query, Some("path"))
    {
        types.push(ProblemType::NotFound);
    }
    if is_authenticated {
        types.push(ProblemType::Unauthenticated);
    }
    if is_authenticated && about_content {
        types.push(ProblemType::Forbidden);
    }
    if path.starts_with("/v1/") || operation.parameters.is_some() {
        types.push(ProblemType::BadQuery);
    }
    if signs_in {
        types.push(ProblemType::BadCredentials);
    }
    if is_slowed_down {
        types.push(ProblemType::TooManyAttempts);
    }
    if is_authenticated && id.ends_with("_password") {
        types.extend([ProblemType::SessionRequired, ProblemType::BadCredentials]);
    }
    if reads_body {
        types.extend([
            ProblemType::RequestTimeout,
            ProblemType::BodyTooLarge,
            ProblemType::UnsupportedMediaType,
            ProblemType::Invalid,
        ]);
    }
    if reads_body && is_authenticated {
        types.push(ProblemType::SlugTaken);
    }
    if has(operation, &ParameterIn::Header, Some("If-Match")) {
        types.extend([
            ProblemType::IllegalTransition,
            ProblemType::Stale,
            ProblemType::PreconditionRequired,
        ]);
    }
    types
}

fn has(operation: &Operation, place: &ParameterIn, name: Option<&str>) -> bool {
    let parameters = operation.parameters.iter().flatten();
    parameters
        .filter_map(|parameter| match parameter {
            RefOr::T(parameter) => Some(parameter),
            RefOr::Ref(_) => None,
        })
        .any(|parameter: &Parameter| {
            parameter.parameter_in == *place && name.is_none_or(|name| parameter.name == name)
        })
}

/// Documents 304 for reads with an `ETag`.
fn not_modified(operation: &mut Operation) {
    let is_tagged_read = operation.request_body.is_none()
        && matches!(operation.responses.responses.get("200"),
            Some(RefOr::T(response)) if response.headers.contains_key("ETag"));
    if is_tagged_read {
        let response = ResponseBuilder::new().description("Not modified since the given ETag");
        operation
            .responses
            .responses
            .insert("304".to_owned(), response.build().into());
    }
}

fn request_ids(operation: &mut Operation) {
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            let header = Ref::new(format!("#/components/headers/{REQUEST_ID}"));
            response
                .headers
                .insert("X-Request-Id".to_owned(), RefOr::Ref(header));
        }
    }
}

/// utoipa documents an optional body as a choice between the body and null. Replaces the choice.
fn optional_body(operation: &mut Operation) {
    let Some(RefOr::T(body)) = &mut operation.request_body else {
        return;
    };
    for content in body.content.values_mut() {
        if let RefOr::T(content) = content
            && let Some(RefOr::T(Schema::OneOf(choice))) = &content.schema
        {
            content.schema = choice.items.first().cloned();
            body.required = Some(Required::False);
        }
    }
}
