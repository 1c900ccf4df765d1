use std::io;

use anyhow::Context;
use clap::Subcommand;
use tintero_domain::values::{Email, Password};

use super::{block_on, output};
use crate::{Failure, config::Config, passwords, wiring};

/// What can be done with users from the machine of the server.
#[derive(Debug, Subcommand)]
pub(super) enum Task {
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
    let Task::ResetPassword {
        email,
        password_stdin,
    } = task;
    let password = if password_stdin {
        typed()?
    } else {
        passwords::generate()
    };
    block_on(wiring::reset_password(config, &email, &password))?;
    if password_stdin {
        output::answer(&format!("the password of {email} is set"))
    } else {
        output::answer(password.expose())
    }
}

fn typed() -> Result<Password, Failure> {
    let mut line = String::new();
    io::stdin()
        .read_line(&mut line)
        .context("standard input cannot be read")?;
    let text = line.trim_end_matches(['\r', '\n']);
    Password::chosen(text.to_owned())
        .map_err(|error| Failure::refused(format!("the password {error}")))
}
