use axum::extract::{FromRequest, FromRequestParts as _, Request, State};
use http::header;
use http_body_util::BodyExt as _;
use serde_json::json;
use tintero_domain::{
    images::{ExpectedFile, Images},
    values::{Code, ImageId, ValueError},
};
use utoipa::openapi::{ObjectBuilder, Type};

use crate::{
    app::App,
    body::{Built, Text},
    extract::{Parameters, Params, Path, Query, documented_params, payload},
    problem::{Problem, ProblemType},
    respond::NoContent,
};

/// The media type of a file in transfer. Its own type is read from its bytes.
pub(super) const FILE: &str = "application/octet-stream";

/// The ticket of an announced file.
struct Ticket(String);

impl Text for Ticket {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        if raw.is_empty() {
            return Err(ValueError::new(Code::Format, "must not be empty"));
        }
        Ok(Self(raw.to_owned()))
    }

    fn schema() -> ObjectBuilder {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
    }
}

/// The query string of `receive_image`.
pub(crate) struct ReceiveImage {
    ticket: Option<Ticket>,
}

impl Parameters for ReceiveImage {
    fn read(params: &mut Params) -> Built<Self> {
        let about = "The ticket in the URL of the announced upload.";
        Built::from(Self {
            ticket: params.required("ticket", about),
        })
    }
}

documented_params!(ReceiveImage);

/// An announced file in transfer.
pub(crate) struct ReceivedFile {
    file: ExpectedFile,
    request: Request,
}

impl FromRequest<App> for ReceivedFile {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let Path(id) = Path::<ImageId>::from_request_parts(&mut parts, app).await?;
        let Query(query) = Query::<ReceiveImage>::from_request_parts(&mut parts, app).await?;
        payload::require_no_coding(&parts.headers)?;
        let ticket = query.ticket.map(|ticket| ticket.0).unwrap_or_default();
        let file = app.tickets().open(&ticket);
        let file = file.filter(|file| file.name.id == id).ok_or_else(expired)?;
        let sent = parts.headers.get(header::CONTENT_TYPE);
        if sent.is_none_or(|sent| sent != FILE) {
            return Err(Problem::new(ProblemType::UnsupportedMediaType)
                .detail(format!("The Content-Type must be {FILE}."))
                .member("accepted", json!([FILE])));
        }
        Ok(Self {
            file,
            request: Request::from_parts(parts, body),
        })
    }
}

fn expired() -> Problem {
    Problem::new(ProblemType::NotFound)
        .detail("The ticket is invalid or has expired. Announce the image again.")
}

/// Receives an announced file.
///
/// Only servers that keep images in a folder receive files; the URL of an announced upload tells. The ticket
/// replaces the credentials. Fails with 422 if the file is not the announced one. A repeated request replaces the file.
#[utoipa::path(put, path = "/v1/image-uploads/{id}/file", tag = "images",
    params(("id" = Uuid, Path, description = "The id of the upload."), ReceiveImage),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file."))]
pub(super) async fn receive_image(
    State(images): State<Images>,
    ReceivedFile { file, request }: ReceivedFile,
) -> Result<NoContent, Problem> {
    let most = usize::try_from(file.bytes).unwrap_or(usize::MAX);
    let (parts, body) = request.into_parts();
    let mut body = payload::limited(&parts.headers, body, most)?;
    let mut upload = images.receive_expected(file).await?;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| payload::unreadable(&error, most))?;
        upload.write(frame.into_data().unwrap_or_default()).await?;
    }
    upload.finish().await?;
    Ok(NoContent)
}
