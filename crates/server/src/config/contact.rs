//! Where to report vulnerabilities.

use super::value::{SettingValue, list};

/// URIs of a contact, the preferred one first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactUris(Vec<String>);

impl ContactUris {
    /// The URIs; at least one.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

impl SettingValue for ContactUris {
    const FORM: &'static str = "`mailto:`, `tel:` or `https:` URIs, separated by commas";

    fn parse(text: &str) -> Result<Self, String> {
        let uris = list(text, |uri| {
            let is_known = ["mailto:", "tel:", "https://"]
                .iter()
                .any(|scheme| uri.len() > scheme.len() && uri.starts_with(scheme));
            checked(uri, is_known)
        })?;
        if uris.is_empty() {
            return Err("must have at least one URI".to_owned());
        }
        Ok(Self(uris))
    }
}

/// An `https` URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpsUrl(String);

impl HttpsUrl {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SettingValue for HttpsUrl {
    const FORM: &'static str = "`https:` URL";

    fn parse(text: &str) -> Result<Self, String> {
        checked(text, text.len() > 8 && text.starts_with("https://")).map(Self)
    }
}

/// A line of `security.txt` contains the URI as it is.
fn checked(uri: &str, is_known: bool) -> Result<String, String> {
    if is_known && uri.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(uri.to_owned());
    }
    Err(format!(
        "must be a URI such as mailto:security@example.org or https://example.org/security, but has {uri:?}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_are_uris_of_known_schemes() {
        let contacts = ContactUris::parse("mailto:a@b.c, https://b.c/x").unwrap();
        assert_eq!(contacts.as_slice(), ["mailto:a@b.c", "https://b.c/x"]);
        for text in [
            "",
            "a@b.c",
            "http://b.c",
            "mailto:",
            "mailto:a@b.c\nX: y",
            "mailto:ñ@b.c",
        ] {
            assert!(ContactUris::parse(text).is_err(), "{text}");
        }
        assert!(HttpsUrl::parse("https://b.c/policy").is_ok());
        assert!(HttpsUrl::parse("http://b.c/policy").is_err());
    }
}
