use serde::Serialize;
use serde_json::Value;
use tintero_domain::{
    FieldErrors,
    values::{Code, FocalPoint, ValueError},
};
use utoipa::{
    ToSchema,
    openapi::{ObjectBuilder, Schema, Type},
};

use crate::body::{Built, FieldReader, FieldValue, RequestObject, build};

/// A point of an image.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FocalPoint)]
pub(crate) struct FocalPointView {
    /// The part of the width, from the left.
    #[schema(minimum = 0, maximum = 1)]
    pub(super) x: f64,
    /// The part of the height, from the top.
    #[schema(minimum = 0, maximum = 1)]
    pub(super) y: f64,
}

impl From<FocalPoint> for FocalPointView {
    fn from(point: FocalPoint) -> Self {
        let (x, y) = point.parts();
        Self { x, y }
    }
}

/// The members of a point in a patch.
pub(super) struct FocalPointFields(pub(super) FocalPoint);

impl RequestObject for FocalPointFields {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let about = "The part of the width, from the left; stored with three decimals.";
        let x = fields.required::<Part>("x", about);
        let about = "The part of the height, from the top; stored with three decimals.";
        let y = fields.required::<Part>("y", about);
        build(|| FocalPoint::new(x?.0, y?.0).map(Self))
    }
}

/// A number from 0 to 1.
struct Part(f64);

impl FieldValue for Part {
    fn schema() -> Schema {
        ObjectBuilder::new()
            .schema_type(Type::Number)
            .minimum(Some(0))
            .maximum(Some(1))
            .into()
    }

    fn read(value: Value, at: &str, errors: &mut FieldErrors) -> Option<Self> {
        let part = value.as_f64().filter(|part| (0.0..=1.0).contains(part));
        if part.is_none() {
            let code = if value.is_number() {
                Code::OutOfRange
            } else {
                Code::Type
            };
            errors.push(at, ValueError::new(code, "must be a number from 0 to 1"));
        }
        part.map(Self)
    }
}
