use std::collections::{BTreeMap, HashSet};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use serde_json::json;
use tintero_domain::{redirects::RedirectRule, values::OldPath};
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{Content, ObjectBuilder, Ref, RefOr, Response as Documented, ResponseBuilder, Type},
};

use super::{
    json::{ExportedRedirects, JsonFile},
    netlify::NetlifyFile,
    nginx::NginxFile,
};
use crate::{body::Choice, respond::CALLER};

/// The format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExportFormat {
    Json,
    Nginx,
    Netlify,
}

impl ExportFormat {
    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Nginx | Self::Netlify => "text/plain; charset=utf-8",
        }
    }
}

impl Choice for ExportFormat {
    const CHOICES: &'static [(&'static str, Self)] = &[
        ("json", Self::Json),
        ("nginx", Self::Nginx),
        ("netlify", Self::Netlify),
    ];
}

/// Writes redirect rules in one of the formats.
pub(super) struct ExportWriter {
    file: ExportFile,
    /// Paths of public posts, which must not be redirected.
    live: HashSet<OldPath>,
}

enum ExportFile {
    Json(JsonFile),
    Nginx(NginxFile),
    Netlify(NetlifyFile),
}

impl ExportWriter {
    pub(super) fn new(format: ExportFormat, live: HashSet<OldPath>) -> Self {
        let file = match format {
            ExportFormat::Json => ExportFile::Json(JsonFile::default()),
            ExportFormat::Nginx => ExportFile::Nginx(NginxFile::new(&live)),
            ExportFormat::Netlify => ExportFile::Netlify(NetlifyFile::default()),
        };
        Self { file, live }
    }

    /// Returns the text of the rules. The first call also returns the head of the file.
    pub(super) fn write(&mut self, mut rules: Vec<RedirectRule>) -> String {
        rules.retain(|rule| !self.live.contains(&rule.from));
        match &mut self.file {
            ExportFile::Json(json) => json.write(rules),
            ExportFile::Nginx(nginx) => nginx.write(rules),
            ExportFile::Netlify(netlify) => netlify.write(rules),
        }
    }

    /// Returns the end of the file.
    pub(super) fn end(&self) -> &'static str {
        match &self.file {
            ExportFile::Json(_) => JsonFile::END,
            ExportFile::Nginx(_) => NginxFile::END,
            ExportFile::Netlify(_) => "",
        }
    }
}

/// 200 with a streamed file.
pub(in crate::routes::redirects) struct Exported {
    pub(super) media_type: &'static str,
    pub(super) body: Body,
}

impl IntoResponse for Exported {
    fn into_response(self) -> Response {
        let mut response = self.body.into_response();
        let headers = response.headers_mut();
        let media_type = HeaderValue::from_static(self.media_type);
        headers.insert(header::CONTENT_TYPE, media_type);
        let cache = HeaderValue::from_static("private, no-cache");
        headers.insert(header::CACHE_CONTROL, cache);
        headers.insert(header::VARY, CALLER);
        response
    }
}

impl IntoResponses for Exported {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let json = Content::builder()
            .schema(Some(Ref::from_schema_name(ExportedRedirects::name())))
            .example(Some(json!({"redirects": [
                {"from": "/feed.xml", "to": "/rss.xml", "status": 301}]})));
        let text = ObjectBuilder::new().schema_type(Type::String);
        let text = Content::builder()
            .schema(Some(text))
            .example(Some(json!("/feed.xml /rss.xml 301\n")));
        let response = ResponseBuilder::new()
            .description("All redirects")
            .content("application/json", json.build())
            .content("text/plain", text.build());
        BTreeMap::from([("200".to_owned(), response.build().into())])
    }
}
