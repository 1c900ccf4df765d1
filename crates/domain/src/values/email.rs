use serde::{Deserialize, Serialize};
use validator::ValidateEmail;

use super::{Code, ValueError, text::text_value};

/// An e-mail address, trimmed, in lower case. It identifies an account.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// Longest address, in characters
    /// ([RFC 5321](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.3)).
    pub const MAX: usize = 254;

    fn parse(raw: &str) -> Result<Self, ValueError> {
        let email = raw.trim().to_lowercase();
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
