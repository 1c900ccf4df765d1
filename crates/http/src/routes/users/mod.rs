//! Users and their invitations.

mod accept;
mod delete;
mod invite;
mod read;
mod second_factor;
mod status;
mod update;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(in crate::routes) use view::roles;
pub(crate) use view::{InvitationView, UserView};

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read::list_users, invite::invite_user))
        .routes(routes!(
            read::get_user,
            update::update_user,
            delete::delete_user
        ))
        .routes(routes!(invite::renew_invitation))
        .routes(routes!(second_factor::remove_user_second_factor))
        .routes(routes!(status::disable_user))
        .routes(routes!(status::enable_user))
        .routes(routes!(accept::accept_invitation))
}

pub(in crate::routes) mod about {
    pub(in crate::routes) const NAME: &str = "The display name.";
    pub(in crate::routes) const LANGUAGE: &str =
        "The preferred language of the user interface (BCP 47).";
    pub(in crate::routes) const BIO: &str = "A short biography in plain text.";
    pub(super) const ROLE: &str = "The role, which determines the permissions.";
}
