use http::{HeaderMap, header};
use tintero_domain::accounts::ApiKey;

use crate::problem::{self, Problem};

/// The credential of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Credential<'a> {
    /// An access token ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)).
    Token(&'a str),
    /// An API key, in the scheme `ApiKey`.
    Key(&'a str),
    /// A session cookie.
    Cookie(&'a str),
}

/// Returns the credential of the `Authorization` header.
pub(super) fn presented(headers: &HeaderMap) -> Result<Option<Credential<'_>>, Problem> {
    let mut fields = headers.get_all(header::AUTHORIZATION).iter();
    let Some(field) = fields.next() else {
        return Ok(None);
    };
    if fields.next().is_some() {
        return Err(unreadable());
    }
    let (scheme, rest) = field
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .ok_or_else(unreadable)?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("ApiKey") {
        return Ok(Some(Credential::Key(rest)));
    }
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(unreadable());
    }
    // Gateways verify `Bearer` credentials as JWTs, and would reject API keys.
    if rest.starts_with(ApiKey::PREFIX) {
        let reason = "this is an API key; send it as Authorization: ApiKey <key>";
        return Err(problem::invalid_token(reason));
    }
    Ok(Some(Credential::Token(rest)))
}

fn unreadable() -> Problem {
    problem::unauthenticated()
        .detail("Send one Authorization header: Bearer <access token>, or ApiKey <key>.")
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(values: &[&'static str]) -> HeaderMap {
        values
            .iter()
            .map(|value| (header::AUTHORIZATION, HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn each_credential_type_has_a_scheme() {
        for (value, expected) in [
            ("Bearer a.b.c", Credential::Token("a.b.c")),
            ("bearer  a.b.c ", Credential::Token("a.b.c")),
            ("ApiKey tin_7_x", Credential::Key("tin_7_x")),
            ("APIKEY a.b.c", Credential::Key("a.b.c")),
        ] {
            let headers = headers(&[value]);
            assert_eq!(presented(&headers).unwrap(), Some(expected), "{value}");
        }
        assert_eq!(presented(&HeaderMap::new()).unwrap(), None);
    }

    #[test]
    fn other_schemes_two_credentials_and_keys_sent_as_tokens_are_rejected() {
        for values in [
            &["Basic YTpi"][..],
            &["tin_7_x"],
            &[""],
            &["Bearer a.b.c", "ApiKey tin_7_x"],
            &["Bearer tin_7_x"],
        ] {
            assert!(presented(&headers(values)).is_err(), "{values:?}");
        }
    }
}
