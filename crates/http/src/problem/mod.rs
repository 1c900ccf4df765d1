//! Refusals: every error leaves as `application/problem+json`
//! ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)).

mod challenge;
mod conflict;
mod document;
mod domain;
mod kind;
mod violation;

use std::{borrow::Cow, error::Error as StdError, sync::Arc};

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};
use tintero_domain::error::BoxError;

pub(crate) use challenge::{nobody, refused_token};
pub(crate) use document::{GoneResponse, ProblemDocument, response, responses};
pub(crate) use kind::Kind;
pub(crate) use violation::{Place, Violation};

/// The media type of refusals.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// The most violations that one answer lists.
const MAX_VIOLATIONS: usize = 50;

/// A refusal, before the request's name and path are written into it.
#[derive(Debug, Clone)]
pub struct Problem(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    kind: Kind,
    detail: Cow<'static, str>,
    violations: Vec<Violation>,
    members: Map<String, Value>,
    headers: HeaderMap,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Problem {
    /// A refusal whose detail is the kind's own sentence.
    pub(crate) fn new(kind: Kind) -> Self {
        let problem = Self(Box::new(Parts {
            kind,
            detail: Cow::Borrowed(kind.explanation()),
            violations: Vec::new(),
            members: Map::new(),
            headers: HeaderMap::new(),
            source: None,
        }));
        match kind.retry_after() {
            Some(seconds) => problem.header(header::RETRY_AFTER, &seconds.to_string()),
            None => problem,
        }
    }

    /// A refusal because of parts of the request; all of them are listed.
    pub(crate) fn violated(kind: Kind, violations: impl IntoIterator<Item = Violation>) -> Self {
        Self::new(kind).violations(violations)
    }

    /// Lists what is wrong with the request, as far as an answer has room.
    pub(crate) fn violations(mut self, violations: impl IntoIterator<Item = Violation>) -> Self {
        self.0.violations = violations.into_iter().take(MAX_VIOLATIONS).collect();
        self
    }

    /// The same refusal of what lies at a JSON Pointer within the body.
    pub(crate) fn within(mut self, at: &str) -> Self {
        for violation in &mut self.0.violations {
            if let Place::Pointer(pointer) = &mut violation.place {
                pointer.insert_str(0, at);
            }
        }
        self
    }

    /// The status of the answer.
    pub(crate) fn status(&self) -> StatusCode {
        self.0.kind.status()
    }

    /// Replaces the detail by a sentence about this request.
    pub(crate) fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.0.detail = detail.into();
        self
    }

    /// Adds an extension member.
    pub(crate) fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.members.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a header beside those of the same name; one that cannot be written is left out.
    pub(crate) fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.headers.append(name, value);
        }
        self
    }

    /// Keeps the cause for the log.
    pub(crate) fn because(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into().into());
        self
    }

    /// The causes behind a server error, outermost first; clients never see them.
    pub(crate) fn causes(&self) -> Vec<String> {
        let first: Option<&(dyn StdError + 'static)> = match &self.0.source {
            Some(source) => Some(source.as_ref()),
            None => None,
        };
        std::iter::successors(first, |&error| error.source())
            .map(ToString::to_string)
            .collect()
    }

    /// The body, for the request with this name and path.
    pub(crate) fn document(&self, request_id: &str, path: &str) -> Value {
        let Parts {
            kind,
            detail,
            violations,
            members,
            ..
        } = self.0.as_ref();
        let mut document = json!({
            "type": kind.type_uri(),
            "title": kind.title(),
            "status": kind.status().as_u16(),
            "detail": detail,
            "instance": path,
            "code": kind.code(),
            "request_id": request_id,
        });
        if let Value::Object(object) = &mut document {
            if !violations.is_empty() {
                object.insert("errors".to_owned(), json!(violations));
            }
            object.extend(members.clone());
        }
        document
    }
}

impl IntoResponse for Problem {
    /// Leaves the body to the outermost layer, which knows the request's name and path.
    fn into_response(self) -> Response {
        let status = self.0.kind.status();
        let mut headers = self.0.headers.clone();
        // What is not there may be there in a moment: somebody may have planned it.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let mut response = (status, headers).into_response();
        response.extensions_mut().insert(self);
        response
    }
}
