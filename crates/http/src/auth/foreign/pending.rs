//! A sign-in that waits for the answer of the issuer: the content of an encrypted cookie.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tintero_domain::{
    Result,
    accounts::SecretSealer,
    values::{Timestamp, UserId},
};
use uuid::Uuid;

/// Time in which the issuer must answer.
pub(crate) const PENDING_LIFETIME: Duration = Duration::from_mins(10);

/// Expected values of the answer. The browser keeps them, so that nothing is stored before a sign-in.
#[derive(Serialize, Deserialize)]
pub(super) struct PendingLoginState {
    /// The id of the client, which is that of the issuer.
    pub(super) client: String,
    pub(super) state: String,
    pub(super) nonce: String,
    /// The secret behind the code challenge ([RFC 7636](https://www.rfc-editor.org/rfc/rfc7636)).
    pub(super) verifier: String,
    #[serde(flatten)]
    pub(super) occasion: LoginOccasion,
    /// Seconds since the Unix epoch.
    expires_at: i64,
}

/// Why and where a browser signs in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LoginOccasion {
    /// The page to continue with.
    pub(crate) return_to: String,
    /// Whether the person must sign in at the issuer again, although the issuer remembers an earlier sign-in.
    pub(crate) is_fresh: bool,
    /// The session cookie that the new one replaces.
    pub(crate) replaces: Option<String>,
}

/// Secrets of users are bound to their ids; no user has this one.
fn nobody() -> UserId {
    UserId::new(Uuid::nil())
}

impl PendingLoginState {
    pub(super) fn new(
        client: &str,
        secrets: [String; 3],
        occasion: LoginOccasion,
        now: Timestamp,
    ) -> Self {
        let [state, nonce, verifier] = secrets;
        Self {
            client: client.to_owned(),
            state,
            nonce,
            verifier,
            occasion,
            expires_at: now.after(PENDING_LIFETIME).as_seconds(),
        }
    }

    pub(super) fn seal(&self, sealer: &dyn SecretSealer) -> Result<String> {
        let json = serde_json::to_vec(self).expect("texts and numbers are JSON");
        sealer.seal(nobody(), &json)
    }

    /// Returns the content of a cookie, unless it is not one of this server or has expired.
    pub(super) fn open(cookie: &str, sealer: &dyn SecretSealer, now: Timestamp) -> Option<Self> {
        let json = sealer.open(nobody(), cookie).ok()?;
        let pending: Self = serde_json::from_slice(&json).ok()?;
        (now.as_seconds() < pending.expires_at).then_some(pending)
    }
}
