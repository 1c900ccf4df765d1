use percent_encoding::percent_decode_str;
use tintero_markdown::{
    front_matter::{Map, Meta},
    jekyll::{date::Moment, file_name::FileName, permalink},
};
use unicode_normalization::UnicodeNormalization;

use super::Settings;
use crate::finding::Finding;

/// Most old addresses of one post.
const MAX_ALIASES: usize = 10;

/// What an address is that no post can have had.
const NO_PATH: &str = "no path of this site without query and fragment";

/// The addresses a post had: the one Jekyll gave it, also below the site's `baseurl`, then those
/// its front matter names. Each is a percent-decoded path in NFC.
pub(super) fn of(
    settings: &Settings,
    path: &str,
    name: &FileName,
    (map, meta): (&Map, &Meta),
    date: Option<&Moment>,
) -> (Vec<String>, Vec<Finding>) {
    let line = |keys: &[&str]| {
        keys.iter()
            .find_map(|key| map.entry(key))
            .map(|entry| entry.line)
    };
    let no_old_address = |reason: &str| Finding {
        line: line(&["permalink"]),
        ..Finding::new(
            "no_old_address",
            format!("{reason}; the post has no old address"),
        )
    };
    let mut warnings = Vec::new();
    let mut addresses: Vec<String> = Vec::new();
    match date.map(|date| old_url(settings, path, name, meta, date)) {
        Some(Ok(url)) => match decoded(&url) {
            Some(address) => {
                addresses.push(address);
                addresses.extend(below_base(settings, &url));
            }
            None => warnings.push(no_old_address(&format!("`{url}` is {NO_PATH}"))),
        },
        Some(Err(error)) => warnings.push(no_old_address(&error.to_string())),
        None => {}
    }
    for written in &meta.aliases {
        match decoded(written) {
            Some(address) => addresses.push(address),
            None => warnings.push(Finding {
                line: line(&["redirect_from", "aliases"]),
                ..Finding::new(
                    "bad_alias",
                    format!("`{written}` is {NO_PATH}, so it does not redirect"),
                )
            }),
        }
    }
    let (kept, warning) = bounded(addresses);
    warnings.extend(warning);
    (kept, warnings)
}

/// The address below the site's `baseurl`, where it has one.
fn below_base(settings: &Settings, url: &str) -> Option<String> {
    let base = settings.site.base_url().trim_matches('/');
    (!base.is_empty()).then(|| decoded(&format!("/{base}{url}")))?
}

fn old_url(
    settings: &Settings,
    path: &str,
    name: &FileName,
    meta: &Meta,
    date: &Moment,
) -> Result<String, permalink::Error> {
    let mut categories = name.categories.clone();
    categories.extend(meta.categories.iter().cloned());
    let placed = permalink::Placed {
        date: &date.local(&settings.zone),
        categories: &categories,
        slug: meta.slug.as_deref().unwrap_or(&name.slug),
        path,
    };
    let template = meta.permalink.as_deref().map(permalink::Template::of_post);
    let url = template
        .unwrap_or_else(|| settings.site.permalink())
        .url(&placed)?;
    Ok(url.encoded)
}

/// The path an address stands for, or none when it leads elsewhere or cannot be a path. One with a
/// query or a fragment is none: without them it would stand for another page.
fn decoded(address: &str) -> Option<String> {
    let path: String = percent_decode_str(address)
        .decode_utf8()
        .ok()?
        .nfc()
        .collect();
    let path = if path.starts_with('/') {
        path
    } else {
        format!("/{path}")
    };
    let elsewhere = address.contains("://") || path.starts_with("//");
    let narrowed = address.contains(['?', '#']);
    let climbs = path.split('/').any(|part| matches!(part, "." | ".."));
    let is_path = !address.is_empty() && !elsewhere && !narrowed && !climbs;
    (is_path && !path.contains(char::is_control)).then_some(path)
}

/// Each address once, and no more than the server keeps.
fn bounded(addresses: Vec<String>) -> (Vec<String>, Option<Finding>) {
    let mut kept: Vec<String> = Vec::new();
    for address in addresses {
        if !kept.contains(&address) {
            kept.push(address);
        }
    }
    let rest = kept.split_off(kept.len().min(MAX_ALIASES));
    let warning = (!rest.is_empty()).then(|| {
        let reason = format!(
            "a post keeps {MAX_ALIASES} old addresses; these do not redirect: {}",
            rest.join(", ")
        );
        Finding::new("too_many_aliases", reason)
    });
    (kept, warning)
}

/// An address as the API takes it, which percent-decodes what it is sent and refuses a query.
pub(super) fn sent(address: &str) -> String {
    address
        .replace('%', "%25")
        .replace('?', "%3F")
        .replace('#', "%23")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_decoded_and_sent_so_that_it_decodes_to_itself() {
        assert_eq!(
            decoded("/aws/co%CC%81digo%20100%25.html").as_deref(),
            Some("/aws/códig\u{6f} 100%.html")
        );
        assert_eq!(decoded("viejo/post").as_deref(), Some("/viejo/post"));
        for address in ["/100%25.html", "/que%3F.html", "/a%23b"] {
            let path = decoded(address).unwrap();
            assert_eq!(decoded(&sent(&path)).unwrap(), path);
        }
    }

    #[test]
    fn addresses_elsewhere_are_none() {
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
    fn more_addresses_than_are_kept_are_named() {
        let many = (0..11).map(|number| format!("/{number}"));
        let (kept, warning) = bounded(many.chain(["/0".to_owned()]).collect());
        assert_eq!(kept.len(), 10);
        assert!(warning.unwrap().reason.ends_with("/10"));
    }
}
