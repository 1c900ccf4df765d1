//! The composition root: the one place that knows every crate.

use std::future::{Ready, ready};

use axum::Router;
use tintero_domain::values::{Email, Password};

use crate::{Failure, cli::MigrateStep, config::Config, keystore::KeyStore};

/// A server that is ready to be served.
pub(crate) struct Server {
    /// Every route.
    pub(crate) router: Router,
    /// The first administrator, when this start made one with a generated password.
    pub(crate) founder: Option<Founder>,
}

/// The first administrator.
pub(crate) struct Founder {
    /// What they sign in with.
    pub(crate) email: Email,
    /// A generated password.
    pub(crate) password: Password,
}

/// Opens the database and puts the routes over it. `url` is where clients reach them.
pub(crate) fn server(
    _config: &Config,
    _url: &str,
    _keys: KeyStore,
) -> Ready<Result<Server, Failure>> {
    ready(Err(unfinished("serve")))
}

/// Sets a new password and ends every session of a user.
pub(crate) fn reset_password(
    _config: &Config,
    _email: &Email,
    _password: &Password,
) -> Ready<Result<(), Failure>> {
    ready(Err(unfinished("users")))
}

/// Works on the tables and reports, as text for people or as JSON.
pub(crate) fn migrate(_config: &Config, _step: MigrateStep) -> Ready<Result<String, Failure>> {
    ready(Err(unfinished("migrate")))
}

/// The description of the API, as YAML or JSON.
pub(crate) fn openapi(_json: bool) -> Result<String, Failure> {
    Err(unfinished("openapi"))
}

fn unfinished(command: &str) -> Failure {
    Failure::refused(format!("`tintero {command}` is not part of this build yet"))
}
