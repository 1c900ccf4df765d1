use std::sync::Arc;

use anyhow::Context;
use tintero_domain::{
    access::RequestContext,
    accounts::{Accounts, NewUser},
    values::{Email, Password},
};

use super::{
    Time,
    database::{self, Ready},
};
use crate::{Failure, clock::SystemEntropy, config::Config, passwords::Passwords};

/// Adds a user.
pub(crate) async fn add_user(config: &Config, new: NewUser) -> Result<(), Failure> {
    let (_, accounts, request) = open(config).await?;
    let email = new.email.clone();
    accounts
        .add(&request, new)
        .await
        .with_context(|| format!("{email} was not added"))?;
    Ok(())
}

/// Sets a new password and ends every session of a user.
pub(crate) async fn reset_password(
    config: &Config,
    email: &Email,
    password: &Password,
) -> Result<(), Failure> {
    let (_, accounts, request) = open(config).await?;
    let done = accounts.reset_password(&request, email, password).await;
    done.with_context(|| format!("the password of {email} was not changed"))?;
    Ok(())
}

/// The configured database with its accounts, and a name for what is done to them.
pub(super) async fn open(config: &Config) -> Result<(Ready, Accounts, RequestContext), Failure> {
    let time = Time::of_system();
    let ready = database::ready(config, &time).await?;
    let request = RequestContext {
        request_id: time.ids.next().to_string(),
        idempotency: None,
    };
    let accounts = accounts(&ready, &time);
    Ok((ready, accounts, request))
}

/// The use cases around accounts.
pub(super) fn accounts(ready: &Ready, time: &Time) -> Accounts {
    Accounts::new(
        Arc::new(tintero_storage::Accounts::new(ready.dynamo.clone())),
        Arc::new(Passwords::default()),
        Arc::clone(&time.clock),
        Arc::clone(&time.ids),
        Arc::new(SystemEntropy),
    )
}
