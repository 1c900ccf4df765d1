//! The caller's second factor.

use axum::extract::State;
use serde::Serialize;
use tintero_domain::{
    access::Caller,
    accounts::{Accounts, AuthenticatorCode, FactorStatus, NewFactor, RecoveryCode},
    values::Password,
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    body::{Body, Built, FieldReader, RequestObject, build, described},
    extract::{NoQuery, SecretWrite},
    problem::Problem,
    respond::{NoContent, Private, Secret, View},
    routes::posts::EmptyBody,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(
            get_second_factor,
            enrol_second_factor,
            remove_second_factor
        ))
        .routes(routes!(confirm_second_factor))
        .routes(routes!(renew_recovery_codes))
}

/// The second factor of the caller.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SecondFactor {
    /// Whether a second factor is enrolled.
    enrolled: bool,
    /// Time of the enrolment.
    #[schema(required, format = DateTime)]
    enrolled_at: Option<String>,
    /// Number of unused recovery codes.
    #[schema(minimum = 0, maximum = 10)]
    recovery_codes_left: usize,
    /// Whether the role requires a second factor.
    required: bool,
}

impl From<FactorStatus> for SecondFactor {
    fn from(status: FactorStatus) -> Self {
        Self {
            enrolled: status.since.is_some(),
            enrolled_at: status.since.map(|since| since.to_string()),
            recovery_codes_left: status.recovery_codes,
            required: status.is_required,
        }
    }
}

impl View for SecondFactor {
    fn example() -> Self {
        Self {
            enrolled: true,
            enrolled_at: Some("2026-11-22T10:00:00.000Z".to_owned()),
            recovery_codes_left: 10,
            required: false,
        }
    }
}

/// A second factor that a first code must confirm.
#[derive(Serialize, ToSchema)]
pub(crate) struct PendingSecondFactor {
    /// The secret in base32, for typing it into an authenticator.
    secret: String,
    /// The same as a URI, for a QR code.
    uri: String,
    /// Time until which a code must confirm the factor.
    #[schema(format = DateTime)]
    expires_at: String,
}

impl From<NewFactor> for PendingSecondFactor {
    fn from(factor: NewFactor) -> Self {
        Self {
            secret: factor.secret,
            uri: factor.uri,
            expires_at: factor.expires_at.to_string(),
        }
    }
}

impl View for PendingSecondFactor {
    fn example() -> Self {
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        Self {
            secret: secret.to_owned(),
            uri: format!("otpauth://totp/Tintero:ana%40example.org?secret={secret}&issuer=Tintero"),
            expires_at: "2026-11-22T10:15:00.000Z".to_owned(),
        }
    }
}

/// Recovery codes, which are not shown again.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    /// The codes. Each completes one sign-in in place of a code of the authenticator.
    recovery_codes: Vec<String>,
}

impl From<Vec<RecoveryCode>> for RecoveryCodes {
    fn from(codes: Vec<RecoveryCode>) -> Self {
        Self {
            recovery_codes: codes.iter().map(RecoveryCode::expose).collect(),
        }
    }
}

impl View for RecoveryCodes {
    fn example() -> Self {
        Self {
            recovery_codes: vec!["abcd-efgh-ijkl-mnop-qrst-uvwx".to_owned()],
        }
    }
}

/// A request for a second factor.
pub(crate) struct EnrolSecondFactor {
    password: Password,
}

impl RequestObject for EnrolSecondFactor {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let password = fields.required("current_password", "The current password.");
        build(move || {
            Some(Self {
                password: password?,
            })
        })
    }
}

impl Body for EnrolSecondFactor {}

described!(EnrolSecondFactor);

/// The first code of a second factor.
pub(crate) struct FirstCode {
    code: AuthenticatorCode,
}

impl RequestObject for FirstCode {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let code = fields.required("code", "The code that the authenticator shows.");
        build(move || Some(Self { code: code? }))
    }
}

impl Body for FirstCode {}

described!(FirstCode);

/// Returns the caller's second factor.
///
/// Does not accept API keys.
#[utoipa::path(get, path = "/v1/me/second-factor", tag = "accounts", security(("bearer" = [])))]
async fn get_second_factor(
    State(accounts): State<Accounts>,
    caller: Caller,
    _: NoQuery,
) -> Result<Private<SecondFactor>, Problem> {
    Ok(Private(accounts.second_factor(&caller).await?.into()))
}

/// Begins the enrolment of a second factor.
///
/// Returns the secret for an authenticator (TOTP, RFC 6238: SHA-1, 6 digits, 30 seconds). Within 15 minutes, a first code
/// must confirm it. Does not accept API keys.
#[utoipa::path(post, path = "/v1/me/second-factor", tag = "accounts", security(("bearer" = [])),
    request_body(content = EnrolSecondFactor, example = json!({"current_password": "correct horse battery"})))]
async fn enrol_second_factor(
    State(accounts): State<Accounts>,
    SecretWrite { caller, body }: SecretWrite<EnrolSecondFactor>,
) -> Result<Secret<PendingSecondFactor>, Problem> {
    let factor = accounts.begin_enrolment(&caller, &body.password).await?;
    Ok(Secret(factor.into()))
}

/// Confirms a second factor with a first code.
///
/// Returns ten recovery codes, which are shown once. From then on, a sign-in needs a code. Does not accept API keys.
#[utoipa::path(post, path = "/v1/me/second-factor/confirm", tag = "accounts", security(("bearer" = [])),
    request_body(content = FirstCode, example = json!({"code": "492039"})))]
async fn confirm_second_factor(
    State(accounts): State<Accounts>,
    SecretWrite { caller, body }: SecretWrite<FirstCode>,
) -> Result<Secret<RecoveryCodes>, Problem> {
    let codes = accounts.confirm_enrolment(&caller, &body.code).await?;
    Ok(Secret(codes.into()))
}

/// Removes the caller's second factor.
///
/// Needs a sign-in with a code in the last 15 minutes. Does not accept API keys.
#[utoipa::path(delete, path = "/v1/me/second-factor", tag = "accounts", security(("bearer" = [])))]
async fn remove_second_factor(
    State(accounts): State<Accounts>,
    caller: Caller,
    _: NoQuery,
) -> Result<NoContent, Problem> {
    accounts.remove_own_factor(&caller).await?;
    Ok(NoContent)
}

/// Replaces the caller's recovery codes.
///
/// The earlier codes become invalid. Needs a sign-in with a code in the last 15 minutes. Does not accept API keys.
#[utoipa::path(post, path = "/v1/me/second-factor/recovery-codes", tag = "accounts", security(("bearer" = [])))]
async fn renew_recovery_codes(
    State(accounts): State<Accounts>,
    SecretWrite {
        caller,
        body: EmptyBody,
    }: SecretWrite<EmptyBody>,
) -> Result<Secret<RecoveryCodes>, Problem> {
    let codes = accounts.renew_recovery_codes(&caller).await?;
    Ok(Secret(codes.into()))
}
