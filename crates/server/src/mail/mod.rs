//! Sends mail, in the background.

mod texts;

use std::sync::Arc;

use anyhow::Context;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
};
use rand::RngExt as _;
use tintero_domain::accounts::{Mail, Mailer};
use tokio::sync::mpsc;

use self::texts::MailLanguage;
use crate::{
    CommandError,
    config::{Config, MailTarget, TokenUrl},
};

/// Mail that waits to be sent. More is dropped.
const QUEUE: usize = 256;

/// Creates the mailer of the configuration for the server at `url`. Needs a runtime.
pub(crate) fn mailer(config: &Config, url: &str) -> Result<Arc<dyn Mailer>, CommandError> {
    let writer = MailWriter::new(config, url);
    let transport = match &config.mail {
        None => return Ok(Arc::new(NoMail)),
        Some(MailTarget::Log) => return Ok(Arc::new(LoggedMail(writer))),
        Some(MailTarget::Smtp(url)) => AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            // The error does not quote the URL.
            .context("TINTERO_MAIL is not the URL of an SMTP server")?
            .build(),
    };
    let (queue, waiting) = mpsc::channel(QUEUE);
    tokio::spawn(deliver(waiting, transport, config.mail_from.clone()));
    Ok(Arc::new(QueuedMail { writer, queue }))
}

/// A text for an address.
struct Letter {
    to: String,
    language: &'static str,
    subject: String,
    text: String,
}

/// Writes the texts of mail.
struct MailWriter {
    /// The host of the site, for people who use several.
    site: String,
    reset_url: TokenUrl,
    invitation_url: TokenUrl,
}

impl MailWriter {
    fn new(config: &Config, url: &str) -> Self {
        let page = |own: &Option<TokenUrl>, page| {
            let own = own.clone();
            own.unwrap_or_else(|| TokenUrl::of_dashboard(url, page))
        };
        let site = url.split_once("://").map_or(url, |(_, rest)| rest);
        Self {
            site: site.trim_end_matches('/').to_owned(),
            reset_url: page(&config.reset_url, "reset"),
            invitation_url: page(&config.invitation_url, "welcome"),
        }
    }

    fn write(&self, mail: &Mail) -> Letter {
        let language = MailLanguage::of(mail.language());
        let url = match mail {
            Mail::PasswordReset { .. } => &self.reset_url,
            Mail::Invitation { .. } => &self.invitation_url,
        };
        let (subject, text) = language.write(mail, &self.site, &url.with(&mail.secret()));
        Letter {
            to: mail.to().to_string(),
            language: language.tag(),
            subject,
            text,
        }
    }
}

/// Without a configured target, nothing is sent.
pub(crate) struct NoMail;

impl Mailer for NoMail {
    fn send(&self, mail: Mail) {
        // The answer to an invitation contains its token, too.
        if let Mail::PasswordReset { .. } = mail {
            tracing::warn!("mail was not sent, because TINTERO_MAIL is not set");
        }
    }
}

/// Mail as lines of the log.
struct LoggedMail(MailWriter);

impl Mailer for LoggedMail {
    fn send(&self, mail: Mail) {
        let Letter {
            to, subject, text, ..
        } = self.0.write(&mail);
        tracing::info!(target: "mail", to, subject, text, "TINTERO_MAIL=log; nothing is sent");
    }
}

/// Mail for an SMTP server.
struct QueuedMail {
    writer: MailWriter,
    queue: mpsc::Sender<Letter>,
}

impl Mailer for QueuedMail {
    fn send(&self, mail: Mail) {
        if self.queue.try_send(self.writer.write(&mail)).is_err() {
            tracing::warn!("mail was dropped, because too much waits to be sent");
        }
    }
}

/// Sends mail until the process ends. A failure is logged without the address and the text.
async fn deliver(
    mut waiting: mpsc::Receiver<Letter>,
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
) {
    while let Some(letter) = waiting.recv().await {
        let message = match message(letter, from.clone()) {
            Ok(message) => message,
            Err(error) => {
                tracing::error!(%error, "mail cannot be written");
                continue;
            }
        };
        match transport.send(message).await {
            Ok(_) => tracing::debug!("mail sent"),
            Err(error) => tracing::error!(%error, "mail was not sent"),
        }
    }
}

/// Builds the message. The library adds the date.
fn message(letter: Letter, from: Mailbox) -> anyhow::Result<Message> {
    let Letter {
        to,
        language,
        subject,
        text,
    } = letter;
    // Receivers compare the domain of the id with that of the sender.
    let id = format!(
        "<{:032x}@{}>",
        rand::rng().random::<u128>(),
        from.email.domain()
    );
    let message = Message::builder()
        .from(from)
        .to(Mailbox::new(None, to.parse()?))
        .subject(subject)
        .message_id(Some(id))
        // No automatic answers, such as those of people on holiday (RFC 3834).
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("Content-Language", language))
        .header(ContentType::TEXT_PLAIN)
        .body(text)?;
    Ok(message)
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str(name);
    HeaderValue::new(name, value.to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tintero_domain::{
        accounts::{InvitationToken, ResetToken},
        values::UserId,
    };
    use uuid::Uuid;

    use super::*;

    fn reset() -> (String, Mail) {
        let token = ResetToken::new(Uuid::from_u128(7), [9; 32]);
        let mail = Mail::PasswordReset {
            to: "ana@example.org".parse().unwrap(),
            language: None,
            token: token.clone(),
            valid_for: Duration::from_mins(30),
        };
        (token.expose(), mail)
    }

    fn invitation() -> (String, Mail) {
        let token = InvitationToken::new(UserId::new(Uuid::from_u128(7)), [9; 32]);
        let mail = Mail::Invitation {
            to: "ana@example.org".parse().unwrap(),
            language: None,
            token: token.clone(),
            valid_for: Duration::from_hours(7 * 24),
        };
        (token.expose(), mail)
    }

    #[test]
    fn a_letter_contains_a_link_and_its_lifetime() {
        let own = [
            ("TINTERO_RESET_URL", "https://a.example/reset#{token}"),
            ("TINTERO_INVITATION_URL", "https://a.example/join#{token}"),
        ];
        for ((token, mail), page, address, lifetime) in [
            (reset(), "reset", "reset#", "30 minutes"),
            (invitation(), "welcome", "join#", "7 days"),
        ] {
            let dashboard = format!("\n\nhttps://blog.example/cms/admin#/{page}?token={token}\n\n");
            let configured = format!("\n\nhttps://a.example/{address}{token}\n\n");
            for (settings, link) in [(&[][..], dashboard), (&own[..], configured)] {
                let config = Config::of_variables(settings);
                let letter = MailWriter::new(&config, "https://blog.example/cms").write(&mail);
                assert!(letter.text.contains(&link), "{}", letter.text);
                assert!(letter.text.contains(lifetime), "{}", letter.text);
                assert!(letter.subject.ends_with("blog.example/cms"));
                let message = message(letter, "Blog <blog@example.org>".parse().unwrap()).unwrap();
                let text = String::from_utf8(message.formatted()).unwrap();
                for header in [
                    "To: ana@example.org\r\n",
                    "@example.org>\r\n",
                    "Auto-Submitted: auto-generated\r\n",
                    "Content-Language: en\r\n",
                ] {
                    assert!(text.contains(header), "{text}");
                }
                for name in ["Message-ID: <", "Date: "] {
                    assert_eq!(text.matches(name).count(), 1, "{text}");
                }
            }
        }
    }

    #[test]
    fn a_letter_is_written_in_the_language_of_the_user() {
        let writer = MailWriter::new(&Config::of_variables(&[]), "https://blog.example");
        for (_, mail) in [reset(), invitation()] {
            let mut spanish = mail.clone();
            let (Mail::PasswordReset { language, .. } | Mail::Invitation { language, .. }) =
                &mut spanish;
            *language = "es-MX".parse().ok();
            let (english, spanish) = (writer.write(&mail), writer.write(&spanish));
            assert_eq!((english.language, spanish.language), ("en", "es"));
            assert_ne!(english.subject, spanish.subject);
            let link = |letter: &Letter| {
                let mut lines = letter.text.lines();
                lines
                    .find(|line| line.starts_with("https://"))
                    .unwrap()
                    .to_owned()
            };
            assert_eq!(link(&english), link(&spanish));
            assert!(spanish.text.contains("ana@example.org"));
        }
    }

    #[tokio::test]
    async fn a_server_receives_the_mail() {
        use tokio::{
            io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
            net::TcpListener,
        };

        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let url = format!("smtp://127.0.0.1:{port}");
        let config = Config::of_variables(&[("TINTERO_MAIL", &url)]);
        let (token, mail) = reset();
        mailer(&config, "https://blog.example").unwrap().send(mail);
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 test\r\n").await.unwrap();
        let mut received = String::new();
        while !received.ends_with("\r\n.\r\n") {
            let start = received.len();
            stream.read_line(&mut received).await.unwrap();
            let reply = match &received[start..] {
                line if line.starts_with("EHLO") => "250 test\r\n",
                line if line.starts_with("DATA") => "354 go on\r\n",
                line if line.starts_with("MAIL") || line.starts_with("RCPT") => "250 ok\r\n",
                _ => "",
            };
            stream.write_all(reply.as_bytes()).await.unwrap();
        }
        // Long lines are folded by the transfer encoding.
        let text = received.replace("=\r\n", "");
        assert!(text.contains(&token), "{text}");
        assert!(text.contains("RCPT TO:<ana@example.org>"), "{text}");
    }
}
