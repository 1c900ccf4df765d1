//! Redirects, and the resolution of former paths.

mod create;
mod export;
mod read;
mod remove;
mod resolve;
mod unknown;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use self::{
    export::{ExportedRedirect, ExportedRedirects},
    resolve::Resolution,
    unknown::UnknownAddressView,
    view::RedirectView,
};
use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read::list_redirects, create::create_redirect))
        .routes(routes!(resolve::resolve_redirect))
        .routes(routes!(export::export_redirects))
        .routes(routes!(
            unknown::list_unknown_addresses,
            unknown::dismiss_unknown_address
        ))
        .routes(routes!(read::get_redirect, remove::delete_redirect))
}
