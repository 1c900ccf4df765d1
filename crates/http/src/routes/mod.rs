//! One module per resource, one handler per operation. A handler extracts the input, calls a use case
//! and converts the result.

mod allowed;
pub(crate) mod api_keys;
pub(crate) mod audit;
mod auth;
pub(crate) mod bylines;
pub(crate) mod categories;
mod health;
pub(crate) mod images;
mod me;
pub(crate) mod operations;
mod parameters;
pub(crate) mod posts;
mod problems;
mod redirects;
mod security_txt;
mod site;
mod tags;
pub(crate) mod users;

use axum::Router;
use utoipa_axum::router::OpenApiRouter;

pub(crate) use auth::{
    AuthorizationServer, Issuer, PendingLogin, PendingSecondFactor, RecoveryCodes, SecondFactor,
    SessionList, SessionView, SignInIssuer, SignInIssuers, Tokens,
};
pub(crate) use health::{Health, Readiness};
pub(crate) use me::Me;
pub(crate) use posts::BATCH;
pub(crate) use problems::ProblemKind;
pub(crate) use redirects::{
    ExportedRedirect, ExportedRedirects, RedirectView, Resolution, UnknownAddressView,
};
pub(crate) use site::SiteView;
pub(crate) use tags::TagView;

use crate::{
    app::App,
    problem::{Problem, ProblemType},
};

/// The route of the health check.
pub(crate) const HEALTH: &str = "/healthz";

/// The route of the readiness check.
pub(crate) const READINESS: &str = "/readyz";

/// The route of images and their uploads.
pub(crate) const IMAGES: &str = "/v1/images";

/// The route of the files of direct uploads.
pub(crate) const RECEIVED_FILE: &str = "/v1/image-uploads/{id}/file";

/// Returns all documented operations.
pub(crate) fn documented() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(posts::routes())
        .merge(categories::routes())
        .merge(tags::routes())
        .merge(bylines::routes())
        .merge(images::routes())
        .merge(operations::routes())
        .merge(redirects::routes())
        .merge(site::routes())
        .merge(auth::routes())
        .merge(me::routes())
        .merge(users::routes())
        .merge(api_keys::routes())
        .merge(audit::routes())
        .merge(health::routes())
        .merge(problems::routes())
}

/// Returns all routes: the documented operations, the pages for browsers and `security.txt`.
pub(crate) fn all(pages: Router<App>, app: App) -> Router {
    let (documented, _) = documented().split_for_parts();
    documented
        .merge(pages)
        .merge(security_txt::routes())
        .fallback(async || Problem::new(ProblemType::UnknownRoute))
        .method_not_allowed_fallback(async || Problem::new(ProblemType::MethodNotAllowed))
        .with_state(app)
}
