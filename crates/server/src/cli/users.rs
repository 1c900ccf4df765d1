use std::io;

use anyhow::Context;
use clap::Subcommand;
use tintero_domain::{
    access::Role,
    accounts::NewUser,
    values::{DisplayName, Email, Password},
};

use super::{block_on, output};
use crate::{Failure, config::Config, passwords, wiring};

/// What can be done with users from the machine of the server.
#[derive(Debug, Subcommand)]
pub(super) enum Task {
    /// Add a user
    Add {
        /// E-mail address of the user
        email: Email,
        /// What the user is to the site: administrator, editor, author, contributor or reader
        #[arg(long, value_parser = role)]
        role: Role,
        /// The name that others see; the e-mail address up to its @ when absent
        #[arg(long)]
        name: Option<DisplayName>,
        /// Read the password from standard input instead of making one
        #[arg(long)]
        password_stdin: bool,
    },
    /// Set a new password and end every session of the user
    ResetPassword {
        /// E-mail address of the user
        email: Email,
        /// Read the password from standard input instead of making one
        #[arg(long)]
        password_stdin: bool,
    },
}

pub(super) fn run(task: Task, config: &Config) -> Result<(), Failure> {
    match task {
        Task::Add {
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
            tell(
                password_stdin,
                &password,
                &format!("{email} is added as {}", role.as_str()),
            )
        }
        Task::ResetPassword {
            email,
            password_stdin,
        } => {
            let password = password(password_stdin)?;
            block_on(wiring::reset_password(config, &email, &password))?;
            tell(
                password_stdin,
                &password,
                &format!("the password of {email} is set"),
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
            format!("a role is one of {}", names.join(", "))
        })
}

fn name_from(email: &Email) -> Result<DisplayName, Failure> {
    let local = email.as_str().split('@').next().unwrap_or_default();
    local
        .parse()
        .map_err(|error| Failure::refused(format!("--name is needed: {local} as a name {error}")))
}

/// A typed password is known to whoever typed it; a generated one is told.
fn tell(typed: bool, password: &Password, done: &str) -> Result<(), Failure> {
    output::answer(if typed { done } else { password.expose() })
}

fn password(from_stdin: bool) -> Result<Password, Failure> {
    if !from_stdin {
        return Ok(passwords::generate());
    }
    let mut line = String::new();
    io::stdin()
        .read_line(&mut line)
        .context("standard input cannot be read")?;
    let text = line.trim_end_matches(['\r', '\n']);
    Password::chosen(text.to_owned())
        .map_err(|error| Failure::refused(format!("the password {error}")))
}
