//! An authenticator app.

use serde_json::json;
use totp_rs::{Builder, Secret, Totp};

use super::Client;

/// The second factor of a user.
pub(crate) struct Authenticator {
    totp: Totp,
    /// The code that confirmed the enrolment.
    pub(crate) used_code: String,
    /// The codes for when the authenticator is lost.
    pub(crate) recovery_codes: Vec<String>,
}

impl Authenticator {
    /// Begins an enrolment.
    pub(crate) async fn begin(client: &Client, password: &str) -> Self {
        let enrol = client.post("/v1/me/second-factor");
        let enrol = enrol.json(&json!({ "current_password": password }));
        let factor = enrol.send().await.is(200).json();
        let secret = Secret::try_from_base32(factor["secret"].as_str().unwrap()).unwrap();
        Self {
            totp: Builder::new().with_secret(secret).build().unwrap(),
            used_code: String::new(),
            recovery_codes: Vec::new(),
        }
    }

    /// Enrols a second factor with the current code.
    pub(crate) async fn enrol(client: &Client, password: &str) -> Self {
        let begun = Self::begin(client, password).await;
        let confirm = client.post("/v1/me/second-factor/confirm");
        let code = begun.code();
        let confirm = confirm.json(&json!({ "code": code }));
        let codes = confirm.send().await.is(200).json();
        let codes = codes["recovery_codes"].as_array().unwrap().iter();
        let codes = codes.map(|code| code.as_str().unwrap().to_owned());
        Self {
            used_code: code,
            recovery_codes: codes.collect(),
            ..begun
        }
    }

    /// The current code.
    pub(crate) fn code(&self) -> String {
        self.totp.generate(now()).to_string()
    }

    /// The next code, as an authenticator shows it whose clock is ahead.
    pub(crate) fn next_code(&self) -> String {
        self.totp.generate(now() + 30).to_string()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the server uses the system clock too"
)]
fn now() -> u64 {
    u64::try_from(jiff::Timestamp::now().as_second()).unwrap()
}
