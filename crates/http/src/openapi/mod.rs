//! The OpenAPI document, generated from the handlers.

mod finish;
mod frame;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use utoipa::openapi::OpenApi;

pub(crate) use frame::frame;

static DOCUMENT: LazyLock<OpenApi> =
    LazyLock::new(|| finish::finish(crate::routes::documented().into_openapi()));

/// Returns the OpenAPI 3.1 document.
#[must_use]
pub fn openapi() -> OpenApi {
    DOCUMENT.clone()
}

/// Returns the document as YAML, the content of `openapi.yaml`.
///
/// # Panics
/// Never: the document has string keys only.
#[must_use]
pub fn openapi_yaml() -> String {
    DOCUMENT
        .to_yaml()
        .expect("the document has string keys and serialises without failing")
}

/// Returns the document as JSON.
///
/// # Panics
/// Never: the document has string keys only.
#[must_use]
pub fn openapi_json() -> String {
    DOCUMENT
        .to_pretty_json()
        .expect("the document has string keys and serialises without failing")
}
