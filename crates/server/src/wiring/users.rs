use anyhow::Context;
use tintero_domain::{
    Error,
    access::{Authority, RequestContext, Role},
    accounts::{
        Identity, InvitedUser, NewInvitation, NewUser, User, UserDeletion, UserPatch, UserQuery,
        Users,
    },
    page::PageRequest,
    values::{Email, Password},
};

use super::{SystemPorts, database, services::Services};
use crate::{
    CommandError,
    config::{Config, IssuerPolicies},
};

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

/// Returns all users, newest first.
pub(crate) async fn list_users(
    config: &Config,
    query: UserQuery,
) -> Result<Vec<User>, CommandError> {
    let services = open_services(config).await?;
    let (users, request) = (commanded(config, &services), services.request());
    let (mut all, mut page) = (Vec::new(), PageRequest::default());
    loop {
        let found = users.list(Authority::Operator(&request), &query, &page);
        let found = found.await.context("cannot list the users")?;
        all.extend(found.items);
        page.cursor = found.next;
        if page.cursor.is_none() {
            return Ok(all);
        }
    }
}

/// Invites a user.
pub(crate) async fn invite_user(
    config: &Config,
    new: NewInvitation,
) -> Result<InvitedUser, CommandError> {
    let services = open_services(config).await?;
    let (email, request) = (new.email.clone(), services.request());
    let users = commanded(config, &services);
    let invited = users.invite(Authority::Operator(&request), new).await;
    Ok(invited.with_context(|| format!("cannot invite {email}"))?)
}

/// A change of a user from the command line.
#[derive(Debug, Clone)]
pub(crate) enum UserChange {
    Role(Role),
    Disable,
    Enable,
    RemoveSecondFactor,
    Delete { reassign_to: Email },
}

/// Changes a user.
pub(crate) async fn change_user(
    config: &Config,
    email: &Email,
    change: UserChange,
) -> Result<(), CommandError> {
    let services = open_services(config).await?;
    let request = services.request();
    let changed = Box::pin(change_by_email(
        (config, &services),
        &request,
        email,
        change,
    ))
    .await;
    changed.with_context(|| format!("cannot change {email}"))?;
    Ok(())
}

async fn change_by_email(
    (config, services): (&Config, &Services),
    request: &RequestContext,
    email: &Email,
    change: UserChange,
) -> Result<(), Error> {
    let (users, operator) = (commanded(config, services), Authority::Operator(request));
    let id = users.find_by_email(email).await?.id;
    match change {
        UserChange::Role(role) => {
            let patch = UserPatch {
                role: Some(role),
                ..UserPatch::default()
            };
            users.update(operator, id, None, patch).await.map(drop)
        }
        UserChange::Disable => users.disable(operator, id, None).await.map(drop),
        UserChange::Enable => users.enable(operator, id, None).await.map(drop),
        UserChange::RemoveSecondFactor => users.remove_factor(operator, id).await,
        UserChange::Delete { reassign_to } => {
            let reassign_to = users.find_by_email(&reassign_to).await?.id;
            let deletion = UserDeletion {
                id,
                base: None,
                reassign_to,
            };
            users.delete(operator, deletion).await.map(drop)
        }
    }
}

/// Links a user to an identity of a foreign issuer, which the configuration must know.
pub(crate) async fn link_user(
    config: &Config,
    email: &Email,
    identity: Identity,
) -> Result<(), CommandError> {
    let policies = config.foreign_issuers.as_ref();
    let mut policies = policies.map_or(&[][..], IssuerPolicies::as_slice).iter();
    if !policies.any(|policy| policy.issuer == identity.issuer) {
        return Err(CommandError::precondition(format!(
            "{} is not in foreign_issuers of the configuration",
            identity.issuer
        )));
    }
    let services = open_services(config).await?;
    let (accounts, request) = (services.accounts(config), services.request());
    let operator = Authority::Operator(&request);
    let linked = accounts.link_identity(operator, email, identity).await;
    Ok(linked.with_context(|| format!("cannot link {email}"))?)
}

/// Removes the link between a user and the identity of an issuer.
pub(crate) async fn unlink_user(
    config: &Config,
    email: &Email,
    issuer: &str,
) -> Result<(), CommandError> {
    let services = open_services(config).await?;
    let (accounts, request) = (services.accounts(config), services.request());
    let operator = Authority::Operator(&request);
    let unlinked = accounts.unlink_identity(operator, email, issuer).await;
    Ok(unlinked.with_context(|| format!("cannot unlink {email}"))?)
}

/// The use cases of users for a command. A running server performs the operations.
fn commanded(config: &Config, services: &Services) -> Users {
    let operations = services.operations_without_runner();
    services.users(services.accounts(config), operations)
}

/// Opens the configured database for a command.
pub(super) async fn open_services(config: &Config) -> Result<Services, CommandError> {
    let system = SystemPorts::new();
    let database = database::open_migrated(config, &system).await?;
    Ok(Services::without_cursors(&database, &system))
}
