use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;

use crate::{
    body::Text,
    problem::{Kind, Problem},
};

/// What the parameters of a path name. A value that no resource can have names no resource: 404.
pub(crate) struct Path<T>(pub(crate) T);

/// Read from the parameters of a path, in their order.
pub(crate) trait Place: Sized {
    /// Reads as many parameters as it takes.
    fn read<'a>(params: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, Problem>;
}

impl<T: Text> Place for T {
    fn read<'a>(mut params: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, Problem> {
        one(&mut params)
    }
}

/// A resource within another one.
impl<A: Text, B: Text> Place for (A, B) {
    fn read<'a>(mut params: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, Problem> {
        Ok((one(&mut params)?, one(&mut params)?))
    }
}

fn one<'a, T: Text>(params: &mut impl Iterator<Item = (&'a str, &'a str)>) -> Result<T, Problem> {
    let (name, value) = params
        .next()
        .ok_or_else(|| Problem::new(Kind::UnknownRoute))?;
    T::parse(value).map_err(|error| {
        Problem::new(Kind::NotFound).detail(format!("Nothing is here: the {name} {error}."))
    })
}

impl<T: Place, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::new(Kind::BadPath))?;
        T::read(params.iter()).map(Self)
    }
}
