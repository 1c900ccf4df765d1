use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::result::{Failure, LiquidResult};
use crate::budget::{Budget, TextLimit};
use crate::jekyll::permalink::{allowing, encode_url};
use crate::jekyll::site::SiteConfig;
use crate::jekyll::slugify::{SlugifyMode, slugify};

/// Applies a filter. Nil stays nil unless the filter adds text.
pub(super) fn apply(
    name: &str,
    value: Option<String>,
    arguments: &[String],
    site: &SiteConfig,
    budget: &Budget,
) -> LiquidResult {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let text = value.as_deref().unwrap_or_default();
    let length = longest_result(name, text, &arguments, site);
    budget.spend(text.len() + length)?;
    // Without a limit, chained filters such as `append` would take quadratic time and memory.
    if length as u64 > TextLimit::LiquidValue.max() {
        budget.simplify(TextLimit::LiquidValue);
        return Err(Failure::Unsupported);
    }
    if let ("default", [other]) = (name, arguments.as_slice()) {
        let is_missing = text.is_empty() || text == "false";
        return Ok(if is_missing {
            Some((*other).to_owned())
        } else {
            value
        });
    }
    let filtered = plain(name, text, &arguments)
        .or_else(|| with_words(name, text, &arguments))
        .or_else(|| url(name, text, &arguments, site))
        .ok_or(Failure::Unsupported)?;
    let is_nothing = value.is_none() && filtered.is_empty();
    Ok((!is_nothing).then_some(filtered))
}

/// Returns a length that the result does not exceed by more than a constant factor.
fn longest_result(name: &str, text: &str, arguments: &[&str], site: &SiteConfig) -> usize {
    let added = match (name, arguments) {
        ("replace", [old, new]) if !old.is_empty() => text.matches(old).count() * new.len(),
        ("relative_url" | "absolute_url", []) => site.base_url().len() + site.url().len(),
        ("append" | "prepend" | "default" | "replace_first" | "truncate", arguments) => {
            arguments.iter().map(|argument| argument.len()).sum()
        }
        _ => 0,
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
