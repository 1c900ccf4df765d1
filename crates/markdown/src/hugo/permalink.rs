use jiff::Zoned;

use super::{HugoSite, sanitise::sanitised};
use crate::content_path::ContentPath;
use crate::front_matter::{YamlMap, YamlValue};
use crate::jekyll::permalink::{PermalinkError, encode_path};

/// The fields of a page for its URL.
#[derive(Debug, Clone, Copy)]
pub struct HugoPage<'a> {
    /// The parts of its path.
    pub path: &'a ContentPath<'a>,
    /// The `title`.
    pub title: &'a str,
    /// The `slug`.
    pub slug: Option<&'a str>,
    /// The `url`.
    pub url: Option<&'a str>,
    /// The date in the time zone of the site.
    pub date: Option<&'a Zoned>,
}

pub(super) fn url(site: &HugoSite, page: &HugoPage<'_>) -> Result<String, PermalinkError> {
    let prefix = site.language_prefix(page.path.language);
    if let Some(url) = page.url.map(str::trim).filter(|url| !url.is_empty()) {
        let url = filled(site, page, url)?;
        let path = match url.strip_prefix('/') {
            Some(path) => format!("/{path}"),
            None => format!("{prefix}/{url}"),
        };
        return checked(url_template(page), &with_slash(path));
    }
    let path = match pattern(&site.config, page.path) {
        Some(pattern) => filled(site, page, pattern)?,
        None => default_path(page),
    };
    let path = path.trim_matches('/');
    let path = if site.is_set("disablepathtolower") {
        path.to_owned()
    } else {
        path.to_lowercase()
    };
    let end = match () {
        () if path.is_empty() => "/",
        () if has_extension(&path) && pattern(&site.config, page.path).is_some() => "",
        () if is_ugly(site, page.path) => ".html",
        () => "/",
    };
    let separator = if path.is_empty() { "" } else { "/" };
    checked(&path, &format!("{prefix}{separator}{path}{end}"))
}

fn url_template<'a>(page: &HugoPage<'a>) -> &'a str {
    page.url.unwrap_or_default()
}

fn default_path(page: &HugoPage<'_>) -> String {
    let mut parts: Vec<&str> = page.path.directories.clone();
    parts.push(page.slug.unwrap_or(page.path.name));
    sanitised(&parts.join("/"))
}

/// The pattern of the section of a page: of pages in newer versions, of all kinds in older ones.
fn pattern<'a>(config: &'a YamlMap, page: &ContentPath<'_>) -> Option<&'a str> {
    let Some(YamlValue::Map(permalinks)) = config.get("permalinks") else {
        return None;
    };
    let section = page.section().unwrap_or("/").to_lowercase();
    let of_pages = match permalinks.get("page") {
        Some(YamlValue::Map(pages)) => pages.text(&section),
        _ => None,
    };
    of_pages.or_else(|| permalinks.text(&section))
}

fn is_ugly(site: &HugoSite, page: &ContentPath<'_>) -> bool {
    match site.config.get("uglyurls") {
        Some(YamlValue::Map(sections)) => {
            sections.text(page.section().unwrap_or_default()) == Some("true")
        }
        _ => site.is_set("uglyurls"),
    }
}

fn has_extension(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        let is_word = |letter: char| letter.is_ascii_alphabetic();
        !stem.is_empty() && extension.len() <= 5 && extension.chars().all(is_word)
    })
}

/// Adds a slash to the URL of a page without extension.
fn with_slash(path: String) -> String {
    if path.ends_with('/') || has_extension(&path) {
        path
    } else {
        format!("{path}/")
    }
}

fn checked(template: &str, path: &str) -> Result<String, PermalinkError> {
    if path.split('/').any(|part| part == "..") || path.contains(char::is_control) {
        return Err(PermalinkError::Escapes {
            template: template.to_owned(),
        });
    }
    Ok(encode_path(path))
}

/// Replaces the tokens of a pattern, such as `:year` and `:sections[1:]`.
fn filled(site: &HugoSite, page: &HugoPage<'_>, pattern: &str) -> Result<String, PermalinkError> {
    let mut path = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once(':') {
        path.push_str(before);
        let end = after
            .find(|letter: char| !letter.is_ascii_alphanumeric())
            .unwrap_or(after.len());
        let (name, mut next) = after.split_at(end);
        if name == "sections" {
            let slice = next
                .strip_prefix('[')
                .and_then(|slice| slice.split_once(']'));
            let range = slice.map(|(range, _)| range);
            path.push_str(&sections(site, page.path, range).join("/"));
            next = slice.map_or(next, |(_, next)| next);
        } else {
            let value = value(page, name).ok_or_else(|| PermalinkError::UnknownPlaceholder {
                name: name.to_owned(),
            })?;
            path.push_str(&value);
        }
        rest = next;
    }
    path.push_str(rest);
    let parts = path.split('/').filter(|part| !part.is_empty());
    let joined = parts.collect::<Vec<_>>().join("/");
    let start = if path.starts_with('/') { "/" } else { "" };
    let end = if path.ends_with('/') { "/" } else { "" };
    Ok(format!("{start}{joined}{end}"))
}

fn value(page: &HugoPage<'_>, name: &str) -> Option<String> {
    let file = page.path.name;
    let text = match name {
        "title" => sanitised(page.title),
        "slug" => sanitised(page.slug.unwrap_or(page.title)),
        "filename" | "contentbasename" => sanitised(file),
        "slugorfilename" | "slugorcontentbasename" => sanitised(page.slug.unwrap_or(file)),
        "section" => sanitised(page.path.section().unwrap_or_default()),
        name => page.date?.strftime(date_format(name)?).to_string(),
    };
    // A slash in a title does not separate folders.
    Some(text.replace('/', "-"))
}

fn date_format(name: &str) -> Option<&'static str> {
    Some(match name {
        "year" => "%Y",
        "month" => "%m",
        "monthname" => "%B",
        "day" => "%d",
        "weekday" => "%w",
        "weekdayname" => "%A",
        "yearday" => "%-j",
        _ => return None,
    })
}

/// The sections of a page, of which a slice such as `1:`, `:last` or `0` selects some. Folders without a
/// section page are not sections, except the top one.
fn sections<'a>(site: &HugoSite, page: &ContentPath<'a>, slice: Option<&str>) -> Vec<&'a str> {
    let folders = 1..=page.directories.len();
    let sections: Vec<&str> = folders
        .filter(|depth| {
            *depth == 1
                || site
                    .sections
                    .contains(&page.directories[..*depth].join("/"))
        })
        .map(|depth| page.directories[depth - 1])
        .collect();
    let Some(slice) = slice else { return sections };
    let last = sections.len().saturating_sub(1);
    let index = |text: &str, default: usize| match text {
        "" => default,
        "last" => last,
        number => number.parse().unwrap_or(default),
    };
    let (start, end) = match slice.split_once(':') {
        Some((start, end)) => (index(start, 0), index(end, sections.len())),
        None => (index(slice, 0), index(slice, 0) + 1),
    };
    let end = end.min(sections.len());
    sections
        .get(start.min(end)..end)
        .unwrap_or_default()
        .to_vec()
}
