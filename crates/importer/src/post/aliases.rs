use percent_encoding::percent_decode_str;
use tintero_markdown::jekyll::{date::PostDate, permalink::PermalinkError};
use unicode_normalization::UnicodeNormalization;

use super::parsed_file::ParsedFile;
use crate::{diagnostic::Diagnostic, rules::UrlParts};

/// Maximum number of aliases of a post.
pub(crate) const MAX_ALIASES: usize = 10;

const NO_PATH: &str = "not a path of this site without query and fragment";

/// Returns the old URLs of a post as percent-decoded paths in NFC: the URL on the old site, the same
/// below the `baseurl` of the site, then the aliases of the front matter.
pub(super) fn read(
    file: &ParsedFile<'_>,
    date: Option<&PostDate>,
) -> (Vec<String>, Vec<Diagnostic>) {
    let no_old_url = |reason: &str| {
        let reason = format!("{reason}; the post has no old URL");
        Diagnostic::new("no_old_address", reason).at(file.line(&["permalink"]))
    };
    let mut warnings = Vec::new();
    let mut aliases: Vec<String> = Vec::new();
    let url = old_url(file, date);
    match &url {
        Some(Ok(url)) => match decoded(url) {
            Some(path) => {
                aliases.push(path);
                aliases.extend(below_base_url(file, url));
            }
            None => warnings.push(no_old_url(&format!("`{url}` is {NO_PATH}"))),
        },
        Some(Err(error)) => warnings.push(no_old_url(&error.to_string())),
        None => {}
    }
    let url = url.and_then(Result::ok);
    for written in &file.meta.aliases {
        let alias = file.settings.rules.alias(written, url.as_deref());
        if let Some(path) = decoded(&alias) {
            aliases.push(path);
        } else {
            let reason = format!("`{written}` is {NO_PATH}, so it does not redirect");
            let line = file.line(&["redirect_from", "aliases"]);
            warnings.push(Diagnostic::new("bad_alias", reason).at(line));
        }
    }
    let (kept, warning) = bounded(aliases);
    warnings.extend(warning);
    (kept, warnings)
}

fn below_base_url(file: &ParsedFile<'_>, url: &str) -> Option<String> {
    let base = file.settings.site.base_url().trim_matches('/');
    (!base.is_empty()).then(|| decoded(&format!("/{base}{url}")))?
}

fn old_url(
    file: &ParsedFile<'_>,
    date: Option<&PostDate>,
) -> Option<Result<String, PermalinkError>> {
    let date = date.map(|date| date.local(&file.settings.zone));
    let parts = UrlParts {
        path: file.path,
        name: &file.name,
        map: &file.map,
        meta: &file.meta,
        date: date.as_ref(),
    };
    file.settings.rules.old_url(&file.settings.site, &parts)
}

/// Returns the path of a URL, or `None` if it is not a path of the site. A URL with a query or a
/// fragment has none: the path alone would be another page.
fn decoded(url: &str) -> Option<String> {
    let path: String = percent_decode_str(url).decode_utf8().ok()?.nfc().collect();
    let path = if path.starts_with('/') {
        path
    } else {
        format!("/{path}")
    };
    let is_remote = url.contains("://") || path.starts_with("//");
    let has_query = url.contains(['?', '#']);
    let climbs = path.split('/').any(|part| matches!(part, "." | ".."));
    let is_path = !url.is_empty() && !is_remote && !has_query && !climbs;
    (is_path && !path.contains(char::is_control)).then_some(path)
}

/// Returns each alias once, up to the limit of the server.
fn bounded(aliases: Vec<String>) -> (Vec<String>, Option<Diagnostic>) {
    let mut kept: Vec<String> = Vec::new();
    for alias in aliases {
        if !kept.contains(&alias) {
            kept.push(alias);
        }
    }
    let rest = kept.split_off(kept.len().min(MAX_ALIASES));
    let warning = (!rest.is_empty()).then(|| {
        let reason = format!(
            "a post has at most {MAX_ALIASES} old URLs; these do not redirect: {}",
            rest.join(", ")
        );
        Diagnostic::new("too_many_aliases", reason)
    });
    (kept, warning)
}

/// Encodes a path for the API, which percent-decodes aliases and rejects a query.
pub(super) fn encoded(path: &str) -> String {
    path.replace('%', "%25")
        .replace('?', "%3F")
        .replace('#', "%23")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoded_path_decodes_to_itself() {
        assert_eq!(
            decoded("/aws/co%CC%81digo%20100%25.html").as_deref(),
            Some("/aws/códig\u{6f} 100%.html")
        );
        assert_eq!(decoded("viejo/post").as_deref(), Some("/viejo/post"));
        for address in ["/100%25.html", "/que%3F.html", "/a%23b"] {
            let path = decoded(address).unwrap();
            assert_eq!(decoded(&encoded(&path)).unwrap(), path);
        }
    }

    #[test]
    fn urls_outside_the_site_have_no_path() {
        for address in [
            "https://example.org/x",
            "//example.org/x",
            "/a/../b",
            "/a/%2e%2e/b",
            "/a%00",
            "",
            "/?p=12",
            "/a#b",
            "/./b",
            "?x",
        ] {
            assert_eq!(decoded(address), None, "{address}");
        }
    }

    #[test]
    fn aliases_over_the_limit_are_named() {
        let many = (0..11).map(|number| format!("/{number}"));
        let (kept, warning) = bounded(many.chain(["/0".to_owned()]).collect());
        assert_eq!(kept.len(), 10);
        assert!(warning.unwrap().reason.ends_with("/10"));
    }
}
