//! Sends mail, in the background.

use std::sync::Arc;

use anyhow::Context;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};
use tintero_domain::accounts::{Mail, Mailer};
use tokio::sync::mpsc;

use crate::{
    CommandError,
    config::{Config, MailTarget, TokenUrl},
};

/// Mail that waits to be sent. More is dropped.
const QUEUE: usize = 256;

/// Creates the mailer of the configuration. Needs a runtime.
pub(crate) fn mailer(config: &Config) -> Result<Arc<dyn Mailer>, CommandError> {
    let writer = MailWriter {
        reset_url: config.reset_url.clone(),
    };
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
    subject: &'static str,
    text: String,
}

/// Writes the texts of mail.
struct MailWriter {
    reset_url: Option<TokenUrl>,
}

impl MailWriter {
    fn write(&self, mail: &Mail) -> Letter {
        let Mail::PasswordReset {
            to,
            token,
            valid_for,
        } = mail;
        let minutes = valid_for.as_secs() / 60;
        let token = token.expose();
        let how = match &self.reset_url {
            Some(url) => format!(
                "Open this page within {minutes} minutes to set it:\n\n{}",
                url.with(&token)
            ),
            None => format!(
                "Use this token within {minutes} minutes to set it, with POST /v1/auth/password-resets/complete:\n\n{token}"
            ),
        };
        Letter {
            to: to.to_string(),
            subject: "Set a new password",
            text: format!(
                "A new password was requested for the account {to}.\n\n{how}\n\nIf you did not request it, ignore this message; nothing changes.\n"
            ),
        }
    }
}

/// Without a configured target, nothing is sent.
pub(crate) struct NoMail;

impl Mailer for NoMail {
    fn send(&self, _: Mail) {
        tracing::warn!("mail was not sent, because TINTERO_MAIL is not set");
    }
}

/// Mail as lines of the log.
struct LoggedMail(MailWriter);

impl Mailer for LoggedMail {
    fn send(&self, mail: Mail) {
        let Letter { to, subject, text } = self.0.write(&mail);
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

fn message(letter: Letter, from: Mailbox) -> anyhow::Result<Message> {
    let Letter { to, subject, text } = letter;
    let message = Message::builder()
        .from(from)
        .to(Mailbox::new(None, to.parse()?))
        .subject(subject)
        .header(ContentType::TEXT_PLAIN)
        .body(text)?;
    Ok(message)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tintero_domain::accounts::ResetToken;
    use uuid::Uuid;

    use super::*;
    use crate::config::SettingValue as _;

    fn reset() -> (String, Mail) {
        let token = ResetToken::new(Uuid::from_u128(7), [9; 32]);
        let mail = Mail::PasswordReset {
            to: "ana@example.org".parse().unwrap(),
            token: token.clone(),
            valid_for: Duration::from_mins(30),
        };
        (token.expose(), mail)
    }

    #[test]
    fn a_letter_contains_the_link_or_the_token() {
        let (token, mail) = reset();
        for (url, expected) in [
            (None, format!("\n\n{token}\n\n")),
            (
                Some("https://a.example/#{token}"),
                format!("\n\nhttps://a.example/#{token}\n\n"),
            ),
        ] {
            let reset_url = url.map(|url| TokenUrl::parse(url).unwrap());
            let letter = MailWriter { reset_url }.write(&mail);
            assert!(letter.text.contains(&expected), "{}", letter.text);
            let message = message(letter, "Blog <blog@example.org>".parse().unwrap()).unwrap();
            let text = String::from_utf8(message.formatted()).unwrap();
            assert!(text.contains("To: ana@example.org\r\n"), "{text}");
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
        mailer(&config).unwrap().send(mail);
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
