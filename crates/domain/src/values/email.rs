use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use validator::ValidateEmail;

use super::{Code, ValueError, text::text_value};

/// An e-mail address, trimmed, in NFKC and lower case. It identifies an account.
///
/// Two spellings of an address that a person cannot tell apart, such as full-width letters, are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// Longest address, in characters
    /// ([RFC 5321](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.3)).
    pub const MAX: usize = 254;

    /// The part before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.0.split('@').next().unwrap_or_default()
    }

    fn parse(raw: &str) -> Result<Self, ValueError> {
        let folded: String = raw.trim().nfkc().flat_map(char::to_lowercase).collect();
        let email: String = folded.nfkc().collect();
        if email.len() > Self::MAX || !email.validate_email() {
            return Err(ValueError::new(
                Code::Format,
                "must be an e-mail address such as ana@example.org",
            ));
        }
        Ok(Self(email))
    }
}

text_value!(Email);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_are_equal() {
        let ana: Email = "ana@example.org".parse().unwrap();
        for raw in [" ANA@Example.org ", "ａｎａ@example.org", "Ana@EXAMPLE.ORG"] {
            assert_eq!(raw.parse(), Ok(ana.clone()), "{raw}");
        }
        assert!("ana@".parse::<Email>().is_err());
    }
}
