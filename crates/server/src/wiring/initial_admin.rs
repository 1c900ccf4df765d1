use anyhow::Context;
use tintero_domain::{
    access::{RequestContext, Role},
    accounts::{Accounts, NewUser},
    values::{DisplayName, Email, Password},
};

use crate::{CommandError, config::Config, passwords};

/// The first administrator with a generated password.
pub(crate) struct InitialAdmin {
    /// E-mail address.
    pub(crate) email: Email,
    /// Generated password.
    pub(crate) password: Password,
}

/// Creates the first administrator unless there was ever a user. Returns it if its password was
/// generated.
pub(super) async fn create(
    config: &Config,
    accounts: &Accounts,
    request: &RequestContext,
) -> Result<Option<InitialAdmin>, CommandError> {
    let configured = config.admin_password.clone();
    let password = configured.clone().unwrap_or_else(passwords::generate);
    let new_user = || NewUser {
        email: config.admin_email.clone(),
        display_name: DisplayName::try_from("Administrator".to_owned()).expect("the name is valid"),
        role: Role::Administrator,
        password: password.clone(),
    };
    let created = accounts
        .create_first_admin(request, new_user)
        .await
        .context("cannot create the first administrator")?;
    let is_generated = created.is_some() && configured.is_none();
    Ok(is_generated.then(|| InitialAdmin {
        email: config.admin_email.clone(),
        password,
    }))
}
