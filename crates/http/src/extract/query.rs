//! Query strings. As with bodies, an operation declares its parameters once; the same declarations
//! read requests and generate the OpenAPI document.

use std::borrow::Cow;

use axum::extract::FromRequestParts;
use http::request::Parts;
use tintero_domain::values::Code;
use utoipa::openapi::{
    ArrayBuilder, Required,
    path::{Parameter, ParameterBuilder, ParameterIn},
};

use super::decode;
use crate::{
    body::{Built, Text},
    problem::{Problem, ProblemType, Violation},
};

/// The query string of an operation.
pub(crate) trait Parameters: Sized {
    /// Declares every parameter and builds the value.
    fn read(params: &mut Params) -> Built<Self>;
}

/// Extracts the query string. Rejects unknown and repeated parameters.
pub(crate) struct Query<P>(pub(crate) P);

impl<P: Parameters, S: Send + Sync> FromRequestParts<S> for Query<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parse_query(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// Parses a query string.
pub(crate) fn parse_query<P: Parameters>(raw: &str) -> Result<P, Problem> {
    let mut params = Params::reading(raw)?;
    let value = P::read(&mut params).into_option();
    let violations = params.finish();
    match value {
        Some(value) if violations.is_empty() => Ok(value),
        _ => Err(rejected(violations)),
    }
}

/// Rejects all parameters.
pub(crate) struct NoQuery;

impl Parameters for NoQuery {
    fn read(_: &mut Params) -> Built<Self> {
        Self.into()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for NoQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Query(none) = Query::from_request_parts(parts, state).await?;
        Ok(none)
    }
}

/// Implements `IntoParams` for the query string of an operation.
macro_rules! documented_params {
    ($params:ty) => {
        impl utoipa::IntoParams for $params {
            fn into_params(
                _: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
            ) -> Vec<utoipa::openapi::path::Parameter> {
                crate::extract::parameters::<Self>()
            }
        }
    };
}

pub(crate) use documented_params;

/// Returns the parameters of an operation for the OpenAPI document.
pub(crate) fn parameters<P: Parameters>() -> Vec<Parameter> {
    let mut params = Params {
        described: Some(Vec::new()),
        ..Params::default()
    };
    // Without values, only the declarations matter.
    let _ = P::read(&mut params).into_option();
    params.described.unwrap_or_default()
}

/// Reads the parameters of a query string, or describes them for the OpenAPI document.
#[derive(Default)]
pub(crate) struct Params {
    /// Parameters that were not declared yet.
    rest: Vec<(String, String)>,
    violations: Vec<Violation>,
    /// Present if the operation is described, not called.
    described: Option<Vec<Parameter>>,
}

impl Params {
    fn reading(raw: &str) -> Result<Self, Problem> {
        let pairs = raw.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((word(name)?, word(value)?))
        });
        let rest = pairs.collect::<Option<_>>().ok_or_else(|| {
            Problem::new(ProblemType::BadQuery)
                .detail("The query string must be valid percent-encoded UTF-8 without NUL.")
        })?;
        Ok(Self {
            rest,
            ..Self::default()
        })
    }

    /// Declares a required parameter.
    pub(crate) fn required<T: Text>(&mut self, name: &str, about: &str) -> Option<T> {
        self.describe(name, about, Required::True, T::describe);
        match self.take(name) {
            Some(value) => self.accept(name, &value),
            None => self.reject(name, "required", "is required"),
        }
    }

    /// Declares an optional parameter.
    pub(crate) fn optional<T: Text>(&mut self, name: &str, about: &str) -> Option<T> {
        self.describe(name, about, Required::False, T::describe);
        if T::IS_LIST {
            self.join(name);
        }
        let value = self.take(name)?;
        self.accept(name, &value)
    }

    /// Declares an optional parameter that can be repeated with different values, at most `max` times.
    pub(crate) fn repeated<T: Text + PartialEq>(
        &mut self,
        name: &str,
        about: &str,
        max: usize,
    ) -> Option<Vec<T>> {
        let items = ArrayBuilder::new().items(T::schema());
        let items = items.max_items(Some(max)).unique_items(true);
        self.describe(name, about, Required::False, |parameter| {
            parameter.schema(Some(items))
        });
        let rest = std::mem::take(&mut self.rest).into_iter();
        let (given, rest): (Vec<_>, _) = rest.partition(|(known, _)| known == name);
        self.rest = rest;
        if given.is_empty() {
            return None;
        }
        if given.len() > max {
            let detail = format!("must be given at most {max} times");
            return self.reject(name, Code::TooLong.as_str(), detail);
        }
        let mut values = Vec::new();
        for (_, raw) in given {
            let value = self.accept(name, &raw)?;
            if values.contains(&value) {
                let detail = "must not be given twice with the same value";
                return self.reject(name, Code::Duplicate.as_str(), detail);
            }
            values.push(value);
        }
        Some(values)
    }

    /// Declares a parameter that is reserved for later versions.
    pub(crate) fn unsupported(&mut self, name: &str, detail: &'static str) {
        if self.take(name).is_some() {
            self.reject::<()>(name, "not_supported", detail);
        }
    }

    /// Reports a violation of a rule about several parameters.
    pub(crate) fn reject<T>(
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

    /// Joins repeated values with commas.
    fn join(&mut self, name: &str) {
        let rest = std::mem::take(&mut self.rest).into_iter();
        let (given, rest): (Vec<_>, _) = rest.partition(|(known, _)| known == name);
        self.rest = rest;
        let values: Vec<_> = given.into_iter().map(|(_, value)| value).collect();
        if !values.is_empty() {
            self.rest.push((name.to_owned(), values.join(",")));
        }
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let index = self.rest.iter().position(|(known, _)| known == name)?;
        let (_, value) = self.rest.remove(index);
        if self.rest.iter().any(|(known, _)| known == name) {
            self.rest.retain(|(known, _)| known != name);
            return self.reject(name, "repeated_parameter", "must not be repeated");
        }
        Some(value)
    }

    fn finish(mut self) -> Vec<Violation> {
        for (name, _) in std::mem::take(&mut self.rest) {
            let detail = "is not a known parameter";
            self.reject::<()>(&name, "unknown_parameter", detail);
        }
        self.violations
    }

    fn describe(
        &mut self,
        name: &str,
        about: &str,
        required: Required,
        shape: impl FnOnce(ParameterBuilder) -> ParameterBuilder,
    ) {
        if let Some(described) = &mut self.described {
            let parameter = ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Query)
                .required(required)
                .description(Some(about));
            described.push(shape(parameter).build());
        }
    }
}

/// Returns the pairs of a query string; malformed ones are omitted.
pub(crate) fn form_pairs(raw: &str) -> impl Iterator<Item = (String, String)> {
    let pairs = raw.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter_map(|(name, value)| Some((word(name)?, word(value)?)))
}

/// Decodes form encoding, where a plus sign is a space
/// ([URL Standard](https://url.spec.whatwg.org/#urlencoded-parsing)).
fn word(raw: &str) -> Option<String> {
    decode(&raw.replace('+', " ")).map(Cow::into_owned)
}

fn rejected(violations: Vec<Violation>) -> Problem {
    let problem = match violations.first() {
        Some(Violation {
            location: crate::problem::ViolationLocation::Parameter(name),
            detail,
            ..
        }) => {
            let detail = format!("The query parameter {name} {detail}.");
            Problem::new(ProblemType::BadQuery).detail(detail)
        }
        _ => Problem::new(ProblemType::BadQuery),
    };
    problem.violations(violations)
}
