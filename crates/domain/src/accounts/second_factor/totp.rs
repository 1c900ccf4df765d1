use totp_rs::{Builder, Secret};

use super::AuthenticatorCode;
use crate::values::{Email, Timestamp};

/// The secret of an authenticator ([RFC 6238](https://www.rfc-editor.org/rfc/rfc6238)): SHA-1, six digits, steps
/// of 30 seconds, which all authenticators support. Codes of the step before and after are accepted.
#[derive(Debug, Clone)]
pub struct TotpSecret(Secret);

impl TotpSecret {
    /// Number of bytes: that of an SHA-1.
    const BYTES: usize = 20;

    /// Creates a secret from random bytes.
    #[must_use]
    pub fn new(random: [u8; 32]) -> Self {
        Self(Secret::from(&random[random.len() - Self::BYTES..]))
    }

    /// A stored secret. `None` if it has another length.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        (bytes.len() == Self::BYTES).then(|| Self(Secret::from(bytes)))
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Returns the number of the step whose code this is.
    #[must_use]
    pub fn step_of(&self, code: &AuthenticatorCode, now: Timestamp) -> Option<u64> {
        let seconds = u64::try_from(now.as_seconds()).ok()?;
        let totp = Builder::new().with_secret(self.0.clone());
        totp.build_noncompliant().check(code.as_str(), seconds)
    }

    /// The secret in base32, for typing it into an authenticator.
    #[must_use]
    pub fn base32(&self) -> String {
        self.0.to_base32()
    }

    /// The URI that authenticators read from a QR code.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "does not panic")]
    pub fn uri(&self, label: &str, account: &Email) -> String {
        // The separator of both parts.
        let part = |text: &str| text.replace(':', " ");
        Builder::new()
            .with_secret(self.0.clone())
            .with_issuer(Some(part(label)))
            .with_account_name(part(account.as_str()))
            .build_noncompliant()
            .to_url()
            .expect("the account is not empty, and no part has a colon")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of the test vectors in RFC 6238.
    fn secret() -> TotpSecret {
        TotpSecret::from_bytes(b"12345678901234567890").unwrap()
    }

    fn step_of(code: &str, seconds: i64) -> Option<u64> {
        secret().step_of(
            &code.parse().unwrap(),
            Timestamp::from_millis(seconds * 1000),
        )
    }

    #[test]
    fn the_test_vectors_of_the_standard_match() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            let step = u64::try_from(seconds / 30).unwrap();
            assert_eq!(step_of(code, seconds), Some(step), "{seconds}");
        }
    }

    #[test]
    fn codes_of_the_neighbouring_steps_match_and_others_do_not() {
        for (seconds, matches) in [(29, true), (59, true), (89, true), (90, false)] {
            assert_eq!(step_of("287082", seconds).is_some(), matches, "{seconds}");
        }
        assert_eq!(step_of("287083", 59), None);
    }

    #[test]
    fn the_uri_names_the_account_and_the_secret() {
        let uri = secret().uri("blog.example:8080", &"ana@example.org".parse().unwrap());
        assert_eq!(
            uri,
            "otpauth://totp/blog.example%208080:ana%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=blog.example%208080"
        );
        assert!(!format!("{:?}", secret()).contains("123"));
    }
}
