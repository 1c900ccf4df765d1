use serde::{Deserialize, Serialize};
use url::Url;

use super::{Code, OldPath, ValueError, text::text_value};

/// Target of a redirect: a path of the site, with an optional query and fragment, or an absolute
/// `http` or `https` URL, normalised as in the [URL Standard](https://url.spec.whatwg.org/):
/// ASCII, percent-encoded, without spaces, quotation marks and `..` segments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Destination(String);

impl Destination {
    /// Longest destination, in bytes after normalisation.
    pub const MAX: usize = 2048;

    /// Base for parsing site paths. `.invalid` is reserved, so no destination has this host.
    const SITE: &str = "http://site.invalid";

    fn parse(raw: &str) -> Result<Self, ValueError> {
        let refused = || {
            let detail = "must be a path such as /hola or an absolute http or https URL";
            ValueError::new(Code::Format, detail)
        };
        if raw.chars().any(char::is_control) || raw.trim() != raw {
            return Err(refused());
        }
        let text = if raw.starts_with('/') {
            path(raw).ok_or_else(refused)?
        } else {
            absolute(raw).ok_or_else(refused)?
        };
        if text.len() > Self::MAX {
            let detail = format!("must have at most {} bytes", Self::MAX);
            return Err(ValueError::new(Code::TooLong, detail));
        }
        Ok(Self(text))
    }

    /// The path, if it is one of the site, without query and fragment.
    #[must_use]
    pub fn own_path(&self) -> Option<OldPath> {
        // A path that is not a valid old path cannot be redirected.
        self.0
            .starts_with('/')
            .then(|| OldPath::asked(&self.0).ok())?
    }
}

/// Parses a path of the site. Rejects a path that browsers resolve to another host, such as `//evil.example`.
fn path(raw: &str) -> Option<String> {
    let site = Url::parse(Destination::SITE).ok()?;
    let url = site.join(raw).ok()?;
    let path = url.as_str().strip_prefix(Destination::SITE)?;
    (path.starts_with('/') && !path.starts_with("//")).then(|| path.to_owned())
}

/// Parses an absolute URL. Rejects credentials, because every visitor would see them.
fn absolute(raw: &str) -> Option<String> {
    let spelled_out = ["http://", "https://"].into_iter().any(|scheme| {
        let start = raw.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    let url = Url::parse(raw).ok().filter(|_| spelled_out)?;
    let is_open = url.username().is_empty() && url.password().is_none();
    // The standard accepts characters such as quotation marks in a host.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._[:]".contains(&byte);
    let is_host = url.host_str().is_some_and(|host| host.bytes().all(plain));
    (is_open && is_host).then(|| url.into())
}

text_value!(Destination);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn destination(raw: &str) -> String {
        raw.parse::<Destination>().unwrap().into()
    }

    #[test]
    fn destinations_are_normalised() {
        for (raw, written) in [
            ("/hola", "/hola"),
            ("/año nuevo?q=\"x\"#ñ", "/a%C3%B1o%20nuevo?q=%22x%22#%C3%B1"),
            ("/a/../b", "/b"),
            ("/", "/"),
            ("https://ES.example/ñ", "https://es.example/%C3%B1"),
            ("HTTP://example.org:80", "http://example.org/"),
            ("https://ñandú.example/", "https://xn--and-6ma2c.example/"),
        ] {
            assert_eq!(destination(raw), written);
        }
    }

    #[test]
    fn misleading_destinations_are_rejected() {
        for raw in [
            "",
            "hola",
            "//evil.example/x",
            "/\\evil.example",
            "///evil.example",
            "/.//evil.example",
            "/a/..//evil.example",
            "javascript:alert(1)",
            "ftp://example.org/",
            "https:/example.org",
            "https:example.org",
            "https://user:secret@example.org/",
            "https://user@example.org/",
            "https://",
            "/a\nb",
            "/a\tb",
            " /a",
            "/a\r\nSet-Cookie: x=1",
        ] {
            assert!(raw.parse::<Destination>().is_err(), "{raw:?}");
        }
    }

    #[test]
    fn own_path_returns_paths_of_the_site_only() {
        let own = |raw: &str| raw.parse::<Destination>().unwrap().own_path();
        assert_eq!(own("/a%20b?x#y"), "/a b".parse().ok());
        assert_eq!(own("https://example.org/a"), None);
    }

    proptest! {
        #[test]
        fn a_destination_survives_a_round_trip_and_is_safe_ascii(raw in "(/|https?://)[ -~ñ\\u{202e}]{0,40}") {
            if let Ok(destination) = raw.parse::<Destination>() {
                let text = destination.as_str();
                prop_assert!(text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"'), "{}", text);
                prop_assert_eq!(text.parse::<Destination>().unwrap(), destination);
            }
        }
    }
}
