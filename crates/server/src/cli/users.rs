use std::io;

use anyhow::Context;
use clap::Subcommand;
use tintero_domain::{
    access::Role,
    accounts::NewUser,
    values::{DisplayName, Email, Password},
};

use super::{block_on, output};
use crate::{CommandError, config::Config, passwords, wiring};

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
        } => {
            let password = password(password_stdin)?;
            let display_name = match name {
                Some(name) => name,
                None => name_from(&email)?,
            };
            let new = NewUser {
                email: email.clone(),
                display_name,
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
    let local = email.as_str().split('@').next().unwrap_or_default();
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
    Password::chosen(text.to_owned())
        .map_err(|error| CommandError::precondition(format!("the password {error}")))
}
