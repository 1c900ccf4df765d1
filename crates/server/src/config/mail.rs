//! Settings of mail.

use std::fmt;

use http::Uri;
use lettre::message::Mailbox;
use zeroize::Zeroizing;

use super::value::SettingValue;

/// Where mail goes.
#[derive(Clone)]
pub enum MailTarget {
    /// Lines of the log, with the secrets of the mail. For development only.
    Log,
    /// An SMTP server, as a URL that can contain user name and password.
    Smtp(Zeroizing<String>),
}

impl SettingValue for MailTarget {
    const FORM: &'static str = "`log`, or a URL `smtps://user:password@host`";
    const SECRET: bool = true;

    fn holds_secret(text: &str) -> bool {
        text.contains('@')
    }

    fn parse(text: &str) -> Result<Self, String> {
        if text == "log" {
            return Ok(Self::Log);
        }
        let is_smtp = text.starts_with("smtp://") || text.starts_with("smtps://");
        if !is_smtp || text.parse::<Uri>().is_err() {
            // The value can contain a password, so the message does not.
            return Err("must be log, smtps://user:password@host, or smtp://user:password@host:587?tls=required".to_owned());
        }
        Ok(Self::Smtp(Zeroizing::new(text.to_owned())))
    }
}

impl fmt::Debug for MailTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Log => "Log",
            Self::Smtp(_) => "Smtp(…)",
        })
    }
}

impl SettingValue for Mailbox {
    const FORM: &'static str = "e-mail address, also with a name: `Blog <blog@example.org>`";

    fn parse(text: &str) -> Result<Self, String> {
        let invalid =
            |_| format!("must be an e-mail address such as blog@example.org, but is {text:?}");
        text.parse().map_err(invalid)
    }
}

/// A URL in which `{token}` is replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenUrl(String);

impl TokenUrl {
    const PLACE: &'static str = "{token}";

    /// Returns the URL of a page of the dashboard of the server at `url`.
    #[must_use]
    pub fn of_dashboard(url: &str, page: &str) -> Self {
        Self(format!("{url}/admin#/{page}?token={}", Self::PLACE))
    }

    /// Returns the URL with a token, which has only characters that are allowed in URLs.
    #[must_use]
    pub fn with(&self, token: &str) -> String {
        self.0.replace(Self::PLACE, token)
    }
}

impl SettingValue for TokenUrl {
    const FORM: &'static str = "URL with `{token}`";

    fn parse(text: &str) -> Result<Self, String> {
        let is_http = text.starts_with("https://") || text.starts_with("http://");
        let is_url = text.replace(Self::PLACE, "x").parse::<Uri>().is_ok() || text.contains('#');
        if is_http && is_url && text.contains(Self::PLACE) {
            return Ok(Self(text.to_owned()));
        }
        Err(format!(
            "must be a URL such as https://admin.example.org/reset#{}, but is {text:?}",
            Self::PLACE
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_is_the_log_or_an_smtp_server_and_no_message_shows_its_password() {
        assert!(matches!(MailTarget::parse("log"), Ok(MailTarget::Log)));
        for text in [
            "smtps://u:p@h",
            "smtp://u:p@h:587?tls=required",
            "smtp://localhost:25",
        ] {
            let target = MailTarget::parse(text).unwrap();
            assert_eq!(format!("{target:?}"), "Smtp(…)");
        }
        for text in ["", "syslog", "https://u:s3cret@h", "smtp://u:s3cret@h h"] {
            let error = MailTarget::parse(text).unwrap_err();
            assert!(!error.contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn the_token_is_part_of_the_url() {
        let url = TokenUrl::parse("https://a.example/reset#{token}").unwrap();
        assert_eq!(url.with("7.x"), "https://a.example/reset#7.x");
        for text in ["https://a.example/reset", "ftp://a/{token}", "{token}"] {
            assert!(TokenUrl::parse(text).is_err(), "{text}");
        }
    }
}
