//! Query strings. As with bodies, each operation names its parameters once, for the reader and
//! for the OpenAPI document.

use std::borrow::Cow;

use axum::extract::FromRequestParts;
use http::request::Parts;
use utoipa::openapi::{
    Required,
    path::{Parameter, ParameterBuilder, ParameterIn},
};

use super::decode;
use crate::{
    body::Text,
    problem::{Kind, Problem, Violation},
};

/// The query string of an operation.
pub(crate) trait Parameters: Sized {
    /// Asks for every parameter. `None` when something is refused.
    fn read(params: &mut Params) -> Option<Self>;
}

/// The query string, read strictly: what is unknown or repeated is refused by name.
pub(crate) struct Query<P>(pub(crate) P);

impl<P: Parameters, S: Send + Sync> FromRequestParts<S> for Query<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut params = Params::reading(parts.uri.query().unwrap_or_default())?;
        let value = P::read(&mut params);
        let violations = params.finish();
        match value {
            Some(value) if violations.is_empty() => Ok(Self(value)),
            _ => Err(refused(violations)),
        }
    }
}

/// The query string of an operation that has no parameters: there must be none.
pub(crate) struct NoQuery;

impl Parameters for NoQuery {
    fn read(_: &mut Params) -> Option<Self> {
        Some(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for NoQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Query(none) = Query::from_request_parts(parts, state).await?;
        Ok(none)
    }
}

/// How the parameters of an operation are documented.
pub(crate) fn parameters<P: Parameters>() -> Vec<Parameter> {
    let mut params = Params {
        described: Some(Vec::new()),
        ..Params::default()
    };
    // Nothing is there to be read, so the value itself does not come about.
    let _ = P::read(&mut params);
    params.described.unwrap_or_default()
}

/// The parameters of a query string, as they are read or described.
#[derive(Default)]
pub(crate) struct Params {
    /// What nobody has asked for yet.
    left: Vec<(String, String)>,
    violations: Vec<Violation>,
    /// Present while the operation is described and not called.
    described: Option<Vec<Parameter>>,
}

impl Params {
    fn reading(raw: &str) -> Result<Self, Problem> {
        let pairs = raw.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((word(name)?, word(value)?))
        });
        let left = pairs.collect::<Option<_>>().ok_or_else(|| {
            Problem::new(Kind::BadQuery)
                .detail("The query string must be valid percent-encoded UTF-8 without NUL.")
        })?;
        Ok(Self {
            left,
            ..Self::default()
        })
    }

    /// A parameter that must be there.
    pub(crate) fn required<T: Text>(&mut self, name: &str, about: &str) -> Option<T> {
        self.describe::<T>(name, about, Required::True);
        match self.take(name) {
            Some(value) => self.accept(name, &value),
            None => self.refuse(name, "required", "must be given"),
        }
    }

    /// A parameter that may be absent.
    pub(crate) fn optional<T: Text>(&mut self, name: &str, about: &str) -> Option<T> {
        self.describe::<T>(name, about, Required::False);
        let value = self.take(name)?;
        self.accept(name, &value)
    }

    /// A parameter that is known and cannot be served yet.
    pub(crate) fn unsupported(&mut self, name: &str, detail: &'static str) {
        if self.take(name).is_some() {
            self.refuse::<()>(name, "not_supported", detail);
        }
    }

    /// Notes what is wrong with a parameter.
    pub(crate) fn refuse<T>(
        &mut self,
        name: &str,
        code: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Option<T> {
        self.violations
            .push(Violation::parameter(name, code, detail));
        None
    }

    fn accept<T: Text>(&mut self, name: &str, value: &str) -> Option<T> {
        match T::parse(value) {
            Ok(value) => Some(value),
            Err(error) => {
                let code = error.code.as_str();
                let violation = Violation::parameter(name, code, error.detail);
                self.violations.push(violation);
                None
            }
        }
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let index = self.left.iter().position(|(known, _)| known == name)?;
        let (_, value) = self.left.remove(index);
        if self.left.iter().any(|(known, _)| known == name) {
            self.left.retain(|(known, _)| known != name);
            return self.refuse(name, "repeated_parameter", "must not stand twice");
        }
        Some(value)
    }

    fn finish(mut self) -> Vec<Violation> {
        for (name, _) in std::mem::take(&mut self.left) {
            let detail = "is not a parameter that this operation knows";
            self.refuse::<()>(&name, "unknown_parameter", detail);
        }
        self.violations
    }

    fn describe<T: Text>(&mut self, name: &str, about: &str, required: Required) {
        if let Some(described) = &mut self.described {
            described.push(
                ParameterBuilder::new()
                    .name(name)
                    .parameter_in(ParameterIn::Query)
                    .required(required)
                    .description(Some(about))
                    .schema(Some(T::schema()))
                    .build(),
            );
        }
    }
}

/// The codings of forms: a plus sign is a blank
/// ([URL Standard](https://url.spec.whatwg.org/#urlencoded-parsing)).
fn word(raw: &str) -> Option<String> {
    decode(&raw.replace('+', " ")).map(Cow::into_owned)
}

fn refused(violations: Vec<Violation>) -> Problem {
    let problem = match violations.first() {
        Some(Violation {
            place: crate::problem::Place::Parameter(name),
            detail,
            ..
        }) => {
            let detail = format!("The query parameter {name} {detail}.");
            Problem::new(Kind::BadQuery).detail(detail)
        }
        _ => Problem::new(Kind::BadQuery),
    };
    problem.violations(violations)
}
