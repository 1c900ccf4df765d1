use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use utoipa::{
    IntoResponses,
    openapi::{RefOr, Response as Documented},
};

/// One of two responses with different statuses.
pub(crate) enum Either<A, B> {
    /// The first response.
    First(Box<A>),
    /// The second response.
    Second(Box<B>),
}

impl<A, B> Either<A, B> {
    pub(crate) fn first(response: impl Into<A>) -> Self {
        Self::First(Box::new(response.into()))
    }

    pub(crate) fn second(response: impl Into<B>) -> Self {
        Self::Second(Box::new(response.into()))
    }
}

impl<A: IntoResponse, B: IntoResponse> IntoResponse for Either<A, B> {
    fn into_response(self) -> Response {
        match self {
            Self::First(response) => response.into_response(),
            Self::Second(response) => response.into_response(),
        }
    }
}

impl<A: IntoResponses, B: IntoResponses> IntoResponses for Either<A, B> {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let mut responses = A::responses();
        responses.extend(B::responses());
        responses
    }
}
