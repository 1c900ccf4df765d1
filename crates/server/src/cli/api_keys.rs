use std::{str::FromStr, time::Duration};

use clap::{Args, Subcommand};
use comfy_table::{Table, presets};
use jiff::{Span, SpanRelativeTo};
use serde_json::{Value, json};
use tintero_domain::{
    access::Scopes,
    accounts::{IssuedKey, Lifetime, ListedKey, NewKey, User},
    values::{ApiKeyId, Email, KeyName, Timestamp},
};

use super::{block_on, output};
use crate::{Failure, config::Config, wiring};

/// What can be done with API keys.
#[derive(Debug, Subcommand)]
pub(super) enum Task {
    /// Issue a key and print it; it is kept nowhere and cannot be printed again
    Issue(Wish),
    /// List the keys; those that ended, for 30 days more
    List {
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Revoke a key; running servers refuse it within five seconds
    Revoke {
        /// The key's id, from the list
        id: ApiKeyId,
    },
}

/// The key that is wanted.
#[derive(Debug, Args)]
pub(super) struct Wish {
    /// What tells the key from others, such as the program that will use it
    #[arg(long)]
    name: KeyName,
    /// What the key may be used for, as far as the role of its user goes: permissions separated by
    /// commas, such as posts:read,posts:create, or `import` for what an import needs
    #[arg(long, value_name = "SCOPE,…")]
    scope: Scopes,
    /// When the key ends: a time from now such as 90d or 12h, a moment such as
    /// 2027-01-01T00:00:00Z, or never
    #[arg(long, value_name = "WHEN", default_value = "90d")]
    expires: End,
    /// E-mail address of the user in whose name the key calls; else the configured administrator
    #[arg(long, value_name = "EMAIL")]
    user: Option<Email>,
}

/// When a key ends, as it is typed.
#[derive(Debug, Clone, Copy)]
struct End(Lifetime);

pub(super) fn run(task: Task, config: &Config) -> Result<(), Failure> {
    match task {
        Task::Issue(wish) => {
            let new = NewKey {
                name: wish.name,
                email: wish.user.unwrap_or_else(|| config.admin_email.clone()),
                scopes: wish.scope,
                lifetime: wish.expires.0,
            };
            let (issued, key) = block_on(wiring::issue_key(config, new))?;
            output::remark(&facts(&issued));
            output::answer(key.expose())
        }
        Task::List { json } => {
            let keys = block_on(wiring::list_keys(config))?;
            if json {
                let rows = keys.iter().map(object).collect();
                return output::answer(&format!("{:#}", Value::Array(rows)));
            }
            output::answer(&table(&keys))
        }
        Task::Revoke { id } => {
            block_on(wiring::revoke_key(config, id))?;
            output::answer(&format!("{id} is revoked"))
        }
    }
}

/// What the list will say of a new key; the key itself goes to standard output alone, so that a
/// script can take it from there.
fn facts(key: &IssuedKey) -> String {
    let end = key.valid_until.map_or_else(
        || "ends when it is revoked".to_owned(),
        |end| format!("ends at {end}"),
    );
    format!("key {} {end}; it is shown this once", key.id)
}

fn object(listed: &ListedKey) -> Value {
    let ListedKey { key, user, state } = listed;
    json!({
        "id": key.id,
        "name": key.name,
        "user": user.as_ref().map(|user| &user.email),
        "scopes": key.scopes,
        "created_at": key.created_at,
        "expires_at": key.valid_until,
        "state": state.as_str(),
    })
}

fn table(keys: &[ListedKey]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header([
        "Id", "Name", "User", "Created", "Expires", "State", "Scopes",
    ]);
    for ListedKey { key, user, state } in keys {
        table.add_row([
            key.id.to_string(),
            key.name.to_string(),
            user.as_ref().map_or_else(String::new, email),
            key.created_at.to_string(),
            key.valid_until
                .map_or_else(|| "never".to_owned(), |end| end.to_string()),
            state.as_str().to_owned(),
            key.scopes.to_string(),
        ]);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.trim_fmt()
}

fn email(user: &User) -> String {
    user.email.to_string()
}

impl FromStr for End {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "never" {
            return Ok(Self(Lifetime::Endless));
        }
        if let Ok(moment) = text.parse::<Timestamp>() {
            return Ok(Self(Lifetime::Until(moment)));
        }
        text.parse::<Span>()
            .and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()))
            .ok()
            .and_then(|time| Duration::try_from(time).ok())
            .map(|time| Self(Lifetime::For(time)))
            .ok_or("an end is a time such as 90d, a moment such as 2027-01-01T00:00:00Z, or never")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(text: &str) -> Option<Lifetime> {
        text.parse::<End>().ok().map(|end| end.0)
    }

    #[test]
    fn an_end_is_a_time_a_moment_or_never() {
        assert_eq!(end("90d"), Some(Lifetime::USUAL));
        assert_eq!(end("12h"), Some(Lifetime::For(Duration::from_hours(12))));
        let moment = "2027-01-01T00:00:00.000Z".parse().unwrap();
        assert_eq!(end("2027-01-01T00:00:00Z"), Some(Lifetime::Until(moment)));
        assert_eq!(end("never"), Some(Lifetime::Endless));
        for text in ["", "90", "-1d", "1mo", "soon", "2027-01-01"] {
            assert_eq!(end(text), None, "{text}");
        }
    }
}
