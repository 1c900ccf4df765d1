use std::{collections::BTreeMap, ops::Range};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use futures::stream;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tintero_domain::{
    Error,
    images::{MediaType, ObjectReader, Picture},
};
use utoipa::{
    IntoResponses,
    openapi::{
        Content, KnownFormat, ObjectBuilder, RefOr, Response as Documented, ResponseBuilder,
        SchemaFormat, Type,
    },
};

use super::{field, insert};
use crate::problem::{self, Kind};

/// The bytes behind an address never change, so nobody has to ask for them again.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// What a browser that shows an image on its own may do: nothing.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");

/// 200 with the bytes of an image, or 206 with a part of them.
pub(crate) struct Media {
    /// Which image.
    pub(crate) picture: Picture,
    /// Which of its bytes, when not all were asked for.
    pub(crate) part: Option<Range<u64>>,
    /// Where they come from.
    pub(crate) reader: Box<dyn ObjectReader>,
}

/// The entity tag of an image's bytes.
pub(crate) fn media_tag(picture: &Picture) -> String {
    format!("\"{}\"", picture.sha256)
}

impl IntoResponse for Media {
    fn into_response(self) -> Response {
        let Self {
            picture,
            part,
            reader,
        } = self;
        let mut headers = headers(&picture);
        let (status, length) = match part {
            None => (StatusCode::OK, picture.bytes),
            Some(Range { start, end }) => {
                let place = format!("bytes {start}-{}/{}", end - 1, picture.bytes);
                insert(&mut headers, header::CONTENT_RANGE, &place);
                (StatusCode::PARTIAL_CONTENT, end - start)
            }
        };
        headers.insert(header::CONTENT_LENGTH, length.into());
        (status, headers, body(reader)).into_response()
    }
}

fn headers(picture: &Picture) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(picture.media_type.as_str()),
        ),
        (header::CACHE_CONTROL, FOREVER),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("inline"),
        ),
        (header::ACCEPT_RANGES, HeaderValue::from_static("bytes")),
    ] {
        headers.insert(name, value);
    }
    insert(&mut headers, header::ETAG, &media_tag(picture));
    headers
}

/// A body that is read as fast as the client takes it.
fn body(reader: Box<dyn ObjectReader>) -> Body {
    Body::from_stream(stream::try_unfold(reader, async |mut reader| {
        let piece = reader.next().await.inspect_err(broken)?;
        Ok::<_, Error>(piece.map(|piece| (piece, reader)))
    }))
}

/// The status has been sent already, so the log is the only place that can tell.
fn broken(error: &Error) {
    let causes: Vec<_> = std::iter::successors(Some(error as &dyn std::error::Error), |error| {
        error.source()
    })
    .map(ToString::to_string)
    .collect();
    tracing::error!(target: "http", causes = causes.join(": "), "an image broke off");
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
                .header("ETag", field("The SHA-256 of the whole image"))
                .header("Accept-Ranges", field("Always bytes"));
            MediaType::ALL.into_iter().fold(response, |response, kind| {
                let content = Content::builder().schema(Some(bytes.clone())).build();
                response.content(kind.as_str(), content)
            })
        };
        let part = described("The part of the image that was asked for")
            .header("Content-Range", field("Which part, and of how many bytes"));
        BTreeMap::from([
            ("200".to_owned(), described("The image").build().into()),
            ("206".to_owned(), part.build().into()),
            (
                "416".to_owned(),
                problem::response(Kind::RangeNotSatisfiable),
            ),
        ])
    }
}
