//! Completes each operation with the problems and headers that its parameters, body and security imply.

use std::collections::{BTreeMap, BTreeSet};

use utoipa::openapi::{
    OpenApi, PathItem, Ref, RefOr, Required, Response, ResponseBuilder, Schema,
    path::{Operation, Parameter, ParameterIn},
    security::SecurityRequirement,
};

use super::walk::operations;
use crate::problem::{self, ProblemType};

/// The header component `X-Request-Id`.
pub(super) const REQUEST_ID: &str = "RequestId";

/// The header components of rate limits, by the names of the headers.
pub(super) const RATE_LIMITS: [(&str, &str); 2] = [
    ("RateLimit", "RateLimit"),
    ("RateLimit-Policy", "RateLimitPolicy"),
];

/// The security scheme of API keys.
pub(super) const API_KEY: &str = "api_key";

/// The security scheme of session cookies.
pub(super) const COOKIE: &str = "session_cookie";

/// Operations that slow down guesses.
const SLOWED_DOWN: [&str; 6] = [
    "open_session",
    "open_session_with_code",
    "change_password",
    "request_password_reset",
    "enrol_second_factor",
    "confirm_second_factor",
];

/// Operations without rate limits.
const HEALTH_CHECKS: [&str; 2] = ["get_health", "get_readiness"];

/// Public operations that check which page sent a request with a session cookie, or for one.
const BROWSER_CHECKED: [&str; 3] = ["open_session", "open_session_with_code", "close_session"];

/// Problems of single operations, which neither their parameters nor their bodies imply.
const OWN_PROBLEMS: [(&str, ProblemType); 6] = [
    ("confirm_second_factor", ProblemType::NotFound),
    ("remove_second_factor", ProblemType::NotFound),
    ("renew_recovery_codes", ProblemType::NotFound),
    ("enrol_second_factor", ProblemType::SecretKeyMissing),
    ("confirm_second_factor", ProblemType::SecretKeyMissing),
    ("open_session_with_code", ProblemType::SecretKeyMissing),
];

/// Adds problems and headers to all operations.
pub(super) fn finish(mut document: OpenApi) -> OpenApi {
    for item in document.paths.paths.values_mut() {
        let PathItem {
            get,
            put,
            post,
            delete,
            patch,
            ..
        } = item;
        for operation in [&mut *put, post, delete, patch].into_iter().flatten() {
            write_problems(operation);
        }
        for operation in [get, put, post, delete, patch].into_iter().flatten() {
            problems(operation);
            security(operation);
            not_modified(operation);
            optional_body(operation);
            let is_limited = !is_health_check(operation);
            for response in operation.responses.responses.values_mut() {
                common_headers(response, is_limited);
            }
        }
    }
    if let Some(components) = &mut document.components {
        for response in components.responses.values_mut() {
            common_headers(response, true);
        }
    }
    remove_unused_responses(&mut document);
    describe_bodies(&mut document);
    document
}

/// Describes the schemas of bodies by the operations that read them.
fn describe_bodies(document: &mut OpenApi) {
    let mut readers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for operation in operations(document) {
        let id = operation.operation_id.clone().unwrap_or_default();
        if let Some(RefOr::T(body)) = &operation.request_body {
            for content in body.content.values() {
                if let RefOr::T(content) = content
                    && let Some(RefOr::Ref(schema)) = &content.schema
                    && let Some(name) = schema.ref_location.rsplit('/').next()
                {
                    let readers = readers.entry(name.to_owned()).or_default();
                    readers.push(format!("`{id}`"));
                }
            }
        }
    }
    let Some(components) = &mut document.components else {
        return;
    };
    for (name, readers) in readers {
        if let Some(RefOr::T(Schema::Object(object))) = components.schemas.get_mut(&name) {
            let about = || format!("The body of {}.", readers.join(", "));
            object.description.get_or_insert_with(about);
        }
    }
}

/// Adds the problems of all writes.
fn write_problems(operation: &mut Operation) {
    document_problem(operation, ProblemType::StorageFull);
    if operation.security.is_some() {
        document_problem(operation, ProblemType::Contended);
    }
}

/// Removes the responses that no operation has, such as 405.
fn remove_unused_responses(document: &mut OpenApi) {
    let mut used = BTreeSet::new();
    for operation in operations(document) {
        for response in operation.responses.responses.values() {
            if let RefOr::Ref(reference) = response {
                used.insert(reference.ref_location.clone());
            }
        }
    }
    if let Some(components) = &mut document.components {
        components.responses.retain(|name, _| {
            let Ref { ref_location, .. } = Ref::from_response_name(name);
            used.contains(&ref_location)
        });
    }
}

/// Operations that accept access tokens also accept API keys and session cookies. An empty list marks public
/// operations.
fn security(operation: &mut Operation) {
    let others = [API_KEY, COOKIE].map(|name| SecurityRequirement::new(name, [""; 0]));
    match &mut operation.security {
        Some(schemes) => schemes.extend(others),
        None => operation.security = Some(Vec::new()),
    }
}

fn problems(operation: &mut Operation) {
    for kind in problem_types(operation) {
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
fn problem_types(operation: &Operation) -> Vec<ProblemType> {
    let mut types = Vec::new();
    let reads_body = operation.request_body.is_some();
    let is_conditional = has(operation, &ParameterIn::Header, Some("If-Match"));
    let is_authenticated = operation.security.is_some();
    let is_about_accounts = operation.tags.iter().flatten().any(|tag| tag == "accounts");
    let id = operation.operation_id.as_deref().unwrap_or_default();
    if has(operation, &ParameterIn::Path, None) || has(operation, &ParameterIn::Query, Some("path"))
    {
        types.push(ProblemType::NotFound);
    }
    if is_authenticated {
        types.extend([ProblemType::Unauthenticated, ProblemType::Forbidden]);
    }
    types.push(ProblemType::BadHeader);
    if !is_health_check(operation) {
        types.push(ProblemType::RateLimited);
    }
    // Public writes of accounts check a password or a token in the body.
    if reads_body && !is_authenticated && is_about_accounts {
        types.push(ProblemType::BadCredentials);
    }
    if BROWSER_CHECKED.contains(&id) {
        types.push(ProblemType::CrossSiteRequest);
    }
    let own = OWN_PROBLEMS
        .iter()
        .filter(|(operation, _)| *operation == id);
    types.extend(own.map(|(_, kind)| *kind));
    if SLOWED_DOWN.contains(&id) {
        types.push(ProblemType::TooManyAttempts);
    }
    // Conditional writes read a body even if they have no members.
    if reads_body || is_conditional {
        types.extend([
            ProblemType::RequestTimeout,
            ProblemType::BodyTooLarge,
            ProblemType::UnsupportedMediaType,
            ProblemType::Invalid,
        ]);
    }
    if is_conditional {
        types.extend([ProblemType::Stale, ProblemType::PreconditionRequired]);
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

/// Adds the headers that are the same for all responses, and those of rate limits.
fn common_headers(response: &mut RefOr<Response>, is_limited: bool) {
    let RefOr::T(response) = response else {
        return;
    };
    let limits = RATE_LIMITS.into_iter().filter(|_| is_limited);
    for (name, component) in limits.chain([("X-Request-Id", REQUEST_ID)]) {
        let header = Ref::new(format!("#/components/headers/{component}"));
        response.headers.insert(name.to_owned(), RefOr::Ref(header));
    }
}

/// Health checks have no rate limits.
fn is_health_check(operation: &Operation) -> bool {
    let id = operation.operation_id.as_deref();
    id.is_some_and(|id| HEALTH_CHECKS.contains(&id))
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
