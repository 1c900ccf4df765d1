use std::{any::Any, convert::Infallible, panic::AssertUnwindSafe};

use axum::response::{IntoResponse as _, Response};
use futures::FutureExt as _;

use crate::problem::{Problem, ProblemType};

/// Runs a route. Returns the response of a server error if it panics.
///
/// The route and its request are dropped then, and nothing that others use is left half changed: locks
/// that a panic poisons are handled where they are taken.
pub(super) async fn caught(route: impl Future<Output = Result<Response, Infallible>>) -> Response {
    match AssertUnwindSafe(route).catch_unwind().await {
        Ok(response) => response.unwrap_or_else(|never| match never {}),
        Err(panic) => respond(panic.as_ref()),
    }
}

/// Returns the response after a panic. Only the log contains the message.
fn respond(caught: &(dyn Any + Send)) -> Response {
    let text = caught
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| caught.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    Problem::new(ProblemType::Internal)
        .because(format!("panicked: {text}"))
        .into_response()
}
