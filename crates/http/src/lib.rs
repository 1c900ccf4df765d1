//! The HTTP API: the only crate that depends on axum and defines statuses and JSON shapes.
//!
//! Start at [`router`]. A request passes `middleware`; `extract` and `body` parse it; one handler of
//! `routes` processes it; `respond` or `problem` writes the response. The same declarations generate
//! the OpenAPI document that [`openapi`] returns.

mod app;
mod auth;
mod base_path;
mod body;
mod cached;
mod coding;
mod dashboard;
mod digest;
mod entity_tag;
mod extract;
mod login_cookie;
mod middleware;
mod openapi;
mod problem;
mod rates;
mod respond;
mod routes;
mod session_cookie;
mod tickets;

pub use app::{
    AnsweredRequest, AppParts, ClientAddress, Dependencies, HttpConfig, Origins, RejectedHead,
    RequestObserver, SecurityContact, SlowBody,
};
pub use auth::{
    AccessTokens, BrowserClient, CodeExchange, ExchangeFault, FactorClaim, ForeignIssuers,
    IssuerDocuments, IssuerPolicy, IssuerSignIn, KeyFault, Parties, RoleClaim, SignInPorts,
    SignatureAlgorithm, SigningKey, TokenFault, TokenRequest,
};
pub use cached::{AnswerCache, CacheStatistics};
pub use openapi::{openapi, openapi_json, openapi_yaml};
pub use problem::Problem;
pub use rates::RateQuotas;

use app::App;

/// Returns the page `docs/lists.md`: the parameters of the list of posts and their allowed
/// combinations.
#[must_use]
pub fn lists_page() -> String {
    routes::posts::lists_page()
}

/// Returns the whole API as one service.
pub fn router(parts: AppParts) -> axum::Router {
    let app = App::new(parts);
    let docs = openapi::docs::routes(app.config.base_path());
    let pages = docs.merge(dashboard::routes());
    let routes = routes::all(pages, app.clone());
    middleware::around(routes, app)
}
