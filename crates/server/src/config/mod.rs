//! The configuration: the only place that reads the environment and `tintero.toml`.
//!
//! Start at [`load`]. A setting is declared once, below; its variable, its key in the file, its
//! row in the documentation and its line in `tintero config` follow from that.

mod keys;
mod layers;
mod mode;
mod names;
mod network;
mod setting;
mod show;
mod source;
mod value;

use std::{
    net::SocketAddr,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    time::Duration,
};

use tintero_domain::values::{Email, Locale, Password};

#[cfg(test)]
pub(crate) use self::value::Value;
pub use self::{
    keys::{CursorSecrets, SigningSources},
    layers::{Loaded, Problem},
    mode::{Database, LogFilter, LogFormat},
    names::{Claim, TablePrefix},
    network::{AllowedOrigins, BaseUrl, TrustedProxies},
    setting::{Fallback, Setting},
    show::{documentation, effective},
    source::{Environment, Source},
};
use self::{layers::Layers, setting::settings};
use crate::Failure;

/// What every variable of ours starts with.
pub(crate) const PREFIX: &str = "TINTERO_";

/// The file that is read when none is named.
pub const DEFAULT_FILE: &str = "tintero.toml";

settings! {
    /// Address and port on which the server listens; port 0 takes a free one.
    listen: SocketAddr, Fallback::Text("127.0.0.1:8080");
    /// Folder of the embedded database, the keys and the lock.
    data_dir: PathBuf, Fallback::Text("./data");
    /// Where DynamoDB is: in the data folder, in memory only, or AWS (or the endpoint that `AWS_ENDPOINT_URL_DYNAMODB` names).
    dynamodb: Database, Fallback::Text("embedded");
    /// What the names of all tables start with.
    table_prefix: TablePrefix, Fallback::Text("tintero");
    /// Address under which clients reach the API, used in links.
    public_url: Option<BaseUrl>, Fallback::Absent("the address as bound");
    /// E-mail address of the first administrator, used on the first start only.
    admin_email: Email, Fallback::Text("admin@localhost");
    /// Password of the first administrator, used on the first start only.
    admin_password: Option<Password>, Fallback::Absent("generated, and printed once");
    /// Proxies whose `X-Forwarded-For` is believed for the client's address in logs.
    trusted_proxies: TrustedProxies, Fallback::Absent("none");
    /// Language of a post that names none.
    default_locale: Locale, Fallback::Text("en");
    /// Web origins whose scripts may call the API.
    cors_origins: AllowedOrigins, Fallback::Absent("none");
    /// Which events are logged.
    log: LogFilter, Fallback::Text("info");
    /// How a log line is written.
    log_format: Option<LogFormat>, Fallback::Absent("text on a terminal, else json");
    /// Longest time one request may take.
    request_timeout: Duration, Fallback::Text("30s");
    /// Requests that are worked on at once; more are answered with 503.
    max_concurrency: NonZeroUsize, Fallback::Text("256");
    /// Connections that are open at once; more wait to be accepted.
    max_connections: NonZeroUsize, Fallback::Text("1024");
    /// How long requests in flight may go on after a signal to stop.
    drain_timeout: Duration, Fallback::Text("25s");
    /// Whether answers carry what they cost in DynamoDB capacity units.
    cost_header: bool, Fallback::Text("false");
    /// Keys that sign access tokens: the first signs, all verify. Required in `aws` mode.
    signing_keys: Option<SigningSources>, Fallback::Absent("made in the data folder");
    /// Keys that seal list cursors: the first seals, both open. Required in `aws` mode.
    cursor_keys: Option<CursorSecrets>, Fallback::Absent("made in the data folder");
    /// Issuer (`iss`) of access tokens.
    issuer: Option<Claim>, Fallback::Absent("the public URL");
    /// Audience (`aud`) of access tokens.
    audience: Claim, Fallback::Text("tintero");
}

/// Reads the configuration of this process.
///
/// `file` is the one named on the command line; then `TINTERO_CONFIG` names one; then
/// `tintero.toml` is read where it exists. A variable wins over the file.
pub fn load(file: Option<&Path>) -> Result<Loaded, Failure> {
    let environment = Environment::of_process();
    let file = source::find(file, &environment)?;
    Loaded::from_sources(&environment, file.as_ref()).map_err(|problems| refusal(&problems))
}

fn refusal(problems: &[Problem]) -> Failure {
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| format!("  {problem}"))
        .collect();
    Failure::refused(format!(
        "the configuration is refused\n{}",
        lines.join("\n")
    ))
}
