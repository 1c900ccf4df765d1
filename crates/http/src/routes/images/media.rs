use axum::extract::State;
use http::{HeaderMap, Method, header};
use tintero_domain::{
    Error,
    error::Resource,
    images::Images,
    values::{Code, ImageId, ValueError},
};
use utoipa::openapi::{ObjectBuilder, Type};

use crate::{
    body::Text,
    extract::{NoQuery, Path, Wanted},
    problem::{Kind, Problem},
    respond::{Media, media_tag},
};

/// The last segment of an image's address.
pub(super) struct FileName {
    id: ImageId,
    whole: String,
}

impl Text for FileName {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        let unknown = || ValueError::new(Code::Format, "is not the name of an image");
        let (id, _) = raw.split_once('.').ok_or_else(unknown)?;
        Ok(Self {
            id: id.parse().map_err(|_| unknown())?,
            whole: raw.to_owned(),
        })
    }

    fn schema() -> ObjectBuilder {
        ObjectBuilder::new().schema_type(Type::String)
    }
}

/// Shows an image.
///
/// The bytes at an address never change. Single ranges are served (RFC 9110, section 14).
#[utoipa::path(get, path = "/media/{file}", tag = "images",
    params(
        ("file" = String, Path, description = "The last segment of the image's `url`.",
            example = "01912d68-783e-7a03-8467-5661c1243ad7.png"),
        ("Range" = Option<String>, Header, description = "One range of bytes.", example = "bytes=0-1023"),
        ("If-Range" = Option<String>, Header, description = "The ETag with which the range is worth something.")))]
pub(super) async fn get_image_file(
    State(images): State<Images>,
    Path(name): Path<FileName>,
    _: NoQuery,
    method: Method,
    headers: HeaderMap,
) -> Result<Media, Problem> {
    let picture = images.get(name.id).await?.picture;
    if picture.file_name() != name.whole {
        return Err(Error::NotFound(Resource::Image).into());
    }
    let (part, stretch) = match Wanted::of(&method, &headers, &media_tag(&picture), picture.bytes) {
        Wanted::Whole => (None, 0..picture.bytes),
        Wanted::Part(part) => (Some(part.clone()), part),
        Wanted::Beyond => {
            let length = format!("bytes */{}", picture.bytes);
            let problem = Problem::new(Kind::RangeNotSatisfiable);
            return Err(problem.header(header::CONTENT_RANGE, &length));
        }
    };
    let reader = images.open(&picture, stretch).await?;
    Ok(Media {
        picture,
        part,
        reader,
    })
}
