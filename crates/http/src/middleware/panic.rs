use std::any::Any;

use axum::response::{IntoResponse as _, Response};

use crate::problem::{Kind, Problem};

/// The answer of a handler that panicked: the panic's text goes to the log alone.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the layer hands over what it caught"
)]
pub(super) fn answer(caught: Box<dyn Any + Send + 'static>) -> Response {
    let text = caught
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| caught.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without a text");
    Problem::new(Kind::Internal)
        .because(format!("panicked: {text}"))
        .into_response()
}
