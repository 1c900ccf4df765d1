//! Problems: all errors are returned as `application/problem+json`
//! ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)).

mod challenge;
mod conflict;
mod details;
mod document;
mod domain;
mod problem_type;
mod schema;
mod violation;

use std::{borrow::Cow, error::Error as StdError, sync::Arc};

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};
use tintero_domain::error::BoxError;

pub(crate) use challenge::{invalid_token, unauthenticated};
pub(crate) use details::{
    BodyConflict, ConflictHunk, ConflictLinks, ConflictUsage, MemberConflict,
};
pub(crate) use document::{
    BatchProblem, GoneResponse, InvalidResponse, NotFoundResponse, response, responses, schemas,
};
pub(crate) use problem_type::ProblemType;
pub(crate) use schema::ProblemDocument;
pub(crate) use violation::{Violation, ViolationLocation};

use crate::base_path::prefixed;

/// The media type of problems.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// Maximum number of violations in one response.
const MAX_VIOLATIONS: usize = 50;

/// An error response. The outermost middleware adds the id and the path of the request.
#[derive(Debug, Clone)]
pub struct Problem(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    kind: ProblemType,
    detail: Cow<'static, str>,
    violations: Vec<Violation>,
    members: Map<String, Value>,
    headers: HeaderMap,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Problem {
    /// Creates a problem whose detail is the explanation of its type.
    pub(crate) fn new(kind: ProblemType) -> Self {
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

    /// Creates a problem with violations.
    pub(crate) fn violated(
        kind: ProblemType,
        violations: impl IntoIterator<Item = Violation>,
    ) -> Self {
        Self::new(kind).violations(violations)
    }

    /// Sets the violations, at most [`MAX_VIOLATIONS`].
    pub(crate) fn violations(mut self, violations: impl IntoIterator<Item = Violation>) -> Self {
        self.0.violations = violations.into_iter().take(MAX_VIOLATIONS).collect();
        self
    }

    /// Prefixes the JSON Pointers of all violations.
    pub(crate) fn within(mut self, at: &str) -> Self {
        for violation in &mut self.0.violations {
            if let ViolationLocation::Pointer(pointer) = &mut violation.location {
                pointer.insert_str(0, at);
            }
        }
        self
    }

    /// Returns the status.
    pub(crate) fn status(&self) -> StatusCode {
        self.0.kind.status()
    }

    /// Sets the detail.
    pub(crate) fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.0.detail = detail.into();
        self
    }

    /// Adds an extension member.
    pub(crate) fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.members.insert(name.to_owned(), value.into());
        self
    }

    /// Appends a header. Ignores values that are not valid in headers.
    pub(crate) fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.headers.append(name, value);
        }
        self
    }

    /// Appends a header.
    pub(crate) fn header_value(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.append(name, value);
        self
    }

    /// Sets the cause, which is only logged.
    pub(crate) fn because(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into().into());
        self
    }

    /// Returns the causes, outermost first. Responses never contain them.
    pub(crate) fn causes(&self) -> Vec<String> {
        let first: Option<&(dyn StdError + 'static)> = match &self.0.source {
            Some(source) => Some(source.as_ref()),
            None => None,
        };
        std::iter::successors(first, |&error| error.source())
            .map(ToString::to_string)
            .collect()
    }

    /// Returns the body of the response.
    pub(crate) fn document(&self, request_id: &str, path: &str) -> Value {
        let Parts {
            kind,
            detail,
            violations,
            members,
            ..
        } = self.0.as_ref();
        let mut document = json!({
            "type": prefixed(kind.type_uri()),
            "title": kind.title(),
            "status": kind.status().as_u16(),
            "detail": detail,
            "instance": prefixed(reference(path)),
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

/// Returns the path as a URI reference: escapes percent signs without two hexadecimal digits.
fn reference(path: &str) -> String {
    let mut parts = path.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let digits = part.bytes().take(2).filter(u8::is_ascii_hexdigit);
        let sign = if digits.count() == 2 { "%" } else { "%25" };
        text + sign + part
    })
}

impl IntoResponse for Problem {
    /// The outermost middleware writes the body, because it knows the id and path of the request.
    fn into_response(self) -> Response {
        let status = self.0.kind.status();
        let mut headers = self.0.headers.clone();
        // A missing resource can become public at any time, by its schedule.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let mut response = (status, headers).into_response();
        response.extensions_mut().insert(self);
        response
    }
}
