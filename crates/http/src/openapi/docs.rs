//! The OpenAPI document and its documentation page, served without external files.

use std::{
    borrow::Cow,
    io::Read as _,
    sync::{Arc, LazyLock},
};

use axum::{
    Router,
    body::Bytes,
    extract::RawPathParams,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use flate2::read::GzDecoder;
use http::{HeaderValue, header};
use utoipa_swagger_ui::Config;

use super::{json_of, openapi, openapi_json, openapi_yaml, yaml_of};
use crate::{
    app::App,
    problem::{Problem, ProblemType},
};

/// Forbids external files and frames.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
);

/// Paths are relative, so that the page works behind gateways that add a prefix.
const PAGE: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tintero API</title>
<link rel="icon" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="stylesheet" href="docs/index.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/swagger-ui-standalone-preset.js"></script>
<script src="docs/swagger-initializer.js"></script>
</body>
</html>
"#;

static JSON: LazyLock<Bytes> = LazyLock::new(|| openapi_json().into());
static YAML: LazyLock<Bytes> = LazyLock::new(|| openapi_yaml().into());

// The validator of Swagger UI would send the URL of the document to a third party.
static CONFIG: LazyLock<Arc<Config<'static>>> =
    LazyLock::new(|| Arc::new(Config::from("openapi.json").validator_url("none")));

/// The path of the server in the document.
const SERVER: &str = "/";

/// Returns the routes. The server of the served document is `base_path`.
pub(crate) fn routes(base_path: &str) -> Router<App> {
    let (json, yaml) = documents(base_path);
    Router::new()
        .route("/", get(async || Redirect::temporary("docs")))
        .route(
            "/docs",
            get(async || page("text/html; charset=utf-8", PAGE)),
        )
        .route("/docs/{file}", get(file))
        .route(
            "/openapi.json",
            get(async move || page("application/json", json.clone())),
        )
        .route(
            "/openapi.yaml",
            get(async move || page("application/yaml", yaml.clone())),
        )
}

/// Returns the document as JSON and YAML.
fn documents(base_path: &str) -> (Bytes, Bytes) {
    if base_path.is_empty() {
        return (JSON.clone(), YAML.clone());
    }
    let mut document = openapi();
    for server in document.servers.iter_mut().flatten() {
        if server.url == SERVER {
            base_path.clone_into(&mut server.url);
        }
    }
    (json_of(&document).into(), yaml_of(&document).into())
}

async fn file(params: RawPathParams) -> Result<Response, Problem> {
    let name = params.iter().next().map_or("", |(_, name)| name);
    match utoipa_swagger_ui::serve(name, Arc::clone(&CONFIG)) {
        Ok(Some(file)) if name != "index.html" => {
            let bytes = uncompressed(file.bytes, file.gzpipped);
            let bytes =
                bytes.map_err(|error| Problem::new(ProblemType::Internal).because(error))?;
            Ok(page(&file.content_type, bytes))
        }
        Ok(_) => Err(Problem::new(ProblemType::UnknownRoute)),
        Err(error) => Err(Problem::new(ProblemType::Internal).because(error.to_string())),
    }
}

/// The binary contains most files compressed. The middleware compresses them again for clients that
/// accept it, like every text.
fn uncompressed(bytes: Cow<'_, [u8]>, is_compressed: bool) -> Result<Vec<u8>, String> {
    if !is_compressed {
        return Ok(bytes.into_owned());
    }
    let mut text = Vec::new();
    let read = GzDecoder::new(bytes.as_ref()).read_to_end(&mut text);
    read.map_err(|error| error.to_string())?;
    Ok(text)
}

fn page(media_type: &str, body: impl IntoResponse) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    if let Ok(media_type) = HeaderValue::from_str(media_type) {
        headers.insert(header::CONTENT_TYPE, media_type);
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=300"),
    );
    response
}
