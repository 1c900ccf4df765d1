use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::jekyll::permalink::{allowing, encode_url};
use crate::jekyll::site::SiteConfig;
use crate::jekyll::slugify::{SlugifyMode, slugify};

/// Returns the result of a filter of texts, or `None` if there is no such filter.
pub(super) fn apply(
    name: &str,
    text: &str,
    arguments: &[&str],
    site: &SiteConfig,
) -> Option<String> {
    plain(name, text, arguments)
        .or_else(|| with_words(name, text, arguments))
        .or_else(|| words(name, text, arguments))
        .or_else(|| url(name, text, arguments, site))
}

/// Returns a length that the result does not exceed by more than a constant factor.
pub(super) fn longest_result(
    name: &str,
    text: &str,
    arguments: &[&str],
    site: &SiteConfig,
) -> usize {
    let added = match (name, arguments) {
        ("replace", [old, new]) if !old.is_empty() => text.matches(old).count() * new.len(),
        ("relative_url" | "absolute_url", []) => site.base_url().len() + site.url().len(),
        _ => arguments.iter().map(|argument| argument.len()).sum(),
    };
    text.len() + added
}

fn plain(name: &str, text: &str, arguments: &[&str]) -> Option<String> {
    let filtered = match name {
        "upcase" => text.to_uppercase(),
        "downcase" => text.to_lowercase(),
        "capitalize" => capitalized(text),
        "strip" => text.trim().to_owned(),
        "lstrip" => text.trim_start().to_owned(),
        "rstrip" => text.trim_end().to_owned(),
        "strip_newlines" => text.replace(['\r', '\n'], ""),
        "newline_to_br" => text.replace('\n', "<br />\n"),
        "escape" | "xml_escape" => escaped(text),
        "url_encode" | "cgi_escape" => form_encoded(text),
        "url_decode" => percent_decode_str(&text.replace('+', " "))
            .decode_utf8()
            .ok()?
            .into_owned(),
        "uri_escape" => encode_url(text),
        "slugify" => slugify(text, SlugifyMode::Default, false),
        "escape_once" => escaped_once(text),
        "normalize_whitespace" => collapsed(text),
        "strip_html" => without_tags(text),
        "smartify" => text.to_owned(),
        _ => return None,
    };
    arguments.is_empty().then_some(filtered)
}

fn with_words(name: &str, text: &str, arguments: &[&str]) -> Option<String> {
    Some(match (name, arguments) {
        ("append", [end]) => format!("{text}{end}"),
        ("prepend", [start]) => format!("{start}{text}"),
        ("remove", [word]) if !word.is_empty() => text.replace(word, ""),
        ("remove_first", [word]) => text.replacen(word, "", 1),
        ("replace", [old, new]) if !old.is_empty() => text.replace(old, new),
        ("replace_first", [old, new]) => text.replacen(old, new, 1),
        ("slugify", [mode]) => slugify(text, SlugifyMode::named(mode), false),
        ("truncate", [length]) => truncated(text, length.parse().ok()?, "..."),
        ("truncate", [length, end]) => truncated(text, length.parse().ok()?, end),
        _ => return None,
    })
}

fn words(name: &str, text: &str, arguments: &[&str]) -> Option<String> {
    match (name, arguments) {
        ("truncatewords", []) => Some(first_words(text, 15, "...")),
        ("truncatewords", [count]) => Some(first_words(text, count.parse().ok()?, "...")),
        ("truncatewords", [count, end]) => Some(first_words(text, count.parse().ok()?, end)),
        ("truncate", []) => Some(truncated(text, 50, "...")),
        ("remove_last", [word]) => Some(without_last(text, word, "")),
        ("replace_last", [word, other]) => Some(without_last(text, word, other)),
        ("slice", [start]) => Some(slice(text, start.parse().ok()?, 1)),
        ("slice", [start, length]) => Some(slice(text, start.parse().ok()?, length.parse().ok()?)),
        _ => None,
    }
}

fn first_words(text: &str, count: usize, end: &str) -> String {
    let mut words = text.split_whitespace();
    let kept: Vec<&str> = words.by_ref().take(count.max(1)).collect();
    let end = words.next().map_or("", |_| end);
    format!("{}{end}", kept.join(" "))
}

fn without_last(text: &str, word: &str, other: &str) -> String {
    text.rsplit_once(word).map_or_else(
        || text.to_owned(),
        |(before, after)| format!("{before}{other}{after}"),
    )
}

/// Returns `length` characters from `start` on. A negative start counts from the end.
fn slice(text: &str, start: i64, length: usize) -> String {
    let count = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let start = if start < 0 { start + count } else { start };
    usize::try_from(start).map_or_else(
        |_| String::new(),
        |start| text.chars().skip(start).take(length).collect(),
    )
}

fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn escaped_once(text: &str) -> String {
    let escaped = escaped(text);
    let names = ["amp", "lt", "gt", "quot", "#39", "nbsp"];
    names.iter().fold(escaped, |text, name| {
        text.replace(&format!("&amp;{name};"), &format!("&{name};"))
    })
}

fn without_tags(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        plain.push_str(before);
        let Some((_, after)) = tag.split_once('>') else {
            plain.push('<');
            rest = tag;
            continue;
        };
        rest = after;
    }
    plain.push_str(rest);
    plain
}

fn url(name: &str, text: &str, arguments: &[&str], site: &SiteConfig) -> Option<String> {
    match (name, arguments) {
        ("relative_url", []) => Some(relative_url(text, site)),
        ("absolute_url", []) => Some(absolute_url(text, site)),
        _ => None,
    }
}

fn relative_url(text: &str, site: &SiteConfig) -> String {
    if has_scheme(text) {
        return text.to_owned();
    }
    let base = site.base_url().trim_end_matches('/');
    encode_url(&format!("{}{}", with_slash(base), with_slash(text)))
}

fn absolute_url(text: &str, site: &SiteConfig) -> String {
    if has_scheme(text) {
        return text.to_owned();
    }
    format!("{}{}", site.url(), relative_url(text, site))
}

fn with_slash(path: &str) -> String {
    if path.is_empty() || path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{path}")
    }
}

fn has_scheme(text: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
    text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && scheme.chars().all(is_part)
    })
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first
        .chain(letters.as_str().to_lowercase().chars())
        .collect()
}

fn escaped(text: &str) -> String {
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}

fn form_encoded(text: &str) -> String {
    const KEPT: &percent_encoding::AsciiSet = &allowing(NON_ALPHANUMERIC, b"-._* ");
    utf8_percent_encode(text, KEPT)
        .to_string()
        .replace(' ', "+")
}

/// Returns the first characters followed by `end`, `length` characters in total.
fn truncated(text: &str, length: usize, end: &str) -> String {
    if text.chars().count() <= length {
        return text.to_owned();
    }
    let kept = length.saturating_sub(end.chars().count());
    text.chars().take(kept).chain(end.chars()).collect()
}
