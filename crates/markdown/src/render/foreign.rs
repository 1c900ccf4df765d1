//! Decides about elements whose content is not HTML: a name in prose becomes text, a video is embedded,
//! other frames become links, and scripts and styles are removed.

use std::collections::BTreeMap;

use super::page_urls::attributes;

/// The most content that is read to tell an element from its name in prose, in bytes.
const MAX_LOOK: usize = 4096;

/// The hosts of players, each with the start of its paths.
const PLAYERS: [(&str, &str); 4] = [
    ("www.youtube.com", "/embed/"),
    ("youtube.com", "/embed/"),
    ("www.youtube-nocookie.com", "/embed/"),
    ("player.vimeo.com", "/video/"),
];

/// The replacement of a tag, and the position after it.
pub(super) type Replacement = (String, usize);

/// The elements of one text.
#[derive(Debug, Default)]
pub(super) struct ForeignElements {
    /// For each name, the next end tag. It is searched again only after its position.
    ends: BTreeMap<String, Option<(usize, usize)>>,
    /// The open `noscript` elements whose content is shown.
    shown: usize,
}

impl ForeignElements {
    /// Replaces the start tag of `name` from `start` to `end`.
    pub(super) fn start(
        &mut self,
        html: &str,
        (start, end): (usize, usize),
        name: &str,
    ) -> Replacement {
        let tag = &html[start..end];
        let after = self.close(html, end, name).map_or(end, |(_, after)| after);
        match name {
            "iframe" => (frame(tag, name).unwrap_or_default(), after),
            _ if !self.is_element(html, end, name) => (tag.replace('<', "&lt;"), end),
            "script" => (snippet(tag, name).unwrap_or_default(), after),
            "style" => (String::new(), after),
            _ => {
                self.shown += 1;
                (String::new(), end)
            }
        }
    }

    /// Whether the tag that ends at `end` begins an element, and is not a name in prose.
    pub(super) fn is_element(&mut self, html: &str, end: usize, name: &str) -> bool {
        let Some((close, _)) = self.close(html, end, name) else {
            return false;
        };
        let content = &html[end..html.floor_char_boundary(close.min(end + MAX_LOOK))];
        match name {
            "script" => true,
            "style" => content.contains('{'),
            "noscript" => content.contains('<'),
            _ => false,
        }
    }

    /// Replaces an end tag.
    pub(super) fn end(&mut self, tag: &str, name: &str) -> String {
        if name == "iframe" || (name == "noscript" && self.shown > 0) {
            self.shown -= usize::from(name == "noscript");
            return String::new();
        }
        tag.replace('<', "&lt;")
    }

    /// The next end tag of `name` from `from` on: its start and its end.
    fn close(&mut self, html: &str, from: usize, name: &str) -> Option<(usize, usize)> {
        match self.ends.get(name) {
            Some(Some((start, _))) if *start < from => {}
            Some(known) => return *known,
            None => {}
        }
        let found = end_tag(html, from, name);
        self.ends.insert(name.to_owned(), found);
        found
    }
}

fn end_tag(html: &str, from: usize, name: &str) -> Option<(usize, usize)> {
    let mut at = from;
    while let Some(start) = html[at..].find("</").map(|found| at + found) {
        let is_named = html[start + 2..]
            .get(..name.len())
            .is_some_and(|other| other.eq_ignore_ascii_case(name));
        if is_named {
            let end = html[start..]
                .find('>')
                .map_or(html.len(), |found| start + found + 1);
            return Some((start, end));
        }
        at = start + 2;
    }
    None
}

fn attribute(tag: &str, name: &str, wanted: &str) -> Option<String> {
    let inner = tag.get(1 + name.len()..)?.trim_end_matches(['>', '/']);
    let mut found = attributes(inner).filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
    found.next().map(|(_, value)| value.trim().to_owned())
}

/// A player of a known host, or a link.
fn frame(tag: &str, name: &str) -> Option<String> {
    let source = attribute(tag, name, "src")?;
    let rest = ["https://", "http://", "//"]
        .iter()
        .find_map(|lead| source.strip_prefix(lead))?;
    if !is_player(rest) {
        return Some(link(&source, rest));
    }
    let size = |side: &str| {
        let value = attribute(tag, name, side).filter(|value| value.parse::<u16>().is_ok());
        value.map_or_else(String::new, |value| format!(" {side}=\"{value}\""))
    };
    let (width, height) = (size("width"), size("height"));
    Some(format!(
        "<iframe src=\"https://{}\"{width}{height} allowfullscreen=\"\" loading=\"lazy\"></iframe>",
        escaped(rest)
    ))
}

/// Whether an address without its scheme is that of a player.
fn is_player(address: &str) -> bool {
    PLAYERS.iter().any(|(host, path)| {
        address
            .strip_prefix(host)
            .is_some_and(|rest| rest.starts_with(path))
    })
}

/// Whether a frame can have this URL.
pub(super) fn is_allowed_frame(url: &str) -> bool {
    url.strip_prefix("https://").is_some_and(is_player)
}

/// A link to a snippet of code that a script would show.
fn snippet(tag: &str, name: &str) -> Option<String> {
    let source = attribute(tag, name, "src")?;
    let rest = ["https://", "http://", "//"]
        .iter()
        .find_map(|lead| source.strip_prefix(lead))?;
    let page = rest.strip_prefix("gist.github.com/")?;
    let page = page.split_once(".js").map_or(page, |(page, _)| page);
    let address = format!("gist.github.com/{page}");
    Some(link(&format!("https://{address}"), &address))
}

fn link(url: &str, text: &str) -> String {
    format!("<a href=\"{}\">{}</a>", escaped(url), escaped(text))
}

fn escaped(text: &str) -> String {
    let mut html = String::new();
    comrak::html::escape(&mut html, text).expect("writing to a string does not fail");
    html
}

#[cfg(test)]
mod tests {
    use crate::budget::Budget;
    use crate::render::render_plain;

    fn within_limits(html: &str) -> String {
        crate::render::html_limits::limited(html, &Budget::default()).unwrap()
    }

    fn cleaned(html: &str) -> String {
        let html = render_plain(html).html;
        html.trim()
            .trim_start_matches("<p>")
            .trim_end_matches("</p>")
            .to_owned()
    }

    #[test]
    fn scripts_and_styles_are_removed_and_names_in_prose_become_text() {
        for (html, expected) in [
            (
                "a<script>if (a < b) '</b>'</SCRIPT >c<style>x",
                "ac&lt;style>x",
            ),
            ("<style>b { c: d }</style>e", "e"),
            (
                "the <title> of <b>x</b></title>",
                "the &lt;title> of <b>x</b>&lt;/title>",
            ),
            ("<script> and <textarea>", "&lt;script> and &lt;textarea>"),
            (
                "<noscript><img src=a></noscript> <noscript>",
                "<img src=a> &lt;noscript>",
            ),
            ("<iframe>", ""),
        ] {
            assert_eq!(within_limits(html), expected);
        }
    }

    #[test]
    fn players_are_embedded_and_other_frames_are_links() {
        let player = "<iframe width=560 height='x' src='//www.youtube.com/embed/a?b=1&amp;c' onload=x>d</iframe>e";
        assert_eq!(
            cleaned(player),
            "<iframe src=\"https://www.youtube.com/embed/a?b=1&amp;c\" width=\"560\" allowfullscreen=\"\" \
             loading=\"lazy\" sandbox=\"allow-popups allow-presentation allow-same-origin allow-scripts\"></iframe>e"
        );
        let other = "<iframe src=\"https://maps.example/a\"></iframe>";
        assert_eq!(
            cleaned(other),
            "<a href=\"https://maps.example/a\">maps.example/a</a>"
        );
        for unsafe_frame in [
            "<iframe src='javascript:x'></iframe>",
            "<iframe srcdoc='<b>'></iframe>",
            "<iframe src='https://www.youtube.com.evil.example/embed/a'></iframe>",
        ] {
            assert!(!cleaned(unsafe_frame).contains("<iframe"), "{unsafe_frame}");
        }
        let gist = "<script src=\"https://gist.github.com/ana/1.js?file=a\"></script>";
        assert_eq!(
            within_limits(gist),
            "<a href=\"https://gist.github.com/ana/1\">gist.github.com/ana/1</a>"
        );
    }
}
