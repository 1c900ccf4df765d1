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
    extract::{Path, RequestedRange},
    problem::{Problem, ProblemType},
    respond::{Media, media_tag},
    routes::parameters::path_params,
};

/// The last segment of the URL of an image file.
pub(super) struct FileName {
    id: ImageId,
    name: String,
}

impl Text for FileName {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        let unknown = || ValueError::new(Code::Format, "is not the name of an image file");
        let (id, _) = raw.split_once('.').ok_or_else(unknown)?;
        Ok(Self {
            id: id.parse().map_err(|_| unknown())?,
            name: raw.to_owned(),
        })
    }

    fn schema() -> ObjectBuilder {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .examples(["01912d68-783e-7a03-8467-5661c1243ad7.png"])
    }
}

path_params! {
    /// The path of an image file.
    FileParam: "file", FileName, "The last segment of the image's `url`.";
}

/// Returns the file of an image.
///
/// The file at a URL never changes. Supports single ranges (RFC 9110, section 14). Ignores the query string, because
/// image loaders add parameters such as `?w=640`.
#[utoipa::path(get, path = "/media/{file}", tag = "images",
    params(
        FileParam,
        ("Range" = Option<String>, Header, description = "A range of bytes.", example = "bytes=0-1023"),
        ("If-Range" = Option<String>, Header, description = "The ETag for which the range is valid.")))]
pub(super) async fn get_image_file(
    State(images): State<Images>,
    Path(name): Path<FileName>,
    method: Method,
    headers: HeaderMap,
) -> Result<Media, Problem> {
    let file = images.get(name.id).await?.file;
    if file.file_name() != name.name {
        return Err(Error::NotFound(Resource::Image).into());
    }
    let (part, range) = match RequestedRange::of(&method, &headers, &media_tag(&file), file.bytes) {
        RequestedRange::Whole => (None, 0..file.bytes),
        RequestedRange::Part(part) => (Some(part.clone()), part),
        RequestedRange::Unsatisfiable => {
            let length = format!("bytes */{}", file.bytes);
            let problem = Problem::new(ProblemType::RangeNotSatisfiable);
            return Err(problem.header(header::CONTENT_RANGE, &length));
        }
    };
    let reader = images.open(&file, range).await?;
    Ok(Media { file, part, reader })
}
