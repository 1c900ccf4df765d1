//! The dashboard: a client of the API in the browser. The binary contains the files that `npm run build`
//! writes to `admin/dist`, if they existed when it was built.

use std::io::Read as _;

use axum::{
    Router,
    extract::{RawPathParams, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use brotli::Decompressor;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use include_dir::{Dir, include_dir};

use crate::{
    app::App,
    coding::{self, Coding},
    problem::{Problem, ProblemType},
};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../admin/dist");

const PAGE: &str = "index.html";

/// What the page contains in place of the nonce.
const NONCE: &str = "TINTERO_NONCE";

/// Shown if the binary contains no dashboard.
const NOT_BUILT: &str = r#"<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Tintero</title></head>
<body>
<h1>This binary contains no dashboard</h1>
<p>The API works without it: see the <a href="docs">documentation of the API</a>.</p>
<p>To include the dashboard, install Node.js 20.19 or newer and build again in the folder of the source:</p>
<pre>npm --prefix admin ci
npm --prefix admin run build
cargo build --release --locked -p tintero</pre>
<p><code>./scripts/start</code> does this too.</p>
</body>
</html>
"#;

/// The names of assets change with their contents.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Returns the routes of the dashboard.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/admin", get(page))
        .route("/admin/", get(async || Redirect::permanent("../admin")))
        .route("/admin/assets/{file}", get(asset))
}

/// Returns the page with a new nonce for the styles that scripts add.
async fn page(State(app): State<App>) -> Response {
    let Some(html) = FILES.get_file(PAGE).and_then(|file| file.contents_utf8()) else {
        return (StatusCode::NOT_FOUND, Html(NOT_BUILT)).into_response();
    };
    let nonce = BASE64_URL_SAFE_NO_PAD.encode(app.entropy.secret());
    let mut response = Html(html.replace(NONCE, &nonce)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(policy) = HeaderValue::try_from(policy(&nonce, app.config.upload_origin.as_deref())) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Allows only files and calls of this origin, and uploads to the image store. Posts can contain images of others.
fn policy(nonce: &str, upload_origin: Option<&str>) -> String {
    let uploads = upload_origin
        .map(|origin| format!(" {origin}"))
        .unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; connect-src 'self'{uploads}; \
         font-src 'self'; img-src 'self' data: blob: https:; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
}

/// Returns a file. `admin/dist` contains most of them compressed only.
async fn asset(params: RawPathParams, request: HeaderMap) -> Result<Response, Problem> {
    let name = params.iter().next().map_or("", |(_, name)| name);
    let Some(media_type) = media_type(name) else {
        return Err(Problem::new(ProblemType::UnknownRoute));
    };
    let path = format!("assets/{name}");
    let mut response = match FILES.get_file(format!("{path}.br")) {
        Some(file) => compressed(file.contents(), &request)?,
        None => match FILES.get_file(path) {
            Some(file) => file.contents().into_response(),
            None => return Err(Problem::new(ProblemType::UnknownRoute)),
        },
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, FOREVER);
    Ok(response)
}

/// Returns a compressed file as it is, if the client accepts that. Otherwise the middleware compresses it
/// like every text.
fn compressed(bytes: &'static [u8], request: &HeaderMap) -> Result<Response, Problem> {
    if Coding::accepted(request) == Some(Coding::Brotli) {
        let mut response = bytes.into_response();
        coding::vary(response.headers_mut());
        coding::mark(response.headers_mut(), Coding::Brotli, bytes.len());
        return Ok(response);
    }
    let mut text = Vec::new();
    let read = Decompressor::new(bytes, 4096).read_to_end(&mut text);
    read.map_err(|error| Problem::new(ProblemType::Internal).because(error.to_string()))?;
    Ok(text.into_response())
}

fn media_type(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    match extension {
        "js" => Some("text/javascript; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        "woff2" => Some("font/woff2"),
        "txt" => Some("text/plain; charset=utf-8"),
        _ => None,
    }
}
