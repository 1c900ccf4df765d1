use anyhow::Context;
use axum::Router;
use tintero_domain::{
    access::{RequestContext, Role},
    accounts::{Accounts, NewUser},
    values::{DisplayName, Email, Password},
};

use super::{Time, database, users};
use crate::{Failure, config::Config, keystore::KeyStore, passwords};

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
pub(crate) async fn server(
    config: &Config,
    _url: &str,
    _keys: KeyStore,
) -> Result<Server, Failure> {
    let time = Time::of_system();
    let ready = database::ready(config, &time).await?;
    let founder = found(config, &users::accounts(&ready, &time), &time).await?;
    Ok(Server {
        router: Router::new(),
        founder,
    })
}

/// Makes the first administrator where there never was a user.
async fn found(
    config: &Config,
    accounts: &Accounts,
    time: &Time,
) -> Result<Option<Founder>, Failure> {
    let chosen = config.admin_password.clone();
    let password = chosen.clone().unwrap_or_else(passwords::generate);
    let founder = || NewUser {
        email: config.admin_email.clone(),
        display_name: DisplayName::try_from("Administrator".to_owned())
            .expect("the name keeps the rules"),
        role: Role::Administrator,
        password: password.clone(),
    };
    let request = RequestContext {
        request_id: time.ids.next().to_string(),
        idempotency: None,
    };
    let made = accounts
        .found(&request, founder)
        .await
        .context("the first administrator was not made")?;
    let generated = made.is_some() && chosen.is_none();
    Ok(generated.then(|| Founder {
        email: config.admin_email.clone(),
        password,
    }))
}

/// The description of the API, as YAML or JSON.
pub(crate) fn openapi(_json: bool) -> Result<String, Failure> {
    Err(Failure::refused(
        "`tintero openapi` is not part of this build yet",
    ))
}
