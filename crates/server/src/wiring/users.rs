use anyhow::Context;
use tintero_domain::{
    accounts::NewUser,
    values::{Email, Password},
};

use super::{SystemPorts, database, services::Services};
use crate::{CommandError, config::Config};

/// Adds a user.
pub(crate) async fn add_user(config: &Config, new: NewUser) -> Result<(), CommandError> {
    let services = open_services(config).await?;
    let email = new.email.clone();
    let added = services
        .accounts(config)
        .create_user(&services.request(), new)
        .await;
    added.with_context(|| format!("cannot add {email}"))?;
    Ok(())
}

/// Sets a new password and ends all sessions of a user.
pub(crate) async fn reset_password(
    config: &Config,
    email: &Email,
    password: &Password,
) -> Result<(), CommandError> {
    let services = open_services(config).await?;
    let (accounts, request) = (services.accounts(config), services.request());
    let reset = accounts.reset_password(&request, email, password).await;
    reset.with_context(|| format!("cannot change the password of {email}"))?;
    Ok(())
}

/// Opens the configured database for a command.
pub(super) async fn open_services(config: &Config) -> Result<Services, CommandError> {
    let system = SystemPorts::new();
    let database = database::open_migrated(config, &system).await?;
    Ok(Services::without_cursors(&database, &system))
}
