//! Sign-in through foreign issuers.

use std::sync::Arc;

use axum::{Extension, extract::State};
use http::{HeaderMap, Uri};
use serde::Serialize;
use tintero_domain::{
    Error,
    accounts::{Accounts, CookieSession, SignInStep},
    error::IdentityRefusal,
    values::{Code, ValueError},
};
use utoipa::{ToSchema, openapi::ObjectBuilder};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{super::posts::Flag, end_replaced};
use crate::{
    app::{App, HttpConfig},
    auth::{
        AuthorizationAnswer, EndedLogin, IssuerLoginFault, IssuerSignIn, LoginOccasion, urlencoded,
    },
    body::{Built, Text, build},
    extract::{
        NoQuery, Parameters, Params, Path, Query, RequestFacts, documented_params, form_pairs,
    },
    login_cookie,
    problem::Problem,
    respond::{Fixed, SeeOther, View},
    session_cookie,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_issuers))
        .routes(routes!(begin_issuer_session))
        .routes(routes!(open_issuer_session))
}

/// The issuers that sign in users of the dashboard.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignInIssuers {
    /// The issuers, in the order of the configuration. Empty if users sign in with passwords only.
    items: Vec<SignInIssuer>,
}

/// An issuer that signs in users.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignInIssuer {
    /// Name of the issuer in paths.
    id: String,
    /// Name of the issuer for people.
    name: String,
    /// The address that a browser opens to sign in. Append `?return_to=` and the page to continue with.
    #[schema(format = "uri")]
    start: String,
}

impl View for SignInIssuers {
    fn example() -> Self {
        Self {
            items: vec![SignInIssuer {
                id: "staff".to_owned(),
                name: "Example staff".to_owned(),
                start: "https://api.example.org/v1/auth/issuers/staff/login".to_owned(),
            }],
        }
    }
}

/// The id of an issuer in a path.
pub(crate) struct IssuerId(String);

impl Text for IssuerId {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        let is_name =
            |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
        if raw.is_empty() || raw.len() > 32 || !raw.bytes().all(is_name) {
            return Err(ValueError::new(
                Code::Format,
                "is not the name of an issuer",
            ));
        }
        Ok(Self(raw.to_owned()))
    }

    fn schema() -> ObjectBuilder {
        ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .pattern(Some("^[a-z0-9-]{1,32}$"))
    }
}

/// A page of the dashboard: the part of its address after `#`. It cannot leave the dashboard.
pub(crate) struct ReturnPath(String);

impl Default for ReturnPath {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl Text for ReturnPath {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        let is_plain = |letter: u8| letter.is_ascii_graphic() && !matches!(letter, b'\\' | b'#');
        if !raw.starts_with('/')
            || raw.starts_with("//")
            || raw.len() > 512
            || !raw.bytes().all(is_plain)
        {
            return Err(ValueError::new(
                Code::Format,
                "must be a path of the dashboard, such as /posts",
            ));
        }
        Ok(Self(raw.to_owned()))
    }

    fn schema() -> ObjectBuilder {
        ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .max_length(Some(512))
            .pattern(Some(r#"^/([!"$-.0-\[\]-~][!"$-\[\]-~]*)?$"#))
    }
}

/// The query string of `begin_issuer_session`.
pub(super) struct BeginParams {
    return_to: Option<ReturnPath>,
    is_fresh: bool,
}

impl Parameters for BeginParams {
    fn read(params: &mut Params) -> Built<Self> {
        let about =
            "The page of the dashboard to continue with: the part of its address after `#`.";
        let return_to = params.optional("return_to", about);
        let about = "Whether the person must sign in at the issuer again, although it remembers an earlier sign-in. Changes of \
                     access need a recent one.";
        let is_fresh = params.optional("fresh", about) == Some(Flag(true));
        build(move || {
            Some(Self {
                return_to,
                is_fresh,
            })
        })
    }
}

documented_params!(BeginParams);

/// Lists the issuers that sign in users.
///
/// These are the foreign issuers that the configuration names for the dashboard.
#[utoipa::path(get, path = "/v1/auth/issuers", tag = "accounts")]
async fn list_issuers(
    State(sign_in): State<IssuerSignIn>,
    State(config): State<Arc<HttpConfig>>,
    _: NoQuery,
) -> Result<Fixed<SignInIssuers>, Problem> {
    let items = sign_in.clients().map(|client| SignInIssuer {
        id: client.id.clone(),
        name: client.name.clone(),
        start: address(&config, &client.id, "login"),
    });
    Ok(Fixed(SignInIssuers {
        items: items.collect(),
    }))
}

/// Begins a sign-in through an issuer.
///
/// For browsers: redirects to the issuer, and sets a cookie for ten minutes that the callback needs. If the issuer is unknown
/// or cannot be reached, redirects to the dashboard with a reason.
#[utoipa::path(get, path = "/v1/auth/issuers/{id}/login", tag = "accounts",
    params(("id" = String, Path, description = "The id of the issuer."), BeginParams))]
async fn begin_issuer_session(
    State(sign_in): State<IssuerSignIn>,
    State(config): State<Arc<HttpConfig>>,
    Path(IssuerId(id)): Path<IssuerId>,
    Query(BeginParams {
        return_to,
        is_fresh,
    }): Query<BeginParams>,
    headers: HeaderMap,
) -> Result<SeeOther, Problem> {
    let occasion = LoginOccasion {
        return_to: return_to.unwrap_or_default().0,
        is_fresh,
        // The browser does not send it with the answer of the issuer, which comes from another site.
        replaces: session_cookie::find(&headers, &config).map(str::to_owned),
    };
    let callback = address(&config, &id, "callback");
    Ok(
        match sign_in.begin(&id, &callback, occasion.clone()).await {
            Ok(begun) => {
                SeeOther::to(begun.location).with(login_cookie::set(&begun.cookie, &config))
            }
            Err(fault) => SeeOther::to(problem_page(&config, code_of(fault), Some(&occasion))),
        },
    )
}

/// Completes a sign-in through an issuer.
///
/// The issuer sends the browser here. Sets a session cookie and redirects to the dashboard; with a reason if the sign-in
/// failed, and with the token for a code if the user has a second factor. Parameters that are not listed are ignored.
#[utoipa::path(get, path = "/v1/auth/issuers/{id}/callback", tag = "accounts",
    params(
        ("id" = String, Path, description = "The id of the issuer."),
        ("code" = Option<String>, Query, description = "The code of the issuer."),
        ("state" = Option<String>, Query, description = "The state of the sign-in."),
        ("iss" = Option<String>, Query, description = "The issuer, if it names itself."),
        ("error" = Option<String>, Query, description = "Why the issuer did not sign in the user."),
    ))]
async fn open_issuer_session(
    State(sign_in): State<IssuerSignIn>,
    State(accounts): State<Accounts>,
    State(config): State<Arc<HttpConfig>>,
    Path(IssuerId(id)): Path<IssuerId>,
    Extension(facts): Extension<RequestFacts>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<SeeOther, Problem> {
    let callback = address(&config, &id, "callback");
    let answer = answer_in(uri.query().unwrap_or_default());
    let cookie = login_cookie::find(&headers, &config);
    let EndedLogin { person, occasion } = sign_in.complete(&id, &callback, cookie, &answer).await;
    let request = facts.context();
    let step = match person {
        Ok(person) => accounts.sign_in_with_issuer(&request, &person).await,
        Err(fault) => return Ok(failed(&config, code_of(fault), occasion.as_ref())),
    };
    let occasion = occasion.unwrap_or_default();
    match step {
        Ok(step) => {
            if let SignInStep::Done(_) = step {
                end_replaced(&accounts, &request, occasion.replaces.as_deref()).await;
            }
            Ok(opened(&config, &step, &occasion.return_to))
        }
        Err(error) => Ok(failed(&config, code_of_error(&error), Some(&occasion))),
    }
}

/// Sets the session cookie, or passes on the token for a code.
fn opened(config: &HttpConfig, step: &SignInStep<CookieSession>, return_to: &str) -> SeeOther {
    let return_to = ("return_to", return_to);
    let answer = match step {
        SignInStep::Done(session) => {
            let value = session.token.expose();
            SeeOther::to(dashboard(config, &[("signed_in", "1"), return_to]))
                .with(session_cookie::set(&value, session.longest, config))
        }
        SignInStep::CodeRequired(pending) => {
            let challenge = pending.token.expose();
            SeeOther::to(dashboard(config, &[("challenge", &challenge), return_to]))
        }
    };
    answer.with(login_cookie::delete(config))
}

fn code_of_error(error: &Error) -> &'static str {
    match error {
        Error::NotAdmitted(IdentityRefusal::NoRole) => "no_role",
        Error::NotAdmitted(IdentityRefusal::Unknown) => "not_admitted",
        Error::Unauthenticated(_) => "disabled",
        error => {
            tracing::error!(%error, "cannot begin the session of a sign-in through an issuer");
            "failed"
        }
    }
}

/// Ends the sign-in: the answer of the issuer cannot be used again.
fn failed(config: &HttpConfig, problem: &str, occasion: Option<&LoginOccasion>) -> SeeOther {
    SeeOther::to(problem_page(config, problem, occasion)).with(login_cookie::delete(config))
}

/// The page for signing in, with the reason of a failure and the page to continue with after another attempt.
fn problem_page(config: &HttpConfig, problem: &str, occasion: Option<&LoginOccasion>) -> String {
    let mut pairs = vec![("problem", problem)];
    if let Some(occasion) = occasion {
        pairs.push(("return_to", &occasion.return_to));
    }
    dashboard(config, &pairs)
}

/// The reasons as the dashboard knows them.
fn code_of(fault: IssuerLoginFault) -> &'static str {
    match fault {
        IssuerLoginFault::Expired => "expired",
        IssuerLoginFault::Cancelled => "cancelled",
        IssuerLoginFault::Refused => "refused",
        IssuerLoginFault::Unreachable => "unreachable",
        IssuerLoginFault::NoRole => "no_role",
    }
}

fn address(config: &HttpConfig, id: &str, last: &str) -> String {
    format!("{}/v1/auth/issuers/{id}/{last}", config.public_url)
}

/// The page for signing in. What follows `#` stays in the browser.
fn dashboard(config: &HttpConfig, pairs: &[(&str, &str)]) -> String {
    format!("{}/admin#/login?{}", config.public_url, urlencoded(pairs))
}

/// Reads the first value of each known parameter. Issuers add others.
fn answer_in(query: &str) -> AuthorizationAnswer {
    let mut answer = AuthorizationAnswer::default();
    for (name, value) in form_pairs(query) {
        let member = match name.as_str() {
            "code" => &mut answer.code,
            "state" => &mut answer.state,
            "iss" => &mut answer.iss,
            "error" => &mut answer.error,
            _ => continue,
        };
        member.get_or_insert_with(|| value);
    }
    answer
}
