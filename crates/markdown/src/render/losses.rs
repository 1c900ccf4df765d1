//! Finds what readers of a page do not see.

use super::foreign::ForeignElements;
use super::page_urls::attributes;
use crate::report::{RenderWarning, RenderWarningKind};

/// Most losses of one text.
const MAX_LOSSES: usize = 1000;

/// Elements that are removed.
const REMOVED: [&str; 8] = [
    "script", "object", "embed", "applet", "svg", "canvas", "style", "iframe",
];

/// Returns a warning for each removed element of raw HTML.
pub(super) fn in_html(html: &str, first_line: usize) -> Vec<RenderWarning> {
    let mut losses = Vec::new();
    let mut elements = ForeignElements::default();
    let (mut line, mut counted) = (first_line, 0);
    for (open, _) in html.match_indices('<') {
        let inner = &html[open + 1..];
        let name_end = inner.find(|letter: char| !letter.is_ascii_alphanumeric());
        let name = inner[..name_end.unwrap_or(inner.len())].to_ascii_lowercase();
        if name != "img" && !REMOVED.contains(&name.as_str()) {
            continue;
        }
        let tag = &inner[..inner.find(['<', '>']).unwrap_or(inner.len())];
        if losses.len() == MAX_LOSSES {
            break;
        }
        let end = open + 1 + tag.len();
        let is_removed = match name.as_str() {
            "script" => {
                !source(tag).contains("gist.github.com/")
                    && elements.is_element(html, end, "script")
            }
            "style" => elements.is_element(html, end, "style"),
            "img" => of_image(&source(tag), 1).is_some(),
            "iframe" => !["https://", "http://", "//"]
                .iter()
                .any(|lead| source(tag).starts_with(lead)),
            _ => true,
        };
        if is_removed {
            line += html[counted..open].matches('\n').count();
            counted = open;
            let tag = format!("<{tag}>");
            losses.push(RenderWarning::new(line, RenderWarningKind::Removed, &tag));
        }
    }
    losses
}

/// Returns a warning if an image has its data in its URL.
pub(super) fn of_image(url: &str, line: usize) -> Option<RenderWarning> {
    let is_data = url.trim_start().get(..5)?.eq_ignore_ascii_case("data:");
    is_data.then(|| {
        let start = &url[..url.floor_char_boundary(30)];
        RenderWarning::new(line, RenderWarningKind::Removed, &format!("![]({start}…)"))
    })
}

fn source(tag: &str) -> String {
    let mut all = attributes(tag);
    let found = all.find(|(name, _)| name.eq_ignore_ascii_case("src"));
    found
        .map(|(_, url)| url.trim().to_owned())
        .unwrap_or_default()
}
