use serde::{Deserialize, Serialize};

use super::{Code, ValueError, text::text_value};

/// A host whose pages posts may embed, such as `www.youtube-nocookie.com`: lower case, ASCII, without port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmbedHost(String);

impl EmbedHost {
    /// Longest name, in bytes, as in the domain name system.
    pub const MAX: usize = 253;

    fn parse(raw: &str) -> Result<Self, ValueError> {
        let name = raw.to_ascii_lowercase();
        let is_label = |label: &str| {
            let mut bytes = label.bytes();
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        let is_name =
            name.len() <= Self::MAX && name.contains('.') && name.split('.').all(is_label);
        // The last label of a name is never a number, unlike that of an address.
        let is_address = name
            .rsplit('.')
            .next()
            .is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
        if !is_name || is_address {
            let detail = "must be the name of a host such as www.youtube-nocookie.com, without scheme and port";
            return Err(ValueError::new(Code::Format, detail));
        }
        Ok(Self(name))
    }
}

text_value!(EmbedHost);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_stored_in_lower_case_and_anything_else_is_rejected() {
        let host: EmbedHost = "Player.Vimeo.com".parse().unwrap();
        assert_eq!(host.as_str(), "player.vimeo.com");
        for raw in [
            "",
            "localhost",
            "*.example.org",
            "https://example.org",
            "example.org:80",
            "127.0.0.1",
            "a..b",
            "-a.b",
            "ñ.example",
        ] {
            assert!(raw.parse::<EmbedHost>().is_err(), "{raw:?}");
        }
    }
}
