//! API keys of users.

mod create;
mod read;
mod revoke;
mod rotate;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use view::{ApiKeyView, IssuedApiKeyView, KeyOwner};

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read::list_api_keys, create::create_api_key))
        .routes(routes!(read::get_api_key, revoke::revoke_api_key))
        .routes(routes!(rotate::rotate_api_key))
}
