use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;

use crate::{
    body::Text,
    problem::{Kind, Problem},
};

/// The one parameter of a path. A value that no resource can have names no resource: 404.
pub(crate) struct Path<T>(pub(crate) T);

impl<T: Text, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::new(Kind::BadPath))?;
        let (name, value) = params
            .iter()
            .next()
            .ok_or_else(|| Problem::new(Kind::UnknownRoute))?;
        T::parse(value).map(Self).map_err(|error| {
            Problem::new(Kind::NotFound).detail(format!("Nothing is here: the {name} {error}."))
        })
    }
}
