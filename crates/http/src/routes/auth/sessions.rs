use axum::extract::State;
use serde::Serialize;
use tintero_domain::{
    access::{Caller, Grant},
    accounts::{Accounts, Session},
    values::{Code, ValueError},
};
use utoipa::{
    ToSchema,
    openapi::{KnownFormat, ObjectBuilder, SchemaFormat, Type},
};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    app::App,
    body::Text,
    extract::{NoQuery, Path},
    problem::Problem,
    respond::{NoContent, Private, View},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_sessions, end_sessions))
        .routes(routes!(end_session))
}

/// The sessions of the caller.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionList {
    /// The sessions that have not ended, the newest first, at most 100.
    items: Vec<SessionView>,
}

/// A session: a sign-in on one device.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionView {
    /// The id of the session.
    id: Uuid,
    /// Whether the request was made in this session.
    current: bool,
    /// Time of the sign-in.
    #[schema(format = DateTime)]
    created_at: String,
    /// Time of the sign-in or the last refresh.
    #[schema(format = DateTime)]
    used_at: String,
    /// Time at which the session ends if it is not refreshed before.
    #[schema(format = DateTime)]
    expires_at: String,
    /// Time at which the session ends at the latest.
    #[schema(format = DateTime)]
    ends_at: String,
    /// The address of the client at the last use, if known.
    #[schema(required)]
    address: Option<String>,
    /// What the client said about itself at the last use, in `User-Agent`.
    #[schema(required)]
    agent: Option<String>,
}

impl SessionView {
    fn of(session: Session, caller: &Caller) -> Self {
        Self {
            id: session.family,
            current: caller.grant == Grant::Session(Some(session.family)),
            created_at: session.created_at.to_string(),
            used_at: session.used_at.to_string(),
            expires_at: session.expires_at.to_string(),
            ends_at: session.ends_at.to_string(),
            address: session.address.map(|address| address.to_string()),
            agent: session.agent,
        }
    }
}

impl View for SessionList {
    fn example() -> Self {
        let at = |time: &str| format!("2026-11-{time}.000Z");
        Self {
            items: vec![SessionView {
                id: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad4),
                current: true,
                created_at: at("22T10:00:00"),
                used_at: at("23T09:30:00"),
                expires_at: "2026-12-23T09:30:00.000Z".to_owned(),
                ends_at: "2027-02-20T10:00:00.000Z".to_owned(),
                address: Some("203.0.113.9".to_owned()),
                agent: Some("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0".to_owned()),
            }],
        }
    }
}

/// The id of a session in a path.
pub(crate) struct SessionId(Uuid);

impl Text for SessionId {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        let invalid = |_| ValueError::new(Code::Format, "must be a UUID");
        Uuid::try_parse(raw).map(Self).map_err(invalid)
    }

    fn schema() -> ObjectBuilder {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
    }
}

/// Lists the caller's sessions.
///
/// Does not accept API keys.
#[utoipa::path(get, path = "/v1/me/sessions", tag = "accounts", security(("bearer" = [])))]
async fn list_sessions(
    State(accounts): State<Accounts>,
    caller: Caller,
    _: NoQuery,
) -> Result<Private<SessionList>, Problem> {
    let sessions = accounts.sessions(&caller).await?.into_iter();
    let items = sessions.map(|session| SessionView::of(session, &caller));
    Ok(Private(SessionList {
        items: items.collect(),
    }))
}

/// Ends all of the caller's sessions.
///
/// Their access tokens are rejected by this server at once and by the others within five seconds. Does not
/// accept API keys.
#[utoipa::path(delete, path = "/v1/me/sessions", tag = "accounts", security(("bearer" = [])))]
async fn end_sessions(
    State(accounts): State<Accounts>,
    caller: Caller,
    _: NoQuery,
) -> Result<NoContent, Problem> {
    accounts.end_all_sessions(&caller).await?;
    Ok(NoContent)
}

/// Ends one of the caller's sessions.
///
/// Its access tokens are rejected by this server at once and by the others within five seconds. Does not
/// accept API keys.
#[utoipa::path(delete, path = "/v1/me/sessions/{id}", tag = "accounts", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The id of the session.")))]
async fn end_session(
    State(accounts): State<Accounts>,
    caller: Caller,
    Path(SessionId(id)): Path<SessionId>,
    _: NoQuery,
) -> Result<NoContent, Problem> {
    accounts.end_session(&caller, id).await?;
    Ok(NoContent)
}
