use std::{collections::BTreeMap, ops::Range};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use futures::stream;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tintero_domain::{
    Error,
    images::{ImageFile, ImageFileReader, ImageRendition, MediaType},
};
use utoipa::{
    IntoResponses,
    openapi::{
        Content, KnownFormat, ObjectBuilder, RefOr, Response as Documented, ResponseBuilder,
        SchemaFormat, Type,
    },
};

use super::{field, insert};
use crate::problem::{self, ProblemType};

/// The bytes at a URL never change.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Forbids everything if a browser opens an image as a page.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");

/// The same for SVG, whose styles and embedded images are part of the image.
const SVG_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
);

/// 200 with the bytes of an image, or 206 with a range of them.
pub(crate) struct Media {
    /// Facts for the headers.
    pub(crate) facts: MediaFacts,
    /// The requested range, if not all.
    pub(crate) part: Option<Range<u64>>,
    /// The source of the bytes.
    pub(crate) reader: Box<dyn ImageFileReader>,
}

/// Facts about the bytes of an image for the headers.
pub(crate) struct MediaFacts {
    /// Type of the bytes.
    pub(crate) media_type: MediaType,
    /// Number of bytes.
    pub(crate) bytes: u64,
    /// Entity tag.
    pub(crate) tag: String,
    /// Whether ranges are supported.
    pub(crate) has_ranges: bool,
}

impl MediaFacts {
    /// The file of an image.
    pub(crate) fn of_file(file: &ImageFile) -> Self {
        Self {
            media_type: file.media_type,
            bytes: file.bytes,
            tag: format!("\"{}\"", file.sha256),
            has_ranges: true,
        }
    }

    /// A rendition with this number of bytes.
    pub(crate) fn of_rendition(rendition: &ImageRendition, bytes: u64) -> Self {
        Self {
            media_type: rendition.media_type(),
            bytes,
            tag: format!("\"{}\"", rendition.stored_name()),
            has_ranges: false,
        }
    }
}

impl IntoResponse for Media {
    fn into_response(self) -> Response {
        let Self {
            facts,
            part,
            reader,
        } = self;
        let mut headers = headers(&facts);
        let (status, length) = match part {
            None => (StatusCode::OK, facts.bytes),
            Some(Range { start, end }) => {
                let place = format!("bytes {start}-{}/{}", end - 1, facts.bytes);
                insert(&mut headers, header::CONTENT_RANGE, &place);
                (StatusCode::PARTIAL_CONTENT, end - start)
            }
        };
        headers.insert(header::CONTENT_LENGTH, length.into());
        (status, headers, body(reader)).into_response()
    }
}

fn headers(facts: &MediaFacts) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let ranges = if facts.has_ranges { "bytes" } else { "none" };
    for (name, value) in [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(facts.media_type.as_str()),
        ),
        (header::CACHE_CONTROL, IMMUTABLE),
        (header::CONTENT_SECURITY_POLICY, policy(facts.media_type)),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("inline"),
        ),
        (header::ACCEPT_RANGES, HeaderValue::from_static(ranges)),
    ] {
        headers.insert(name, value);
    }
    insert(&mut headers, header::ETAG, &facts.tag);
    headers
}

fn policy(media_type: MediaType) -> HeaderValue {
    match media_type {
        MediaType::Svg => SVG_POLICY,
        MediaType::Png | MediaType::Jpeg | MediaType::Gif | MediaType::Webp | MediaType::Avif => {
            POLICY
        }
    }
}

/// Streams the bytes at the speed of the client.
fn body(reader: Box<dyn ImageFileReader>) -> Body {
    Body::from_stream(stream::try_unfold(reader, async |mut reader| {
        let chunk = reader.next().await.inspect_err(log_error)?;
        Ok::<_, Error>(chunk.map(|chunk| (chunk, reader)))
    }))
}

/// Logs the error. The status was already sent.
fn log_error(error: &Error) {
    let causes: Vec<_> = std::iter::successors(Some(error as &dyn std::error::Error), |error| {
        error.source()
    })
    .map(ToString::to_string)
    .collect();
    tracing::error!(target: "http", causes = causes.join(": "), "reading an image failed; the response is incomplete");
}

impl IntoResponses for Media {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let described = |description: &str| {
            let bytes = ObjectBuilder::new()
                .schema_type(Type::String)
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
                .build();
            let response = ResponseBuilder::new()
                .description(description)
                .header(
                    "ETag",
                    field("Identifies the bytes; for a file, its SHA-256 digest"),
                )
                .header(
                    "Accept-Ranges",
                    field("`bytes` for files, `none` for renditions"),
                );
            MediaType::ALL.into_iter().fold(response, |response, kind| {
                let content = Content::builder().schema(Some(bytes.clone())).build();
                response.content(kind.as_str(), content)
            })
        };
        let part = described("The requested range of the image").header(
            "Content-Range",
            field("The range and the size of the image"),
        );
        BTreeMap::from([
            ("200".to_owned(), described("The image").build().into()),
            ("206".to_owned(), part.build().into()),
            (
                "416".to_owned(),
                problem::response(ProblemType::RangeNotSatisfiable),
            ),
        ])
    }
}
