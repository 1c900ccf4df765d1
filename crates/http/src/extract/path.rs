use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;

use crate::{
    body::Text,
    problem::{Problem, ProblemType},
};

/// The parameters of a path. Fails with 404 if a value is invalid, because no resource can have it.
pub(crate) struct Path<T>(pub(crate) T);

/// A value read from the parameters of a path, in order.
pub(crate) trait PathParams: Sized {
    /// Reads its parameters.
    fn read<'a>(params: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, Problem>;
}

impl<T: Text> PathParams for T {
    fn read<'a>(mut params: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, Problem> {
        one(&mut params)
    }
}

/// A nested resource.
impl<A: Text, B: Text> PathParams for (A, B) {
    fn read<'a>(mut params: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, Problem> {
        Ok((one(&mut params)?, one(&mut params)?))
    }
}

fn one<'a, T: Text>(params: &mut impl Iterator<Item = (&'a str, &'a str)>) -> Result<T, Problem> {
    let (name, value) = params
        .next()
        .ok_or_else(|| Problem::new(ProblemType::UnknownRoute))?;
    T::parse(value).map_err(|error| {
        Problem::new(ProblemType::NotFound)
            .detail(format!("There is no such resource: the {name} {error}."))
    })
}

impl<T: PathParams, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::new(ProblemType::BadPath))?;
        T::read(params.iter()).map(Self)
    }
}
