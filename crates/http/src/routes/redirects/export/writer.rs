use std::collections::{BTreeMap, HashSet};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use serde_json::json;
use tintero_domain::{
    redirects::Lead,
    values::{Code, OldPath, ValueError},
};
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{Content, ObjectBuilder, Ref, RefOr, Response as Documented, ResponseBuilder, Type},
};

use super::{
    json::{ExportedRedirects, Json},
    netlify,
    nginx::Nginx,
};
use crate::body::Text;

/// For what an export is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExportFormat {
    Json,
    Nginx,
    Netlify,
}

impl ExportFormat {
    const ALL: [(&'static str, Self); 3] = [
        ("json", Self::Json),
        ("nginx", Self::Nginx),
        ("netlify", Self::Netlify),
    ];

    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Nginx | Self::Netlify => "text/plain; charset=utf-8",
        }
    }
}

impl Text for ExportFormat {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        let known = Self::ALL.iter().find(|(name, _)| *name == raw);
        known
            .map(|(_, format)| *format)
            .ok_or_else(|| ValueError::new(Code::Format, "must be json, nginx or netlify"))
    }

    fn schema() -> ObjectBuilder {
        let names = Self::ALL.map(|(name, _)| name);
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(names))
    }
}

/// Writes lines in one of the forms, none of which leads away from where a post is.
pub(super) struct Writer {
    form: Form,
    live: HashSet<OldPath>,
}

enum Form {
    Json(Json),
    Nginx(Nginx),
    Netlify(netlify::Netlify),
}

impl Writer {
    pub(super) fn new(format: ExportFormat, live: HashSet<OldPath>) -> Self {
        let form = match format {
            ExportFormat::Json => Form::Json(Json::default()),
            ExportFormat::Nginx => Form::Nginx(Nginx::beside(&live)),
            ExportFormat::Netlify => Form::Netlify(netlify::Netlify::default()),
        };
        Self { form, live }
    }

    /// The lines, after the head of the file where they are the first.
    pub(super) fn write(&mut self, mut leads: Vec<Lead>) -> String {
        leads.retain(|lead| !self.live.contains(&lead.from));
        match &mut self.form {
            Form::Json(json) => json.write(leads),
            Form::Nginx(nginx) => nginx.write(leads),
            Form::Netlify(netlify) => netlify.write(leads),
        }
    }

    /// What stands below the last line.
    pub(super) fn end(&self) -> &'static str {
        match &self.form {
            Form::Json(_) => Json::END,
            Form::Nginx(_) => Nginx::END,
            Form::Netlify(_) => "",
        }
    }
}

/// 200 with a file that is written while it is sent.
pub(in crate::routes::redirects) struct Exported {
    pub(super) media_type: &'static str,
    pub(super) body: Body,
}

impl IntoResponse for Exported {
    fn into_response(self) -> Response {
        let mut response = self.body.into_response();
        let headers = response.headers_mut();
        let kind = HeaderValue::from_static(self.media_type);
        headers.insert(header::CONTENT_TYPE, kind);
        let cache = HeaderValue::from_static("private, no-cache");
        headers.insert(header::CACHE_CONTROL, cache);
        headers.insert(header::VARY, HeaderValue::from_static("Authorization"));
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
            .description("Everything that redirects")
            .content("application/json", json.build())
            .content("text/plain", text.build());
        BTreeMap::from([("200".to_owned(), response.build().into())])
    }
}
