//! Finds the address of a post in a path that follows a pattern.

use super::url_part::{Placeholder, UrlPart};
use crate::values::{Address, Locale, Slug};

/// What a path contains so far.
#[derive(Debug, Clone, Default)]
struct Found {
    slug: Option<Slug>,
    locale: Option<Locale>,
}

pub(super) fn address_in(parts: &[UrlPart], path: &str, default: &Locale) -> Option<Address> {
    let path = path.strip_suffix("index.html").unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    let found = matched(parts, path, &Found::default());
    // A post without a category has a path without that segment.
    let found = found.or_else(|| matched(&without_category(parts)?, path, &Found::default()))?;
    Some(Address {
        locale: found.locale.unwrap_or_else(|| default.clone()),
        slug: found.slug?,
    })
}

/// The parts without the category and one of the slashes around it.
fn without_category(parts: &[UrlPart]) -> Option<Vec<UrlPart>> {
    let category = UrlPart::Placeholder(Placeholder::Category);
    let at = parts.iter().position(|part| *part == category)?;
    let mut parts = parts.to_vec();
    parts.remove(at);
    if let (Some(UrlPart::Text(before)), Some(UrlPart::Text(after))) = (
        parts.get(at.wrapping_sub(1)).cloned(),
        parts.get(at).cloned(),
    ) {
        let joined = format!("{before}{after}").replace("//", "/");
        parts.splice(at - 1..=at, [UrlPart::Text(joined)]);
    }
    Some(parts)
}

fn matched(parts: &[UrlPart], path: &str, found: &Found) -> Option<Found> {
    let Some((first, rest)) = parts.split_first() else {
        return path.is_empty().then(|| found.clone());
    };
    match first {
        UrlPart::Text(text) => {
            let text = if rest.is_empty() {
                text.strip_suffix('/').unwrap_or(text)
            } else {
                text
            };
            matched(rest, path.strip_prefix(text)?, found)
        }
        UrlPart::Placeholder(placeholder) => {
            let mut ends = 1..=longest(*placeholder, path);
            ends.find_map(|end| {
                let found = found.with(*placeholder, path.get(..end)?)?;
                matched(rest, &path[end..], &found)
            })
        }
    }
}

/// The number of bytes that the value of a placeholder can have at the start of a path.
fn longest(placeholder: Placeholder, path: &str) -> usize {
    let is_part = |byte: u8| match placeholder {
        Placeholder::Category | Placeholder::Path => {
            byte.is_ascii_alphanumeric() || b"-/".contains(&byte)
        }
        Placeholder::Year | Placeholder::Month | Placeholder::Day => byte.is_ascii_digit(),
        Placeholder::Slug | Placeholder::Locale => byte.is_ascii_alphanumeric() || byte == b'-',
    };
    path.bytes().take_while(|byte| is_part(*byte)).count()
}

impl Found {
    /// With the value of a placeholder; `None` if it cannot have this value.
    fn with(&self, placeholder: Placeholder, value: &str) -> Option<Self> {
        let mut found = self.clone();
        match placeholder {
            Placeholder::Slug => found.slug = Some(value.parse().ok()?),
            Placeholder::Locale => found.locale = Some(value.parse().ok()?),
            Placeholder::Year => (value.len() == 4).then_some(())?,
            Placeholder::Month | Placeholder::Day => (value.len() == 2).then_some(())?,
            Placeholder::Category | Placeholder::Path => {}
        }
        Some(found)
    }
}
