use std::io;

use anyhow::Context;
use clap::Subcommand;
use serde_json::{Value, json};
use tintero_domain::{
    access::Role,
    accounts::{Identity, NewInvitation, NewUser, User, UserQuery},
    values::{DisplayName, Email, Password, UserStatus},
};

use super::{
    block_on,
    output::{self, OutputArgs},
};
use crate::{
    CommandError,
    config::Config,
    passwords,
    wiring::{self, UserChange},
};

#[derive(Debug, Subcommand)]
pub(super) enum UsersCommand {
    /// Add a user
    Add {
        /// E-mail address of the user
        email: Email,
        /// Role: administrator, editor, author, contributor or reader
        #[arg(long, value_parser = role)]
        role: Role,
        /// Display name [default: the part of the e-mail address before the @]
        #[arg(long)]
        name: Option<DisplayName>,
        /// Read the password from standard input instead of generating one
        #[arg(long)]
        password_stdin: bool,
    },
    /// List the users, newest first
    List {
        /// Only users with this role
        #[arg(long, value_parser = role)]
        role: Option<Role>,
        /// Only users with this status: active, invited, disabled or deleting
        #[arg(long, value_parser = status)]
        status: Option<UserStatus>,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Invite a user and print the token with which the user sets a password; valid once, for 7 days
    Invite {
        /// E-mail address of the user
        email: Email,
        /// Role: administrator, editor, author, contributor or reader
        #[arg(long, value_parser = role)]
        role: Role,
        /// Display name [default: the part of the e-mail address before the @]
        #[arg(long)]
        name: Option<DisplayName>,
    },
    /// Change the role of a user
    SetRole {
        /// E-mail address of the user
        email: Email,
        /// Role: administrator, editor, author, contributor or reader
        #[arg(value_parser = role)]
        role: Role,
    },
    /// Disable a user: sign-in, tokens and API keys are rejected
    Disable {
        /// E-mail address of the user
        email: Email,
    },
    /// Enable a disabled user
    Enable {
        /// E-mail address of the user
        email: Email,
    },
    /// Remove the lost second factor of a user and end all sessions of the user
    RemoveSecondFactor {
        /// E-mail address of the user
        email: Email,
    },
    /// Delete a user; a running server reassigns the posts
    Delete {
        /// E-mail address of the user
        email: Email,
        /// E-mail address of the user who gets the posts
        #[arg(long, value_name = "EMAIL")]
        reassign_to: Email,
    },
    /// Link a user to an identity of a foreign issuer
    Link {
        /// E-mail address of the user
        email: Email,
        /// The issuer, as in `foreign_issuers`
        #[arg(long, value_name = "URL")]
        issuer: String,
        /// The subject: the claim `sub` of the tokens
        #[arg(long)]
        subject: String,
    },
    /// Remove the link between a user and the identity of a foreign issuer
    Unlink {
        /// E-mail address of the user
        email: Email,
        /// The issuer, as in `foreign_issuers`
        #[arg(long, value_name = "URL")]
        issuer: String,
    },
    /// Set a new password and end all sessions of the user
    ResetPassword {
        /// E-mail address of the user
        email: Email,
        /// Read the password from standard input instead of generating one
        #[arg(long)]
        password_stdin: bool,
    },
}

pub(super) fn run(command: UsersCommand, config: &Config) -> Result<(), CommandError> {
    match command {
        UsersCommand::Add {
            email,
            role,
            name,
            password_stdin,
        } => add(config, (email, role, name), password_stdin),
        UsersCommand::List {
            role,
            status,
            output: OutputArgs { json },
        } => {
            let users = block_on(wiring::list_users(config, UserQuery { role, status }))?;
            if json {
                return output::print_json(&users.iter().map(json_row).collect());
            }
            output::print(&table(&users))
        }
        UsersCommand::Invite { email, role, name } => invite(config, email, role, name),
        UsersCommand::SetRole { email, role } => {
            let done = format!("Changed the role of {email} to {}", role.as_str());
            change(config, &email, UserChange::Role(role), &done)
        }
        UsersCommand::Disable { email } => {
            let done = format!("Disabled {email}");
            change(config, &email, UserChange::Disable, &done)
        }
        UsersCommand::Enable { email } => {
            let done = format!("Enabled {email}");
            change(config, &email, UserChange::Enable, &done)
        }
        UsersCommand::RemoveSecondFactor { email } => {
            let done = format!("Removed the second factor of {email}");
            change(config, &email, UserChange::RemoveSecondFactor, &done)
        }
        UsersCommand::Delete { email, reassign_to } => {
            let done = format!("Deleted {email}; a running server reassigns the posts");
            change(config, &email, UserChange::Delete { reassign_to }, &done)
        }
        UsersCommand::Link {
            email,
            issuer,
            subject,
        } => {
            let done = format!("Linked {email} to {subject:?} of {issuer}");
            block_on(wiring::link_user(
                config,
                &email,
                Identity { issuer, subject },
            ))?;
            output::print(&done)
        }
        UsersCommand::Unlink { email, issuer } => {
            block_on(wiring::unlink_user(config, &email, &issuer))?;
            output::print(&format!("Removed the link of {email} to {issuer}"))
        }
        UsersCommand::ResetPassword {
            email,
            password_stdin,
        } => {
            let password = password(password_stdin)?;
            block_on(wiring::reset_password(config, &email, &password))?;
            print_result(
                password_stdin,
                &password,
                &format!("Changed the password of {email}"),
            )
        }
    }
}

fn add(
    config: &Config,
    (email, role, name): (Email, Role, Option<DisplayName>),
    password_stdin: bool,
) -> Result<(), CommandError> {
    let password = password(password_stdin)?;
    let new = NewUser {
        email: email.clone(),
        display_name: name_or_default(name, &email)?,
        role,
        password: password.clone(),
    };
    block_on(wiring::add_user(config, new))?;
    print_result(
        password_stdin,
        &password,
        &format!("Added {email} with role {}", role.as_str()),
    )
}

fn invite(
    config: &Config,
    email: Email,
    role: Role,
    name: Option<DisplayName>,
) -> Result<(), CommandError> {
    let new = NewInvitation {
        display_name: name_or_default(name, &email)?,
        email,
        role,
        language: None,
    };
    let invited = block_on(wiring::invite_user(config, new))?;
    // The token alone goes to standard output, so that a script can read it.
    output::print_message(&format!(
        "invited {} until {}; the token is not shown again",
        invited.user.email, invited.expires_at
    ));
    output::print(&invited.token.expose())
}

fn change(
    config: &Config,
    email: &Email,
    change: UserChange,
    done: &str,
) -> Result<(), CommandError> {
    block_on(wiring::change_user(config, email, change))?;
    output::print(done)
}

fn json_row(user: &User) -> Value {
    json!({
        "id": user.id,
        "email": user.email,
        "display_name": user.display_name,
        "role": user.role,
        "status": user.status,
        "created_at": user.created_at,
    })
}

fn table(users: &[User]) -> String {
    let rows = users.iter().map(|user| {
        [
            user.id.to_string(),
            user.email.to_string(),
            user.display_name.to_string(),
            user.role.as_str().to_owned(),
            user.status.as_str().to_owned(),
            user.created_at.to_string(),
        ]
    });
    output::table(["Id", "E-mail", "Name", "Role", "Status", "Created"], rows)
}

fn status(text: &str) -> Result<UserStatus, String> {
    let known = UserStatus::ALL
        .into_iter()
        .find(|status| status.as_str() == text);
    known.ok_or_else(|| {
        let names: Vec<_> = UserStatus::ALL
            .iter()
            .map(|status| status.as_str())
            .collect();
        format!("must be one of {}", names.join(", "))
    })
}

fn name_or_default(name: Option<DisplayName>, email: &Email) -> Result<DisplayName, CommandError> {
    name.map_or_else(|| name_from(email), Ok)
}

fn role(text: &str) -> Result<Role, String> {
    Role::ALL
        .into_iter()
        .find(|role| role.as_str() == text)
        .ok_or_else(|| {
            let names: Vec<_> = Role::ALL.iter().map(|role| role.as_str()).collect();
            format!("must be one of {}", names.join(", "))
        })
}

fn name_from(email: &Email) -> Result<DisplayName, CommandError> {
    let local = email.local_part();
    local.parse().map_err(|error| {
        CommandError::precondition(format!("--name is required: the name {local} {error}"))
    })
}

/// Prints a generated password alone, so that a script can read it, or else the message.
fn print_result(typed: bool, password: &Password, message: &str) -> Result<(), CommandError> {
    output::print(if typed { message } else { password.expose() })
}

fn password(from_stdin: bool) -> Result<Password, CommandError> {
    if !from_stdin {
        return Ok(passwords::generate());
    }
    let mut line = String::new();
    io::stdin()
        .read_line(&mut line)
        .context("cannot read standard input")?;
    let text = line.trim_end_matches(['\r', '\n']);
    Password::chosen(text)
        .map_err(|error| CommandError::precondition(format!("the password {error}")))
}
