//! Path and header parameters of writes in the OpenAPI document.

use utoipa::{
    IntoParams,
    openapi::{
        KnownFormat, ObjectBuilder, Required, SchemaFormat, Type,
        path::{Parameter, ParameterBuilder, ParameterIn},
    },
};

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
        let id = text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
        let id = ParameterBuilder::new()
            .name("id")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some("The id of the resource."))
            .schema(Some(id));
        let base = ParameterBuilder::new()
            .name("If-Match")
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some("The ETag of the version that the write is based on."))
            .schema(Some(text().examples(["\"3.2\""])));
        vec![id.build(), base.build(), idempotency_key()]
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

fn idempotency_key() -> Parameter {
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "A unique key. Repeated requests with the same key within 24 hours are not applied again and return the first response.",
        ))
        .schema(Some(text().min_length(Some(1)).max_length(Some(255))))
        .build()
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}
