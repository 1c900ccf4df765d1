//! What follows from an operation's shape is written into the document by rule, not by hand.

use utoipa::openapi::{
    OpenApi, PathItem, Ref, RefOr, Required, ResponseBuilder, Schema,
    path::{Operation, Parameter, ParameterIn},
    security::SecurityRequirement,
};

use crate::problem::{self, Kind};

/// The component that describes the name of every request.
pub(super) const REQUEST_ID: &str = "RequestId";

/// The security scheme of API keys.
pub(super) const API_KEY: &str = "api_key";

/// Adds to every operation the refusals and header fields that its shape brings along.
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
        for operation in [
            get.as_mut(),
            put.as_mut(),
            post.as_mut(),
            delete.as_mut(),
            patch.as_mut(),
        ]
        .into_iter()
        .flatten()
        {
            refusals(path, operation);
            api_keys(operation);
            not_modified(operation);
            optional_body(operation);
            request_ids(operation);
        }
    }
    document
}

/// Whoever may send an access token may send an API key.
fn api_keys(operation: &mut Operation) {
    if let Some(ways) = &mut operation.security {
        ways.push(SecurityRequirement::new(
            API_KEY,
            std::iter::empty::<&str>(),
        ));
    }
}

fn refusals(path: &str, operation: &mut Operation) {
    let responses: Vec<_> = kinds(path, operation)
        .into_iter()
        .map(|kind| (kind.status().as_str().to_owned(), problem::response(kind)))
        .collect();
    for (status, response) in responses {
        operation
            .responses
            .responses
            .entry(status)
            .or_insert(response);
    }
}

/// Which kinds of refusals an operation of this shape can answer.
fn kinds(path: &str, operation: &Operation) -> Vec<Kind> {
    let mut kinds = Vec::new();
    let reads_body = operation.request_body.is_some();
    let is_signed = operation.security.is_some();
    let about_content = operation.tags.iter().flatten().any(|tag| tag != "accounts");
    let signs_in = operation
        .operation_id
        .as_deref()
        .is_some_and(|id| id.ends_with("_session"));
    if has(operation, &ParameterIn::Path, None) || has(operation, &ParameterIn::Query, Some("path"))
    {
        kinds.push(Kind::NotFound);
    }
    if is_signed {
        kinds.push(Kind::Unauthenticated);
    }
    if is_signed && about_content {
        kinds.push(Kind::Forbidden);
    }
    if path.starts_with("/v1/") || operation.parameters.is_some() {
        kinds.push(Kind::BadQuery);
    }
    if signs_in {
        kinds.push(Kind::BadCredentials);
    }
    if reads_body {
        kinds.extend([
            Kind::BodyTooLarge,
            Kind::UnsupportedMediaType,
            Kind::Invalid,
        ]);
    }
    if reads_body && is_signed {
        kinds.push(Kind::SlugTaken);
    }
    if has(operation, &ParameterIn::Header, Some("If-Match")) {
        kinds.extend([
            Kind::IllegalTransition,
            Kind::Stale,
            Kind::PreconditionRequired,
        ]);
    }
    kinds
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

/// A read whose answer has a tag can be answered by 304.
fn not_modified(operation: &mut Operation) {
    let is_tagged_read = operation.request_body.is_none()
        && matches!(operation.responses.responses.get("200"),
            Some(RefOr::T(response)) if response.headers.contains_key("ETag"));
    if is_tagged_read {
        let response = ResponseBuilder::new().description("The client has it already");
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

/// A body that may be absent is documented as a choice between it and null, and null is none.
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
