//! The images and links a page names.

use percent_encoding::percent_decode_str;

/// What names something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum UrlRole {
    Image,
    Link,
}

/// Something a page names, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PageUrl {
    pub(super) role: UrlRole,
    pub(super) written: String,
    pub(super) line: usize,
    /// What stands for an image where it cannot be seen.
    pub(super) alt: Option<String>,
}

impl PageUrl {
    pub(super) fn image(written: &str, line: usize, alt: Option<&str>) -> Self {
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

/// Percent-encoding undone, so that the same thing has one name however it was written.
pub(super) fn decoded(written: &str) -> String {
    percent_decode_str(written.trim())
        .decode_utf8_lossy()
        .into_owned()
}

/// The addresses of a `srcset`, each with what follows it.
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

/// What raw HTML names. Only the attributes of tags are looked at, so this is no parser: what it
/// misses stays as it was written.
pub(super) fn in_html(html: &str, first_line: usize) -> Vec<PageUrl> {
    let mut named = Vec::new();
    let (mut line, mut counted) = (first_line, 0);
    let mut at = 0;
    while let Some(open) = html[at..].find('<').map(|found| at + found) {
        let end = html[open + 1..]
            .find(['<', '>'])
            .map_or(html.len(), |found| open + 1 + found);
        line += html[counted..open].matches('\n').count();
        counted = open;
        in_tag(&html[open + 1..end], line, &mut named);
        at = end;
    }
    named
}

fn in_tag(tag: &str, line: usize, named: &mut Vec<PageUrl>) {
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
            ("img", "src") | ("video", "poster") => named.push(PageUrl::image(&value, line, alt)),
            ("img" | "source", "srcset") => {
                named.extend(
                    candidates(&value).map(|(address, _)| PageUrl::image(address, line, alt)),
                );
            }
            ("a", "href") => named.push(PageUrl::link(&value, line)),
            _ => {}
        }
    }
}

fn attributes(mut tag: &str) -> impl Iterator<Item = (&str, String)> {
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
    fn raw_html_names_its_images_and_links() {
        let html = "<p>\n<IMG alt='x' src=\"/A b.png\"\n srcset=\"/a.png 1x, /b c.png 600w\">\n<a href=/old>x</a>";
        let named: Vec<_> = in_html(html, 5)
            .into_iter()
            .map(|named| (named.written, named.line))
            .collect();
        let expected = [("/A b.png", 6), ("/a.png", 6), ("/b c.png", 6), ("/old", 8)];
        assert_eq!(named, expected.map(|(name, line)| (name.to_owned(), line)));
    }

    #[test]
    fn an_image_is_named_with_the_text_that_stands_for_it() {
        let named = in_html("<img src=a.png alt='Una tabla'><img src=b.png alt=''>", 1);
        let texts: Vec<_> = named.iter().map(|named| named.alt.as_deref()).collect();
        assert_eq!(texts, [Some("Una tabla"), None]);
    }
}
