//! The entrances: the only crate that knows axum, status codes and JSON shapes.
//!
//! Start at [`router`]. A request passes `middleware`, is taken apart by `extract` and `body`,
//! meets one handler of `routes`, and is answered by `respond` or, when refused, by `problem`.
//! The same handlers make the OpenAPI document that [`openapi`] returns.

mod app;
mod auth;
mod body;
mod digest;
mod extract;
mod middleware;
mod openapi;
mod problem;
mod respond;
#[expect(
    unused_qualifications,
    reason = "what `utoipa::path` generates names types in full"
)]
mod routes;

pub use app::{App, ClientAddress, Dependencies, HttpConfig, Origins};
pub use auth::{AccessTokens, KeyFault, Parties, SigningKey, TokenFault};
pub use openapi::{openapi, openapi_json, openapi_yaml};
pub use problem::Problem;

/// The page `docs/lists.md`: which parameters of the list of posts go together, made from the table
/// by which they are read.
#[must_use]
pub fn lists_page() -> String {
    routes::posts::written_page()
}

/// The whole API as one service.
pub fn router(app: App) -> axum::Router {
    middleware::around(routes::all(app.clone()), app)
}
