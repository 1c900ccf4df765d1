//! Rewrites schemas into forms that client generators and validators understand alike.

use std::collections::BTreeMap;

use utoipa::openapi::{
    KnownFormat, Object, ObjectBuilder, OneOfBuilder, OpenApi, RefOr, Required, Schema,
    SchemaFormat, Type,
    path::Parameter,
    schema::{AdditionalProperties, AllOf, OneOf, SchemaType},
};

use super::walk::{each_schema, operations};

/// Rewrites all schemas.
pub(super) fn shape(document: &mut OpenApi) {
    flatten(document);
    for operation in operations(document) {
        for parameter in operation.parameters.iter_mut().flatten() {
            if let RefOr::T(parameter) = parameter {
                not_nullable(parameter);
            }
        }
    }
    each_schema(document, &mut |schema| {
        sized_integer(schema);
        free_form(schema);
        describe_choice(schema);
        nullable_object(schema);
    });
}

/// Replaces compositions with `allOf` by one object. Generated clients lose the nullability of composed
/// members.
fn flatten(document: &mut OpenApi) {
    let Some(components) = &mut document.components else {
        return;
    };
    let known = components.schemas.clone();
    for schema in components.schemas.values_mut() {
        if let RefOr::T(Schema::AllOf(all)) = schema
            && let Some(object) = flat(all, &known)
        {
            *schema = RefOr::T(Schema::Object(object));
        }
    }
}

/// Returns an object with the members of all parts, or `None` if a part is not an object.
fn flat(all: &AllOf, known: &BTreeMap<String, RefOr<Schema>>) -> Option<Object> {
    let mut whole = Object::default();
    for part in &all.items {
        let part = object_of(part, known)?;
        whole.properties.extend(part.properties);
        whole.required.extend(part.required);
    }
    whole.description.clone_from(&all.description);
    Some(whole)
}

/// Returns the object that a schema or reference describes.
fn object_of(schema: &RefOr<Schema>, known: &BTreeMap<String, RefOr<Schema>>) -> Option<Object> {
    match schema {
        RefOr::Ref(reference) => {
            let name = reference.ref_location.rsplit('/').next()?;
            object_of(known.get(name)?, known)
        }
        RefOr::T(Schema::Object(object)) => Some(object.clone()),
        RefOr::T(Schema::AllOf(all)) => flat(all, known),
        RefOr::T(_) => None,
    }
}

/// Adds the format `int64` to integers without format. Clients use 32 bits otherwise.
fn sized_integer(schema: &mut RefOr<Schema>) {
    if let RefOr::T(Schema::Object(object)) = schema
        && object.format.is_none()
        && has_type(&object.schema_type, &Type::Integer)
    {
        object.format = Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
    }
}

/// Allows any member in objects without declared ones. Clients have no type for the values otherwise.
fn free_form(schema: &mut RefOr<Schema>) {
    if let RefOr::T(Schema::Object(object)) = schema
        && object.properties.is_empty()
        && object.additional_properties.is_none()
        && has_type(&object.schema_type, &Type::Object)
    {
        object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(true)));
    }
}

/// Replaces the types `[object, null]` by a choice, because generated clients do not compile otherwise.
fn nullable_object(schema: &mut RefOr<Schema>) {
    let RefOr::T(Schema::Object(object)) = schema else {
        return;
    };
    if !has_type(&object.schema_type, &Type::Object) || !has_type(&object.schema_type, &Type::Null)
    {
        return;
    }
    let mut object = std::mem::take(object);
    object.schema_type = Type::Object.into();
    let description = object.description.take();
    let choice = OneOfBuilder::new()
        .item(object)
        .item(ObjectBuilder::new().schema_type(Type::Null))
        .description(description);
    *schema = RefOr::T(choice.build().into());
}

/// Moves the description of the first item of a choice with null to the choice.
fn describe_choice(schema: &mut RefOr<Schema>) {
    let RefOr::T(Schema::OneOf(OneOf {
        items, description, ..
    })) = schema
    else {
        return;
    };
    if let ([RefOr::Ref(reference), RefOr::T(null)], None) = (items.as_mut_slice(), &description)
        && is_null(null)
        && !reference.description.is_empty()
    {
        *description = Some(std::mem::take(&mut reference.description));
    }
}

/// An optional parameter is absent, not null.
fn not_nullable(parameter: &mut Parameter) {
    if let Some(RefOr::T(Schema::Object(object))) = &mut parameter.schema
        && let SchemaType::Array(types) = &object.schema_type
        && let [known, Type::Null] = types.as_slice()
        && parameter.required == Required::False
    {
        object.schema_type = SchemaType::Type(known.clone());
    }
}

fn is_null(schema: &Schema) -> bool {
    matches!(schema, Schema::Object(object) if object.schema_type == SchemaType::Type(Type::Null))
}

fn has_type(types: &SchemaType, wanted: &Type) -> bool {
    match types {
        SchemaType::Type(known) => known == wanted,
        SchemaType::Array(known) => known.contains(wanted),
        SchemaType::AnyValue => false,
    }
}
