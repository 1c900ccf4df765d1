//! The texts of mail in the languages of the dashboard.

use tintero_domain::{
    accounts::Mail,
    values::{Email, Locale},
};

/// A language with texts of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MailLanguage {
    English,
    Spanish,
}

impl MailLanguage {
    /// The language for a user. English, unless the user prefers a kind of Spanish.
    pub(super) fn of(preferred: Option<&Locale>) -> Self {
        let language = preferred.and_then(|locale| locale.as_str().split('-').next());
        match language {
            Some("es") => Self::Spanish,
            _ => Self::English,
        }
    }

    /// The language as a BCP 47 tag.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// Subject and text of a mail that contains a link.
    pub(super) fn write(self, mail: &Mail, site: &str, link: &str) -> (String, String) {
        let to = mail.to();
        match mail {
            Mail::PasswordReset { valid_for, .. } => {
                self.reset(to, site, (valid_for.as_secs() / 60, link))
            }
            Mail::Invitation { valid_for, .. } => {
                self.invitation(to, site, (valid_for.as_secs() / (24 * 60 * 60), link))
            }
        }
    }

    fn reset(self, to: &Email, site: &str, (minutes, link): (u64, &str)) -> (String, String) {
        match self {
            Self::English => (
                format!("Choose a new password for {site}"),
                format!(
                    "Somebody asked for a new password for your account {to} at {site}. If it was you, choose one here within \
                     {minutes} minutes:\n\n{link}\n\nIf it was not you, ignore this message. Your password stays as it is.\n"
                ),
            ),
            Self::Spanish => (
                format!("Elige una contraseña nueva para {site}"),
                format!(
                    "Alguien ha pedido una contraseña nueva para tu cuenta {to} en {site}. Si has sido tú, elígela aquí en los \
                     próximos {minutes} minutos:\n\n{link}\n\nSi no has sido tú, ignora este mensaje. Tu contraseña no cambia.\n"
                ),
            ),
        }
    }

    fn invitation(self, to: &Email, site: &str, (days, link): (u64, &str)) -> (String, String) {
        match self {
            Self::English => (
                format!("You are invited to {site}"),
                format!(
                    "You are invited to write at {site}. Choose a password here within {days} days:\n\n{link}\n\n\
                     Then sign in with it and your address {to}.\n\nIf you did not expect an invitation, ignore this message.\n"
                ),
            ),
            Self::Spanish => (
                format!("Tienes una invitación para {site}"),
                format!(
                    "Te invitan a escribir en {site}. Elige una contraseña aquí en los próximos {days} días:\n\n{link}\n\n\
                     Después entra con ella y con tu dirección {to}.\n\nSi no esperabas una invitación, ignora este mensaje.\n"
                ),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_is_spanish_for_users_who_prefer_spanish() {
        let of = |tag: &str| MailLanguage::of(Some(&tag.parse().unwrap()));
        assert_eq!(of("es"), MailLanguage::Spanish);
        assert_eq!(of("es-MX"), MailLanguage::Spanish);
        assert_eq!(of("est"), MailLanguage::English);
        assert_eq!(MailLanguage::of(None), MailLanguage::English);
    }
}
