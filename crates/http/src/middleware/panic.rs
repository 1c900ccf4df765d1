use std::any::Any;

use axum::response::{IntoResponse as _, Response};

use crate::problem::{Problem, ProblemType};

/// Returns the response after a panic. Only the log contains the message.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the layer passes the panic by value"
)]
pub(super) fn respond(caught: Box<dyn Any + Send + 'static>) -> Response {
    let text = caught
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| caught.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    Problem::new(ProblemType::Internal)
        .because(format!("panicked: {text}"))
        .into_response()
}
