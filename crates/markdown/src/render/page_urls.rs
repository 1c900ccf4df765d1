//! Collects the URLs of images and links in a page.

use percent_encoding::percent_decode_str;

/// The role of a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum UrlRole {
    Image,
    Link,
}

/// The longest alternative text that a reference keeps, in bytes. All candidates of a `srcset` repeat it.
const MAX_ALT: usize = 1024;

/// A URL as the page contains it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PageUrl {
    pub(super) role: UrlRole,
    pub(super) written: String,
    pub(super) line: usize,
    /// The alternative text of an image.
    pub(super) alt: Option<String>,
}

impl PageUrl {
    pub(super) fn image(written: &str, line: usize, alt: Option<&str>) -> Self {
        let alt = alt.map(|alt| &alt[..alt.floor_char_boundary(MAX_ALT)]);
        let alt = alt.map(str::trim).filter(|alt| !alt.is_empty());
        Self {
            role: UrlRole::Image,
            written: written.to_owned(),
            line,
            alt: alt.map(str::to_owned),
        }
    }

    pub(super) fn link(written: &str, line: usize) -> Self {
        Self {
            role: UrlRole::Link,
            written: written.to_owned(),
            line,
            alt: None,
        }
    }
}

/// Removes percent-encoding, so that all spellings of a URL are equal.
pub(super) fn decoded(written: &str) -> String {
    percent_decode_str(written.trim())
        .decode_utf8_lossy()
        .into_owned()
}

/// Returns the URLs of a `srcset`, each with its size.
pub(super) fn candidates(srcset: &str) -> impl Iterator<Item = (&str, &str)> {
    let parts = srcset
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    parts.map(|part| match part.rsplit_once(char::is_whitespace) {
        Some((address, size)) if size.ends_with(['w', 'x']) => (address.trim(), size),
        _ => (part, ""),
    })
}

/// Collects the URLs of raw HTML from the attributes of its tags. It is not a full parser; a URL
/// that it misses stays as written.
pub(super) fn in_html(html: &str, first_line: usize) -> Vec<PageUrl> {
    let mut urls = Vec::new();
    let (mut line, mut counted) = (first_line, 0);
    let mut at = 0;
    while let Some(open) = html[at..].find('<').map(|found| at + found) {
        let end = html[open + 1..]
            .find(['<', '>'])
            .map_or(html.len(), |found| open + 1 + found);
        line += html[counted..open].matches('\n').count();
        counted = open;
        in_tag(&html[open + 1..end], line, &mut urls);
        at = end;
    }
    urls
}

fn in_tag(tag: &str, line: usize, urls: &mut Vec<PageUrl>) {
    let name_end = tag
        .find(|letter: char| !letter.is_ascii_alphanumeric())
        .unwrap_or(tag.len());
    let element = tag[..name_end].to_ascii_lowercase();
    if !matches!(element.as_str(), "img" | "source" | "video" | "a") {
        return;
    }
    let alt = attributes(&tag[name_end..]).find(|(name, _)| name.eq_ignore_ascii_case("alt"));
    let alt = alt.as_ref().map(|(_, text)| text.as_str());
    for (attribute, value) in attributes(&tag[name_end..]) {
        match (element.as_str(), attribute.to_ascii_lowercase().as_str()) {
            ("img", "src") | ("video", "poster") => urls.push(PageUrl::image(&value, line, alt)),
            ("img" | "source", "srcset") => {
                urls.extend(
                    candidates(&value).map(|(address, _)| PageUrl::image(address, line, alt)),
                );
            }
            ("a", "href") => urls.push(PageUrl::link(&value, line)),
            _ => {}
        }
    }
}

pub(super) fn attributes(mut tag: &str) -> impl Iterator<Item = (&str, String)> {
    std::iter::from_fn(move || {
        let (before, after) = tag.split_once('=')?;
        let name = before
            .trim_end()
            .rsplit(char::is_whitespace)
            .next()
            .unwrap_or_default();
        let after = after.trim_start();
        let (value, rest) = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
            _ => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        tag = rest;
        Some((name, value.replace("&amp;", "&")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_and_links_of_raw_html_are_collected() {
        let html = "<p>\n<IMG alt='x' src=\"/A b.png\"\n srcset=\"/a.png 1x, /b c.png 600w\">\n<a href=/old>x</a>";
        let urls: Vec<_> = in_html(html, 5)
            .into_iter()
            .map(|urls| (urls.written, urls.line))
            .collect();
        let expected = [("/A b.png", 6), ("/a.png", 6), ("/b c.png", 6), ("/old", 8)];
        assert_eq!(urls, expected.map(|(name, line)| (name.to_owned(), line)));
    }

    #[test]
    fn an_image_has_its_alternative_text() {
        let urls = in_html("<img src=a.png alt='Una tabla'><img src=b.png alt=''>", 1);
        let texts: Vec<_> = urls.iter().map(|urls| urls.alt.as_deref()).collect();
        assert_eq!(texts, [Some("Una tabla"), None]);
    }
}
