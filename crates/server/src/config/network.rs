//! Settings about who is where on the network.

use std::net::IpAddr;

use http::Uri;
use ipnet::IpNet;

use super::value::{Value, list};

/// An absolute `http` or `https` URL without query, fragment and trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// The URL, ready to have a path appended.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Value for BaseUrl {
    const FORM: &'static str = "URL";

    fn parse(text: &str) -> Result<Self, String> {
        let refused = || {
            format!("must be a URL such as https://api.example.org, without query, and is {text:?}")
        };
        let uri: Uri = text.parse().map_err(|_| refused())?;
        let plain_host = uri
            .authority()
            .is_some_and(|authority| !authority.as_str().contains('@'));
        let web = matches!(uri.scheme_str(), Some("http" | "https"));
        if !web || !plain_host || uri.query().is_some() || text.contains('#') {
            return Err(refused());
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }
}

/// The web origins whose scripts may call the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedOrigins {
    /// Every origin; safe as long as no cookie signs anybody in.
    Any,
    /// Only these, as browsers send them in `Origin`; none when empty.
    Listed(Vec<String>),
}

impl Value for AllowedOrigins {
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
    let refused =
        || format!("must hold origins such as https://admin.example.org, and holds {text:?}");
    let url = BaseUrl::parse(text).map_err(|_| refused())?;
    let rest = url.as_str().split_once("://").map_or("", |(_, rest)| rest);
    // Browsers send no path and lower case; anything else would never match.
    if rest.contains('/') || url.as_str().contains(char::is_uppercase) {
        return Err(refused());
    }
    Ok(url.0)
}

/// The proxies in front of the server, as networks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Whether what `address` says about the client is believed.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The networks, as they were configured.
    #[must_use]
    pub fn networks(&self) -> &[IpNet] {
        &self.0
    }
}

impl Value for TrustedProxies {
    const FORM: &'static str = "networks (CIDR) or addresses separated by commas";

    fn parse(text: &str) -> Result<Self, String> {
        let network = |part: &str| {
            let alone = || part.parse::<IpAddr>().map(IpNet::from);
            part.parse::<IpNet>()
                .or_else(|_| alone())
                .map_err(|_| format!("must hold networks such as 10.0.0.0/8, and holds {part:?}"))
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
    fn base_urls_lose_their_trailing_slash_and_nothing_else() {
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
    fn origins_are_what_browsers_send() {
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
    fn proxies_are_networks_and_single_addresses() {
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
