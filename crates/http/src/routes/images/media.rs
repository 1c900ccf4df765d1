use axum::extract::State;
use http::{HeaderMap, Method, header};
use tintero_domain::{
    Error, Result,
    error::Resource,
    images::{Image, ImageFile, ImageRendition, Images, MediaType, OpenedRendition},
    values::{Code, ImageId, ValueError},
};
use utoipa::openapi::{ObjectBuilder, Type};

use crate::{
    app::App,
    body::Text,
    extract::{Path, RequestedRange},
    problem::{Problem, ProblemType},
    respond::{Either, InStore, Media, MediaFacts},
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
        let (id, _) = ImageFile::split_name(raw).ok_or_else(unknown)?;
        Ok(Self {
            id,
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

/// Returns the file of an image, a rendition of it, or a crop.
///
/// The file at a URL never changes. Renditions are made at the first request. Supports single ranges (RFC 9110,
/// section 14) of files; renditions are returned whole. Animations and images that need too much memory have no crops (404). Crops are made around the current focal point only; those made
/// before stay. Ignores the query string, because image loaders add parameters
/// such as `?w=640`.
#[utoipa::path(get, path = "/media/{file}", tag = "images",
    params(
        FileParam,
        ("Range" = Option<String>, Header, description = "A range of bytes.", example = "bytes=0-1023"),
        ("If-Range" = Option<String>, Header, description = "The ETag for which the range is valid.")))]
pub(super) async fn get_image_file(
    State(images): State<Images>,
    Path(name): Path<FileName>,
    method: Method,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Either<Media, InStore>, Problem> {
    let Image {
        file, focal_point, ..
    } = images.get(name.id).await?;
    if file.file_name() == name.name {
        if let Some(url) = in_store(&app, &images, &file).await? {
            return Ok(Either::second(InStore { url }));
        }
        let facts = MediaFacts::of_file(&file);
        let media = whole_or_part(&images, &file, facts, (method, headers)).await?;
        return Ok(Either::first(media));
    }
    let Some(rendition) = file.rendition_named(&name.name) else {
        return Err(Error::NotFound(Resource::Image).into());
    };
    let crop = rendition.crop();
    if crop.is_some_and(|crop| crop.focal_point != focal_point) {
        // Pages may still name the crop around a previous focal point.
        let kept = images.open_kept_rendition(&rendition).await?;
        let kept = kept.ok_or(Error::NotFound(Resource::Image))?;
        return Ok(Either::first(whole(&rendition, kept)));
    }
    if let Some(made) = opened(images.clone(), rendition).await? {
        return Ok(Either::first(whole(&rendition, made)));
    }
    if crop.is_some() {
        let detail = "The image has no crops: it is animated, or needs too much memory.";
        return Err(Problem::new(ProblemType::NotFound).detail(detail));
    }
    let facts = MediaFacts {
        tag: MediaFacts::of_rendition(&rendition, file.bytes).tag,
        ..MediaFacts::of_file(&file)
    };
    let media = whole_or_part(&images, &file, facts, (method, headers)).await?;
    Ok(Either::first(media))
}

/// Returns a URL of the store if the front of the server cannot deliver a file. Not for SVG, which needs the policy that only
/// this server sends.
async fn in_store(app: &App, images: &Images, file: &ImageFile) -> Result<Option<String>, Problem> {
    let most = app.config.max_answer;
    let is_deliverable = most.is_none_or(|most| file.bytes <= most as u64);
    if is_deliverable || file.media_type == MediaType::Svg {
        return Ok(None);
    }
    Ok(images.download_url(file).await?)
}

fn whole(rendition: &ImageRendition, opened: OpenedRendition) -> Media {
    Media {
        facts: MediaFacts::of_rendition(rendition, opened.bytes),
        part: None,
        reader: opened.reader,
    }
}

/// Opens a rendition. Finishes it if the client leaves, so that the work is done once.
async fn opened(images: Images, rendition: ImageRendition) -> Result<Option<OpenedRendition>> {
    let opening = tokio::spawn(async move { images.open_rendition(&rendition).await });
    match opening.await {
        Ok(opened) => opened,
        Err(stopped) => match stopped.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(stopped) => Err(Error::Unavailable(stopped.into())),
        },
    }
}

async fn whole_or_part(
    images: &Images,
    file: &ImageFile,
    facts: MediaFacts,
    (method, headers): (Method, HeaderMap),
) -> Result<Media, Problem> {
    let (part, range) = match RequestedRange::of(&method, &headers, &facts.tag, file.bytes) {
        RequestedRange::Whole => (None, 0..file.bytes),
        RequestedRange::Part(part) => (Some(part.clone()), part),
        RequestedRange::Unsatisfiable => {
            let length = format!("bytes */{}", file.bytes);
            let problem = Problem::new(ProblemType::RangeNotSatisfiable);
            return Err(problem.header(header::CONTENT_RANGE, &length));
        }
    };
    let reader = images.open(file, range).await?;
    Ok(Media {
        facts,
        part,
        reader,
    })
}
