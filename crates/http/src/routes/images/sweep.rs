use std::time::Duration;

use axum::extract::State;
use serde_json::Value;
use tintero_domain::{
    FieldErrors,
    images::Images,
    operations::Operations,
    values::{Code, ValueError},
};
use utoipa::openapi::{ObjectBuilder, Schema, Type};

use super::super::operations::OperationView;
use crate::{
    body::{Body, Built, FieldReader, FieldValue, RequestObject, described},
    extract::Write,
    problem::Problem,
    respond::Accepted,
};

/// Longest grace in hours: a year.
const LONGEST: u64 = 24 * 365;

/// What a sweep removes.
pub(crate) struct SweepImages {
    dry_run: bool,
    grace: Duration,
}

/// A number of hours.
struct Hours(u64);

impl FieldValue for Hours {
    fn schema() -> Schema {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(0))
            .maximum(Some(LONGEST))
            .into()
    }

    fn read(value: Value, at: &str, errors: &mut FieldErrors) -> Option<Self> {
        let hours = value.as_u64().filter(|hours| *hours <= LONGEST);
        if hours.is_none() {
            let detail = "must be a number of hours of at most a year";
            errors.push(at, ValueError::new(Code::OutOfRange, detail));
        }
        hours.map(Self)
    }
}

impl RequestObject for SweepImages {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let about = "Only counts the files. False by default.";
        let dry_run = fields.optional("dry_run", about).unwrap_or(false);
        let about = "The age in hours below which files are kept. 24 by default.";
        let Hours(hours) = fields.optional("grace_hours", about).unwrap_or(Hours(24));
        Built::from(Self {
            dry_run,
            grace: Duration::from_hours(hours),
        })
    }
}

impl Body for SweepImages {
    const KEYED: bool = false;
}

described!(SweepImages);

/// Removes files in the image store that no image needs.
///
/// These are files of uploads that stopped before their image was created, files of direct uploads that were not
/// completed within a day, and renditions of deleted images and of earlier versions. `sweep` of the operation has
/// their number and length. Images in the trash keep their files. A repeated request starts another sweep, which
/// finds what the first one left.
#[utoipa::path(post, path = "/v1/image-sweeps", tag = "images", security(("bearer" = [])),
    request_body(content = SweepImages, example = json!({"dry_run": true})))]
pub(super) async fn sweep_images(
    State(images): State<Images>,
    State(operations): State<Operations>,
    Write { caller, body }: Write<SweepImages>,
) -> Result<Accepted<OperationView>, Problem> {
    let SweepImages { dry_run, grace } = body;
    let operation = images.sweep(&caller, &operations, dry_run, grace).await?;
    Ok(Accepted::of(operation, &caller))
}
