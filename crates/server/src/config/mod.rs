//! The configuration. This is the only module that reads the environment and `tintero.toml`.
//!
//! Start at [`load`]. Each setting is declared once, below. The declaration defines its variable, its
//! key in the file, its row in the documentation and its line in `tintero config`.

mod argon2;
mod contact;
mod issuers;
mod keys;
mod layers;
mod lifetime;
mod mail;
mod mode;
mod names;
mod network;
mod roles;
mod s3;
mod setting;
mod show;
mod sign_in;
mod source;
mod value;

use std::{
    net::SocketAddr,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    time::Duration,
};

use lettre::message::Mailbox;
use tintero_domain::values::{Email, Locale, Password};

pub(crate) use self::issuers::is_private_url;
#[cfg(test)]
pub(crate) use self::value::SettingValue;
pub use self::{
    argon2::Argon2Cost,
    contact::{ContactUris, HttpsUrl},
    issuers::IssuerPolicies,
    keys::{CursorSecrets, SecretKeys, SigningSources, SymmetricKey},
    layers::{ConfigProblem, Loaded},
    lifetime::LongTime,
    mail::{MailTarget, TokenUrl},
    mode::{Database, LogFilter, LogFormat},
    names::{ClaimValue, TablePrefix},
    network::{AllowedOrigins, BaseUrl, TrustedProxies},
    roles::RoleList,
    s3::{BucketName, KeyPrefix, RegionName},
    setting::{Fallback, Setting},
    show::{documentation, effective},
    sign_in::ClientSecrets,
    source::{Environment, ValueSource},
    value::{ByteLimit, CacheBytes, PixelLimit, RequestQuota},
};
use self::{layers::Layers, setting::settings};
use crate::CommandError;

/// The prefix of all environment variables.
pub(crate) const PREFIX: &str = "TINTERO_";

/// The configuration file if none is given.
pub const DEFAULT_FILE: &str = "tintero.toml";

settings! {
    /// IP address and port to listen on; port 0 selects a free port.
    listen: SocketAddr, Fallback::Text("127.0.0.1:8080");
    /// Folder of the embedded database, the images unless they are in S3, the keys and the lock.
    data_dir: PathBuf, Fallback::Text("./data");
    /// Location of the database: in the data folder, in memory, or on AWS (or at the endpoint in `AWS_ENDPOINT_URL_DYNAMODB`).
    dynamodb: Database, Fallback::Text("embedded");
    /// Prefix of all table names.
    table_prefix: TablePrefix, Fallback::Text("tintero");
    /// Bucket of S3, or of a store with its protocol, that has the files of images. Required in `aws` mode.
    s3_bucket: Option<BucketName>, Fallback::Absent("the files are in the data folder");
    /// Prefix of the keys in the bucket.
    s3_prefix: Option<KeyPrefix>, Fallback::Absent("none");
    /// Region of the bucket.
    s3_region: Option<RegionName>, Fallback::Absent("that of the AWS configuration");
    /// URL of a store other than S3.
    s3_endpoint: Option<BaseUrl>, Fallback::Absent("that of the AWS configuration, such as `AWS_ENDPOINT_URL_S3`");
    /// Whether the name of the bucket is in the path of URLs instead of their host.
    s3_path_style: Option<bool>, Fallback::Absent("`true` if there is an endpoint");
    /// Base URL of the API for clients, used in links.
    public_url: Option<BaseUrl>, Fallback::Absent("`http://` and the bound address");
    /// E-mail address of the first administrator; used on the first start only.
    admin_email: Email, Fallback::Text("admin@localhost");
    /// Password of the first administrator; used on the first start only.
    admin_password: Option<Password>, Fallback::Absent("generated and printed once");
    /// Proxies whose `X-Forwarded-For` header is used for the client address, in logs and for slowing guesses down.
    trusted_proxies: TrustedProxies, Fallback::Absent("none");
    /// Language of posts created without one, until `PATCH /v1/site` changes it.
    default_locale: Locale, Fallback::Text("en");
    /// Web origins that may call the API (CORS).
    cors_origins: AllowedOrigins, Fallback::Absent("none");
    /// Log filter.
    log: LogFilter, Fallback::Text("info");
    /// Format of log lines.
    log_format: Option<LogFormat>, Fallback::Absent("text on a terminal, else json");
    /// Timeout of a request, from the arrival of its body.
    request_timeout: Duration, Fallback::Text("30s");
    /// Timeout for the head of a request, and for an idle connection.
    head_timeout: Duration, Fallback::Text("15s");
    /// Minimum rate in bytes per second at which clients must send bodies and receive responses.
    min_rate: NonZeroUsize, Fallback::Text("512");
    /// Time over which the minimum rate is measured.
    min_rate_window: Duration, Fallback::Text("30s");
    /// Maximum number of concurrent reads, and of concurrent writes; further ones get status 503.
    max_concurrency: NonZeroUsize, Fallback::Text("256");
    /// Maximum number of open connections; at the limit, the one whose client is waited for the longest is closed.
    max_connections: NonZeroUsize, Fallback::Text("2048");
    /// The same for the connections of one address that is not a trusted proxy.
    max_connections_per_address: NonZeroUsize, Fallback::Text("1024");
    /// Maximum number of requests from one IPv4 address, or from one /64 of IPv6; 0 sets no limit.
    rate_limit_address: RequestQuota, Fallback::Text("60000");
    /// Maximum number of requests of one user with any credentials; 0 sets no limit.
    rate_limit_user: RequestQuota, Fallback::Text("60000");
    /// Threads that render, compare and merge long texts.
    text_workers: Option<NonZeroUsize>, Fallback::Absent("the number of cores");
    /// Maximum size of an image upload, including the multipart form. On Lambda, forms have at most 4 MiB, and direct uploads this size.
    upload_max_bytes: ByteLimit, Fallback::Text("26214400");
    /// Maximum number of pixels of an image.
    image_max_pixels: PixelLimit, Fallback::Text("50000000");
    /// Time for open requests to finish after a signal to stop.
    drain_timeout: Duration, Fallback::Text("25s");
    /// Maximum memory for stored answers to anonymous reads; 0 stores none.
    cache_bytes: CacheBytes, Fallback::Text("16777216");
    /// Whether texts are compressed (br, gzip) for clients that accept it.
    compression: bool, Fallback::Text("true");
    /// IP address and port of `/metrics`, in the text format of Prometheus.
    metrics_listen: Option<SocketAddr>, Fallback::Absent("no metrics");
    /// Where to report vulnerabilities, shown at `/.well-known/security.txt` (RFC 9116).
    security_contact: Option<ContactUris>, Fallback::Absent("no `security.txt`");
    /// URL of the policy for reports of vulnerabilities, shown there too.
    security_policy: Option<HttpsUrl>, Fallback::Absent("none");
    /// Whether responses report their cost in DynamoDB capacity units.
    cost_header: bool, Fallback::Text("false");
    /// Keys that sign access tokens: the first signs, all verify. Required in `aws` mode.
    signing_keys: Option<SigningSources>, Fallback::Absent("generated in the data folder");
    /// Keys that sign list cursors: the first signs, both verify. Required in `aws` mode.
    cursor_keys: Option<CursorSecrets>, Fallback::Absent("generated in the data folder");
    /// Keys that encrypt the secrets of second factors: the first encrypts, all decrypt.
    secret_keys: Option<SecretKeys>, Fallback::Absent("generated in the data folder; in `aws` mode, no second factors");
    /// Roles that require a second factor. A user without one can only enrol it.
    second_factor_roles: RoleList, Fallback::Absent("none");
    /// Issuer (`iss`) of access tokens.
    issuer: Option<ClaimValue>, Fallback::Absent("the public URL");
    /// Audience (`aud`) of access tokens.
    audience: ClaimValue, Fallback::Text("tintero");
    /// Foreign issuers whose access tokens are accepted, each with a policy.
    foreign_issuers: Option<IssuerPolicies>, Fallback::Absent("none");
    /// Secrets of this server at the issuers that sign in browsers, by their `sign_in.id`.
    client_secrets: Option<ClientSecrets>, Fallback::Absent("none");
    /// Cost of hashing a password with argon2id. Other hashes are replaced when their users sign in.
    password_cost: Argon2Cost, Fallback::Text("m=19456,t=2");
    /// Time without a refresh after which a session ends.
    session_idle: LongTime, Fallback::Text("30d");
    /// Time after the sign-in at which a session ends.
    session_lifetime: LongTime, Fallback::Text("90d");
    /// Where mail goes: an SMTP server, such as that of SES, or the log, which then contains its secrets.
    mail: Option<MailTarget>, Fallback::Absent("no mail is sent");
    /// Sender of mail.
    mail_from: Mailbox, Fallback::Text("tintero@localhost");
    /// Page for setting a new password, for the link in the mail.
    reset_url: Option<TokenUrl>, Fallback::Absent("the page of the dashboard");
    /// Page for accepting an invitation, for the link in the mail.
    invitation_url: Option<TokenUrl>, Fallback::Absent("the page of the dashboard");
}

/// Whether Lambda started this process. Lambda sets the address of its Runtime API.
pub(crate) fn is_lambda_function() -> bool {
    std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_some()
}

/// Loads the configuration of this process.
///
/// Reads the file given on the command line, or the one in `TINTERO_CONFIG`, or `tintero.toml` if it
/// exists. Environment variables override the file.
pub fn load(file: Option<&Path>) -> Result<Loaded, CommandError> {
    let environment = Environment::of_process();
    let file = source::find(file, &environment)?;
    Loaded::from_sources(&environment, file.as_ref()).map_err(|problems| invalid(&problems))
}

fn invalid(problems: &[ConfigProblem]) -> CommandError {
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| format!("  {problem}"))
        .collect();
    CommandError::precondition(format!("invalid configuration\n{}", lines.join("\n")))
}
