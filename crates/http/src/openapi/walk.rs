//! Visits the schemas of the document.

use utoipa::openapi::{
    OpenApi, RefOr, Response, Schema,
    content::Content,
    header::Header,
    path::{Operation, PathItem},
    schema::{AdditionalProperties, ArrayItems},
};

/// Returns all operations.
pub(super) fn operations(document: &mut OpenApi) -> impl Iterator<Item = &mut Operation> {
    document.paths.paths.values_mut().flat_map(|item| {
        let PathItem {
            get,
            put,
            post,
            delete,
            patch,
            ..
        } = item;
        [get, put, post, delete, patch].into_iter().flatten()
    })
}

/// Visits every schema, inner ones first.
pub(super) fn each_schema(document: &mut OpenApi, visit: &mut dyn FnMut(&mut RefOr<Schema>)) {
    for operation in operations(document) {
        in_operation(operation, visit);
    }
    let Some(components) = &mut document.components else {
        return;
    };
    for schema in components.schemas.values_mut() {
        inside(schema, visit);
    }
    for response in components.responses.values_mut() {
        in_response(response, visit);
    }
    for header in components.headers.values_mut() {
        in_header(header, visit);
    }
}

fn in_operation(operation: &mut Operation, visit: &mut dyn FnMut(&mut RefOr<Schema>)) {
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter
            && let Some(schema) = &mut parameter.schema
        {
            inside(schema, visit);
        }
    }
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        in_contents(body.content.values_mut(), visit);
    }
    for response in operation.responses.responses.values_mut() {
        in_response(response, visit);
    }
}

fn in_response(response: &mut RefOr<Response>, visit: &mut dyn FnMut(&mut RefOr<Schema>)) {
    if let RefOr::T(response) = response {
        in_contents(response.content.values_mut(), visit);
        for header in response.headers.values_mut() {
            in_header(header, visit);
        }
    }
}

fn in_header(header: &mut RefOr<Header>, visit: &mut dyn FnMut(&mut RefOr<Schema>)) {
    if let RefOr::T(header) = header
        && let Some(schema) = &mut header.schema
    {
        inside(schema, visit);
    }
}

fn in_contents<'a>(
    contents: impl Iterator<Item = &'a mut RefOr<Content>>,
    visit: &mut dyn FnMut(&mut RefOr<Schema>),
) {
    for content in contents {
        if let RefOr::T(content) = content
            && let Some(schema) = &mut content.schema
        {
            inside(schema, visit);
        }
    }
}

/// Visits the schemas in a schema, then the schema itself.
fn inside(schema: &mut RefOr<Schema>, visit: &mut dyn FnMut(&mut RefOr<Schema>)) {
    if let RefOr::T(schema) = schema {
        match schema {
            Schema::Array(array) => {
                if let ArrayItems::RefOrSchema(items) = &mut array.items {
                    inside(items, visit);
                }
            }
            Schema::Object(object) => {
                for property in object.properties.values_mut() {
                    inside(property, visit);
                }
                if let Some(AdditionalProperties::RefOr(values)) =
                    object.additional_properties.as_deref_mut()
                {
                    inside(values, visit);
                }
            }
            Schema::OneOf(one) => one.items.iter_mut().for_each(|item| inside(item, visit)),
            Schema::AllOf(all) => all.items.iter_mut().for_each(|item| inside(item, visit)),
            Schema::AnyOf(any) => any.items.iter_mut().for_each(|item| inside(item, visit)),
            // The enum can get further variants.
            _ => {}
        }
    }
    visit(schema);
}
