use anyhow::Context;
use tintero_domain::{
    Error,
    access::{Authority, RequestContext, Role},
    accounts::{
        InvitedUser, NewInvitation, NewUser, User, UserDeletion, UserPatch, UserQuery, Users,
    },
    page::PageRequest,
    values::{Email, Password},
};

use super::{SystemPorts, database, services::Services};
use crate::{CommandError, config::Config};

/// Adds a user.
pub(crate) async fn add_user(config: &Config, new: NewUser) -> Result<(), CommandError> {
    let services = open_services(config).await?;
    let email = new.email.clone();
    let added = services
        .accounts()
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
    let (accounts, request) = (services.accounts(), services.request());
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
    let (users, request) = (commanded(&services), services.request());
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
    let users = commanded(&services);
    let invited = users.invite(Authority::Operator(&request), new).await;
    Ok(invited.with_context(|| format!("cannot invite {email}"))?)
}

/// A change of a user from the command line.
#[derive(Debug, Clone)]
pub(crate) enum UserChange {
    Role(Role),
    Disable,
    Enable,
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
    let changed = Box::pin(change_by_email(&services, &request, email, change)).await;
    changed.with_context(|| format!("cannot change {email}"))?;
    Ok(())
}

async fn change_by_email(
    services: &Services,
    request: &RequestContext,
    email: &Email,
    change: UserChange,
) -> Result<(), Error> {
    let (users, operator) = (commanded(services), Authority::Operator(request));
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

/// The use cases of users for a command. A running server performs the operations.
fn commanded(services: &Services) -> Users {
    let operations = services.operations_without_runner();
    services.users(services.accounts(), operations)
}

/// Opens the configured database for a command.
pub(super) async fn open_services(config: &Config) -> Result<Services, CommandError> {
    let system = SystemPorts::new();
    let database = database::open_migrated(config, &system).await?;
    Ok(Services::without_cursors(&database, &system))
}
