//! Settings with URLs, origins and networks.

use std::net::IpAddr;

use http::Uri;
use ipnet::IpNet;

use super::value::{SettingValue, list};

/// An absolute `http` or `https` URL without query, fragment or trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SettingValue for BaseUrl {
    const FORM: &'static str = "URL";

    fn parse(text: &str) -> Result<Self, String> {
        let invalid = || {
            format!("must be a URL such as https://api.example.org, without query, but is {text:?}")
        };
        let uri: Uri = text.parse().map_err(|_| invalid())?;
        let has_plain_host = uri
            .authority()
            .is_some_and(|authority| !authority.as_str().contains('@'));
        let is_http = matches!(uri.scheme_str(), Some("http" | "https"));
        if !is_http || !has_plain_host || uri.query().is_some() || text.contains('#') {
            return Err(invalid());
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }
}

/// The web origins that may call the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedOrigins {
    /// Every origin. Safe, because the API does not authenticate by cookies.
    Any,
    /// These origins, in the form of the `Origin` header.
    Listed(Vec<String>),
}

impl SettingValue for AllowedOrigins {
    const FORM: &'static str = "origins separated by commas, or `*`";

    fn parse(text: &str) -> Result<Self, String> {
        if text.trim() == "*" {
            return Ok(Self::Any);
        }
        list(text, origin).map(Self::Listed)
    }

    fn absent() -> Option<Self> {
        Some(Self::Listed(Vec::new()))
    }
}

fn origin(text: &str) -> Result<String, String> {
    let invalid =
        || format!("must be origins such as https://admin.example.org, but one is {text:?}");
    let url = BaseUrl::parse(text).map_err(|_| invalid())?;
    let rest = url.as_str().split_once("://").map_or("", |(_, rest)| rest);
    // Browsers send origins in lower case and without a path. Others would never match.
    if rest.contains('/') || url.as_str().contains(char::is_uppercase) {
        return Err(invalid());
    }
    Ok(url.0)
}

/// The networks of the proxies in front of the server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Whether `address` is a trusted proxy.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl SettingValue for TrustedProxies {
    const FORM: &'static str = "networks (CIDR) or addresses separated by commas";

    fn parse(text: &str) -> Result<Self, String> {
        let network = |part: &str| {
            let single = || part.parse::<IpAddr>().map(IpNet::from);
            part.parse::<IpNet>()
                .or_else(|_| single())
                .map_err(|_| format!("must be networks such as 10.0.0.0/8, but one is {part:?}"))
        };
        list(text, network).map(Self)
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trailing_slash_of_a_base_url_is_removed() {
        assert_eq!(
            BaseUrl::parse("https://example.org/api/").unwrap().as_str(),
            "https://example.org/api"
        );
        for text in [
            "example.org",
            "ftp://example.org",
            "https://a@b",
            "https://a?b",
            "https://a#b",
            "/x",
        ] {
            assert!(BaseUrl::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn origins_have_the_form_of_the_header() {
        let listed = AllowedOrigins::parse("http://localhost:5173, https://a.example").unwrap();
        assert_eq!(
            listed,
            AllowedOrigins::Listed(vec![
                "http://localhost:5173".into(),
                "https://a.example".into()
            ])
        );
        assert_eq!(AllowedOrigins::parse("*"), Ok(AllowedOrigins::Any));
        for text in ["https://a.example/x", "https://A.example", "null"] {
            assert!(AllowedOrigins::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn proxies_are_networks_or_single_addresses() {
        let proxies = TrustedProxies::parse("10.0.0.0/8, 192.0.2.7, fd00::/8").unwrap();
        for (address, inside) in [
            ("10.1.2.3", true),
            ("::ffff:10.1.2.3", true),
            ("192.0.2.8", false),
            ("fd00::1", true),
        ] {
            assert_eq!(
                proxies.contains(address.parse().unwrap()),
                inside,
                "{address}"
            );
        }
        assert!(TrustedProxies::parse("10.0.0.0/33").is_err());
    }
}
