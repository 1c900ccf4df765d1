//! The OpenAPI document, generated from the handlers.

pub(crate) mod docs;
mod finish;
mod frame;
mod shape;
#[cfg(test)]
mod tests;
mod walk;

use std::sync::LazyLock;

use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(|| {
    let document = OpenApiRouter::with_openapi(frame::frame()).merge(crate::routes::documented());
    let mut document = finish::finish(document.into_openapi());
    shape::shape(&mut document);
    document
});

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
    yaml_of(&DOCUMENT)
}

/// Returns the document as JSON.
///
/// # Panics
/// Never: the document has string keys only.
#[must_use]
pub fn openapi_json() -> String {
    json_of(&DOCUMENT)
}

fn yaml_of(document: &OpenApi) -> String {
    // Other formats than JSON see the numbers of `serde_json` as maps, so the JSON text is read again.
    let value: yaml_serde::Value =
        yaml_serde::from_str(&json_of(document)).expect("every JSON text is YAML");
    yaml_serde::to_string(&value).expect("the document has string keys")
}

fn json_of(document: &OpenApi) -> String {
    document
        .to_pretty_json()
        .expect("the document has string keys and serialises without failing")
}
