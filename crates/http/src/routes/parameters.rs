//! Path and header parameters of writes in the OpenAPI document.

use tintero_domain::values::{PostId, Revision, Slug};
use utoipa::{
    IntoParams,
    openapi::{
        ObjectBuilder, Required, Type,
        path::{Parameter, ParameterBuilder, ParameterIn},
    },
};

use crate::{body::Text, extract::IfMatchTag};

/// Parameters of writes with idempotency.
pub(crate) struct CreateParams;

impl IntoParams for CreateParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![idempotency_key()]
    }
}

/// Parameters of conditional writes.
pub(crate) struct EditParams;

impl IntoParams for EditParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let base = ParameterBuilder::new()
            .name("If-Match")
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some("The ETag of the version that the write is based on."))
            .schema(Some(IfMatchTag::header()));
        vec![
            path_parameter::<PostId>("id", "The id of the resource."),
            base.build(),
            idempotency_key(),
        ]
    }
}

/// Parameters of conditional writes without `Idempotency-Key`.
pub(crate) struct UnkeyedEditParams;

impl IntoParams for UnkeyedEditParams {
    fn into_params(of: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut params = EditParams::into_params(of);
        params.retain(|param| param.name != "Idempotency-Key");
        params
    }
}

/// Parameters of conditional writes to a resource of which there is one.
pub(crate) struct SingletonParams;

impl IntoParams for SingletonParams {
    fn into_params(of: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut params = UnkeyedEditParams::into_params(of);
        params.retain(|param| param.parameter_in != ParameterIn::Path);
        params
    }
}

fn idempotency_key() -> Parameter {
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "A unique key. Repeated requests with the same key within 24 hours are not applied again and return the first response.",
        ))
        .schema(Some(
            ObjectBuilder::new()
                .schema_type(Type::String)
                .min_length(Some(1))
                .max_length(Some(255))
                .pattern(Some("^[!-~]+$")),
        ))
        .build()
}

/// Describes a parameter of the path.
pub(crate) fn path_parameter<T: Text>(name: &str, about: &str) -> Parameter {
    let parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(about));
    T::describe(parameter).build()
}

/// Defines the parameter of a path from the type that reads it.
macro_rules! path_params {
    ($($(#[doc = $doc:literal])+ $params:ident: $name:literal, $value:ty, $about:literal;)*) => {$(
        $(#[doc = $doc])+
        pub(crate) struct $params;

        impl utoipa::IntoParams for $params {
            fn into_params(
                _: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
            ) -> Vec<utoipa::openapi::path::Parameter> {
                vec![crate::routes::parameters::path_parameter::<$value>($name, $about)]
            }
        }
    )*};
}

pub(crate) use path_params;

path_params! {
    /// The path of a live copy.
    SlugParam: "slug", Slug, "The slug.";
    /// The path of a revision.
    RevisionParam: "revision", Revision, "The number of the revision.";
}
