use std::str::FromStr;

use super::RecoveryCode;
use crate::values::{Code, ValueError};

/// A second factor as a user sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecondFactorCode {
    /// The current code of an authenticator.
    Authenticator(AuthenticatorCode),
    /// A recovery code.
    Recovery(RecoveryCode),
}

/// The six digits that an authenticator shows.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthenticatorCode(String);

impl AuthenticatorCode {
    /// Number of digits.
    pub const DIGITS: usize = 6;

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for AuthenticatorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AuthenticatorCode(…)")
    }
}

impl FromStr for AuthenticatorCode {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let digits = plain(text);
        if digits.len() == Self::DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self(digits));
        }
        Err(ValueError::new(Code::Format, "must be a code of 6 digits"))
    }
}

impl FromStr for SecondFactorCode {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        if let Ok(code) = text.parse() {
            return Ok(Self::Authenticator(code));
        }
        let code = RecoveryCode::parse(&plain(text)).map(Self::Recovery);
        let detail = "must be a code of 6 digits or a recovery code";
        code.ok_or_else(|| ValueError::new(Code::Format, detail))
    }
}

/// Removes the separators that people type or copy.
fn plain(text: &str) -> String {
    let separators = |c: char| c == '-' || c.is_whitespace();
    text.replace(separators, "").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_with_and_without_separators() {
        let code = RecoveryCode::new([7; 32]);
        let shown = code.expose();
        assert_eq!(shown.len(), 29);
        for text in [shown.clone(), shown.replace('-', " ").to_uppercase()] {
            assert_eq!(text.parse(), Ok(SecondFactorCode::Recovery(code.clone())));
        }
        for text in ["123456", "123 456", " 123-456 "] {
            let parsed: SecondFactorCode = text.parse().unwrap();
            assert_eq!(
                parsed,
                SecondFactorCode::Authenticator("123456".parse().unwrap())
            );
        }
        for text in [
            "",
            "12345",
            "1234567",
            "١٢٣٤٥٦",
            "abcd-efgh",
            &"1".repeat(24),
        ] {
            assert!(text.parse::<SecondFactorCode>().is_err(), "{text}");
        }
    }

    #[test]
    fn debug_output_shows_no_code() {
        let code: SecondFactorCode = "123456".parse().unwrap();
        assert!(!format!("{code:?}").contains("123456"));
        let code = RecoveryCode::new([7; 32]);
        assert!(!format!("{code:?}").contains(&code.expose()[..4]));
    }
}
