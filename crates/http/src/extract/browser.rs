use axum::extract::FromRequestParts;
use http::{HeaderMap, HeaderName, Method, header, request::Parts};

use crate::{
    app::{App, HttpConfig},
    problem::{Problem, ProblemType},
    session_cookie,
};

/// Sent by browsers with the relation between the page and the server ([Fetch
/// Metadata](https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header)).
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Pages of other origins can send this header only after a preflight request, which fails.
const REQUESTED_WITH: HeaderName = HeaderName::from_static("x-requested-with");

/// What a request says about the browser that sent it.
pub(crate) struct BrowserRequest {
    cookie: Option<String>,
    /// Why a write with the cookie is rejected.
    refusal: Option<&'static str>,
}

impl BrowserRequest {
    /// Fails unless a page of this server sent the request.
    pub(crate) fn require_own_page(&self) -> Result<(), Problem> {
        match self.refusal {
            None => Ok(()),
            Some(reason) => Err(Problem::new(ProblemType::CrossSiteRequest).detail(reason)),
        }
    }

    /// Returns the session cookie of a write, unless the request has another credential.
    ///
    /// # Errors
    /// Another page than one of this server sent the cookie.
    pub(crate) fn cookie(&self) -> Result<Option<&str>, Problem> {
        let cookie = self.cookie.as_deref();
        if cookie.is_some() {
            self.require_own_page()?;
        }
        Ok(cookie)
    }
}

impl FromRequestParts<App> for BrowserRequest {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let headers = &parts.headers;
        Ok(Self {
            cookie: sent(headers, &app.config).map(str::to_owned),
            refusal: refusal(headers, &app.config),
        })
    }
}

/// Returns the session cookie, unless the request has another credential.
fn sent<'a>(headers: &'a HeaderMap, config: &HttpConfig) -> Option<&'a str> {
    let has_other = headers.contains_key(header::AUTHORIZATION);
    session_cookie::find(headers, config).filter(|_| !has_other)
}

/// Returns the session cookie of a request. Ignores that of a read from another site.
///
/// # Errors
/// A page of another site sent a write.
pub(super) fn cookie<'a>(
    method: &Method,
    headers: &'a HeaderMap,
    config: &HttpConfig,
) -> Result<Option<&'a str>, Problem> {
    let Some(cookie) = sent(headers, config) else {
        return Ok(None);
    };
    if method.is_safe() {
        let is_foreign = matches!(text(headers, &FETCH_SITE), Some("cross-site" | "same-site"));
        return Ok((!is_foreign).then_some(cookie));
    }
    match refusal(headers, config) {
        None => Ok(Some(cookie)),
        Some(reason) => Err(Problem::new(ProblemType::CrossSiteRequest).detail(reason)),
    }
}

/// Returns why a write does not prove that a page of this server sent it, if it does not.
fn refusal(headers: &HeaderMap, config: &HttpConfig) -> Option<&'static str> {
    let is_own = match text(headers, &FETCH_SITE) {
        Some(site) => site == "same-origin",
        // Browsers before 2023. All of them send `Origin` with writes.
        None => text(headers, &header::ORIGIN)
            .is_some_and(|origin| is_own_origin(origin, headers, config)),
    };
    if !is_own {
        return Some(
            "A write with a session cookie must come from a page of this server: Sec-Fetch-Site must be same-origin, or Origin that of the server.",
        );
    }
    match text(headers, &REQUESTED_WITH) {
        Some(value) if !value.trim().is_empty() => None,
        _ => {
            Some("A write with a session cookie needs the header X-Requested-With, with any value.")
        }
    }
}

/// Whether the origin is that of the public URL or that of the request.
fn is_own_origin(origin: &str, headers: &HeaderMap, config: &HttpConfig) -> bool {
    let public = config.public_url.strip_suffix(config.base_path());
    let (_, host) = origin.split_once("://").unwrap_or_default();
    public == Some(origin) || text(headers, &header::HOST).is_some_and(|own| own == host)
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COOKIE: (&str, &str) = ("cookie", "a=b; __Host-tintero_session=secret; c=d");
    const WITH: (&str, &str) = ("x-requested-with", "test");

    fn result(method: &Method, fields: &[(&'static str, &'static str)]) -> Result<bool, u16> {
        let config = HttpConfig::new("https://example.org/cms");
        let headers = fields
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        let headers: HeaderMap = headers.collect();
        cookie(method, &headers, &config)
            .map(|cookie| cookie == Some("secret"))
            .map_err(|problem| problem.status().as_u16())
    }

    #[test]
    fn a_write_with_the_cookie_counts_only_from_a_page_of_the_server() {
        let write = |fields: &[_]| result(&Method::POST, fields);
        assert_eq!(
            write(&[COOKIE, WITH, ("sec-fetch-site", "same-origin")]),
            Ok(true)
        );
        assert_eq!(
            write(&[COOKIE, WITH, ("origin", "https://example.org")]),
            Ok(true)
        );
        let own = [("origin", "http://localhost:1"), ("host", "localhost:1")];
        assert_eq!(write(&[COOKIE, WITH, own[0], own[1]]), Ok(true));
        for site in ["cross-site", "same-site", "none", "", "Same-Origin"] {
            let fields = [
                COOKIE,
                WITH,
                ("sec-fetch-site", site),
                ("origin", "https://example.org"),
            ];
            assert_eq!(write(&fields), Err(403), "{site}");
        }
        for origin in [
            "https://evil.example",
            "http://example.org",
            "https://example.org.evil.example",
            "null",
            "https://example.org/cms",
        ] {
            assert_eq!(
                write(&[COOKIE, WITH, ("origin", origin)]),
                Err(403),
                "{origin}"
            );
        }
        assert_eq!(write(&[COOKIE, WITH]), Err(403));
        assert_eq!(
            write(&[COOKIE, ("sec-fetch-site", "same-origin")]),
            Err(403)
        );
        let empty = ("x-requested-with", " ");
        assert_eq!(
            write(&[COOKIE, empty, ("sec-fetch-site", "same-origin")]),
            Err(403)
        );
    }

    #[test]
    fn a_write_without_the_cookie_or_with_another_credential_is_not_checked() {
        let cross = ("sec-fetch-site", "cross-site");
        assert_eq!(result(&Method::DELETE, &[cross]), Ok(false));
        let other = ("authorization", "Bearer a.b.c");
        assert_eq!(result(&Method::DELETE, &[COOKIE, cross, other]), Ok(false));
        let similar = (
            "cookie",
            "tintero_session=secret; x__Host-tintero_session=secret",
        );
        assert_eq!(result(&Method::DELETE, &[similar, cross]), Ok(false));
    }

    #[test]
    fn a_read_from_another_site_ignores_the_cookie() {
        for (site, counts) in [
            ("same-origin", true),
            ("none", true),
            ("same-site", false),
            ("cross-site", false),
        ] {
            assert_eq!(
                result(&Method::GET, &[COOKIE, ("sec-fetch-site", site)]),
                Ok(counts),
                "{site}"
            );
        }
        assert_eq!(result(&Method::HEAD, &[COOKIE]), Ok(true));
    }
}
