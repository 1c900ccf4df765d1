use std::{str::FromStr, time::Duration};

use clap::Subcommand;
use jiff::{Span, SpanRelativeTo};
use serde_json::{Value, json};
use tintero_domain::{
    access::Scopes,
    accounts::{IssuedKey, KeyRotation, Lifetime, ListedKey, NewKey},
    values::{ApiKeyId, Email, KeyName, Timestamp},
};

use super::{
    block_on,
    output::{self, OutputArgs},
};
use crate::{CommandError, config::Config, wiring};

#[derive(Debug, Subcommand)]
pub(super) enum ApiKeysCommand {
    /// Issue a key and print it once; only its hash is stored
    Issue(IssueArgs),
    /// List all keys, including those that expired or were revoked in the last 30 days
    List(OutputArgs),
    /// Replace a key by a new one and print it once; the replaced key stays valid for a while
    Rotate {
        /// Id of the key, as shown by `tintero keys list`
        id: ApiKeyId,
        /// Time for which the replaced key stays valid, such as 1h or 7d, at most 30d
        #[arg(long, value_name = "TIME", default_value = "24h", value_parser = overlap)]
        overlap: Duration,
    },
    /// Revoke a key; running servers reject it within five seconds
    Revoke {
        /// Id of the key, as shown by `tintero keys list`
        id: ApiKeyId,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct IssueArgs {
    /// Name of the key, such as that of the program that uses it
    #[arg(long)]
    name: KeyName,
    /// Permissions separated by commas, such as posts:read,posts:create, `import` for those of
    /// `tintero import`, or `build` for those of a site generator; the role of the user limits them
    #[arg(long, value_name = "SCOPE,…")]
    scope: Scopes,
    /// Lifetime such as 90d or 12h, time of expiry such as 2027-01-01T00:00:00Z, or never
    #[arg(long, value_name = "WHEN", default_value = "90d")]
    expires: Expiry,
    /// E-mail address of the user of the key [default: the configured administrator]
    #[arg(long, value_name = "EMAIL")]
    user: Option<Email>,
}

#[derive(Debug, Clone, Copy)]
struct Expiry(Lifetime);

pub(super) fn run(command: ApiKeysCommand, config: &Config) -> Result<(), CommandError> {
    match command {
        ApiKeysCommand::Issue(args) => {
            let new = NewKey {
                name: args.name,
                email: args.user.unwrap_or_else(|| config.admin_email.clone()),
                scopes: args.scope,
                lifetime: args.expires.0,
            };
            let (issued, key) = block_on(wiring::issue_key(config, new))?;
            // The key alone goes to standard output, so that a script can read it.
            output::print_message(&issued_message(&issued));
            output::print(key.expose())
        }
        ApiKeysCommand::List(OutputArgs { json }) => {
            let keys = block_on(wiring::list_keys(config))?;
            if json {
                return output::print_json(&keys.iter().map(json_row).collect());
            }
            output::print(&table(&keys))
        }
        ApiKeysCommand::Rotate { id, overlap } => {
            let (issued, key) = block_on(wiring::rotate_key(config, KeyRotation { id, overlap }))?;
            output::print_message(&issued_message(&issued));
            output::print(key.expose())
        }
        ApiKeysCommand::Revoke { id } => {
            block_on(wiring::revoke_key(config, id))?;
            output::print(&format!("Revoked API key {id}"))
        }
    }
}

fn issued_message(key: &IssuedKey) -> String {
    let expiry = key.valid_until.map_or_else(
        || "does not expire".to_owned(),
        |end| format!("expires at {end}"),
    );
    format!(
        "issued API key {} ({expiry}); it is not shown again",
        key.id
    )
}

fn json_row(listed: &ListedKey) -> Value {
    let ListedKey { key, user, state } = listed;
    json!({
        "id": key.id,
        "name": key.name,
        "user": user.as_ref().map(|user| &user.email),
        "scopes": key.scopes,
        "created_at": key.created_at,
        "expires_at": key.valid_until,
        "last_used_at": key.last_used_at,
        "state": state.as_str(),
    })
}

fn table(keys: &[ListedKey]) -> String {
    let rows = keys.iter().map(|ListedKey { key, user, state }| {
        [
            key.id.to_string(),
            key.name.to_string(),
            user.as_ref()
                .map_or_else(String::new, |user| user.email.to_string()),
            key.created_at.to_string(),
            or_never(key.valid_until),
            or_never(key.last_used_at),
            state.as_str().to_owned(),
            key.scopes.to_string(),
        ]
    });
    let header = [
        "Id", "Name", "User", "Created", "Expires", "Last use", "State", "Scopes",
    ];
    output::table(header, rows)
}

fn or_never(time: Option<Timestamp>) -> String {
    time.map_or_else(|| "never".to_owned(), |time| time.to_string())
}

/// Parses a length of time such as 90d or 12h.
fn length(text: &str) -> Option<Duration> {
    let span = text.parse::<Span>().ok()?;
    let time = span.to_duration(SpanRelativeTo::days_are_24_hours());
    Duration::try_from(time.ok()?).ok()
}

fn overlap(text: &str) -> Result<Duration, &'static str> {
    length(text)
        .filter(|time| *time <= KeyRotation::MAX_OVERLAP)
        .ok_or("must be a time such as 1h or 7d, at most 30d")
}

impl FromStr for Expiry {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "never" {
            return Ok(Self(Lifetime::Endless));
        }
        if let Ok(moment) = text.parse::<Timestamp>() {
            return Ok(Self(Lifetime::Until(moment)));
        }
        length(text)
            .map(|time| Self(Lifetime::For(time)))
            .ok_or("must be a lifetime such as 90d, a time such as 2027-01-01T00:00:00Z, or never")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expiry(text: &str) -> Option<Lifetime> {
        text.parse::<Expiry>().ok().map(|expiry| expiry.0)
    }

    #[test]
    fn an_overlap_has_at_most_thirty_days() {
        assert_eq!(overlap("0s"), Ok(Duration::ZERO));
        assert_eq!(overlap("30d"), Ok(KeyRotation::MAX_OVERLAP));
        for text in ["", "31d", "-1h", "soon"] {
            assert!(overlap(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_expiry_is_a_lifetime_a_time_or_never() {
        assert_eq!(expiry("90d"), Some(Lifetime::USUAL));
        assert_eq!(expiry("12h"), Some(Lifetime::For(Duration::from_hours(12))));
        let moment = "2027-01-01T00:00:00.000Z".parse().unwrap();
        assert_eq!(
            expiry("2027-01-01T00:00:00Z"),
            Some(Lifetime::Until(moment))
        );
        assert_eq!(expiry("never"), Some(Lifetime::Endless));
        for text in ["", "90", "-1d", "1mo", "soon", "2027-01-01"] {
            assert_eq!(expiry(text), None, "{text}");
        }
    }
}
