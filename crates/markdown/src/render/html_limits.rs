//! Limits the time for parsing HTML. For many tags, the parser visits every open element, so ten
//! thousand open elements would take minutes.

use super::foreign::ForeignElements;
use crate::budget::{Budget, Stopped, TextLimit, within};

/// Maximum number of open elements. Further ones become text.
const MAX_OPEN: usize = 256;

/// The approximate length of text nodes, in bytes. Writing a node with many `&` or characters such
/// as `¿` takes time quadratic in its length.
const MAX_TEXT: usize = 8 * 1024;

/// Elements that the parser opens again after the end of a block, once for each open one.
const FORMATTING: &[&str] = &[
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];
/// Elements without content.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];
/// Elements that end before the next element of their kind, so they cannot nest.
const SELF_ENDING: &[&str] = &[
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup",
    "colgroup", "body", "head", "html",
];
/// Elements with content that is not HTML. None of them is in the result, except players without content.
const FOREIGN: &[&str] = &[
    "iframe",
    "noembed",
    "noframes",
    "noscript",
    "plaintext",
    "script",
    "style",
    "template",
    "textarea",
    "title",
    "xmp",
];

/// Limits the open elements to [`MAX_OPEN`] and replaces the elements in [`FOREIGN`]. The count can be
/// too high, never too low: an end tag closes only the element that was opened last.
///
/// # Errors
/// [`Stopped`] if the HTML has too many tags or nobody waits any more.
pub(super) fn limited(html: &str, budget: &Budget) -> Result<String, Stopped> {
    let mut limited = String::with_capacity(html.len());
    let mut open = OpenElements::default();
    let mut foreign = ForeignElements::default();
    let (mut at, mut tags) = (0, 0);
    while let Some(start) = html[at..].find('<').map(|found| at + found) {
        push_text(&mut limited, &html[at..start]);
        let (tag, end) = tag_at(html, start);
        let from = at;
        tags += 1 + open.formatting;
        at = match tag {
            HtmlTag::Start(name) if FOREIGN.contains(&name.as_str()) => {
                let (replacement, after) = foreign.start(html, (start, end), &name);
                limited.push_str(&replacement);
                after
            }
            HtmlTag::End(name) if FOREIGN.contains(&name.as_str()) => {
                limited.push_str(&foreign.end(&html[start..end], &name));
                end
            }
            HtmlTag::Start(name) if counts(&name) && open.names.len() >= MAX_OPEN => {
                budget.simplify(TextLimit::Nesting);
                limited.push_str(&html[start..end].replace('<', "&lt;"));
                end
            }
            HtmlTag::Crowded => {
                // The parser compares each attribute with all before it.
                budget.simplify(TextLimit::HtmlAttributes);
                limited.push_str(&html[start..end].replace('<', "&lt;"));
                end
            }
            tag => {
                open.count(tag);
                limited.push_str(&html[start..end]);
                end
            }
        };
        budget.spend(at - from)?;
        within(TextLimit::HtmlTags, tags)?;
    }
    push_text(&mut limited, &html[at..]);
    Ok(limited)
}

/// Writes text and cuts it into nodes of limited length with comments, which the sanitiser removes.
fn push_text(html: &mut String, mut text: &str) {
    let can_cut = |letter: char| letter == '&' || letter.is_whitespace() || !letter.is_ascii();
    while text.len() > MAX_TEXT {
        let from = text.floor_char_boundary(MAX_TEXT);
        let Some(length) = text[from..].find(can_cut).map(|found| from + found) else {
            break;
        };
        html.push_str(&text[..length]);
        html.push_str("<!---->");
        text = &text[length..];
    }
    html.push_str(text);
}

fn counts(name: &str) -> bool {
    !VOID.contains(&name) && !SELF_ENDING.contains(&name)
}

#[derive(Default)]
struct OpenElements {
    names: Vec<String>,
    /// The number of those in [`FORMATTING`].
    formatting: u64,
}

impl OpenElements {
    fn count(&mut self, tag: HtmlTag) {
        let is_formatting = |name: &String| u64::from(FORMATTING.contains(&name.as_str()));
        match tag {
            HtmlTag::Start(name) if counts(&name) => {
                self.formatting += is_formatting(&name);
                self.names.push(name);
            }
            HtmlTag::End(name) => {
                let ended = self.names.pop_if(|last| *last == name);
                self.formatting -= ended.as_ref().map_or(0, is_formatting);
            }
            _ => {}
        }
    }
}

enum HtmlTag {
    Start(String),
    End(String),
    /// A tag with too many attributes.
    Crowded,
    /// A comment, a declaration, or a literal `<`.
    Other,
}

/// Returns the tag that begins with the `<` at `start`, and its end.
fn tag_at(html: &str, start: usize) -> (HtmlTag, usize) {
    let after = &html[start + 1..];
    let (is_end, after) = after
        .strip_prefix('/')
        .map_or((false, after), |after| (true, after));
    if after.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        let is_end_of_name =
            |letter: char| letter.is_ascii_whitespace() || matches!(letter, '/' | '>');
        let name = after
            .find(is_end_of_name)
            .map_or(after, |length| &after[..length]);
        let (rest, attributes) = after_attributes(&after[name.len()..]);
        let name = name.to_ascii_lowercase();
        let tag = match is_end {
            _ if attributes > TextLimit::HtmlAttributes.max() => HtmlTag::Crowded,
            true => HtmlTag::End(name),
            false => HtmlTag::Start(name),
        };
        return (tag, html.len() - rest.len());
    }
    let end = match after.strip_prefix("!--") {
        Some(comment) if !is_end => html.len() - after_comment(comment).len(),
        _ if is_end || after.starts_with(['!', '?']) => after
            .find('>')
            .map_or(html.len(), |found| html.len() - after.len() + found + 1),
        _ => start + 1,
    };
    (HtmlTag::Other, end)
}

/// Returns the text after the `>` of a tag, and the number of its attributes. `rest` begins after its
/// name. As in the HTML standard, quotes count only at the start of a value.
fn after_attributes(mut rest: &str) -> (&str, u64) {
    let mut attributes = 0;
    loop {
        rest =
            rest.trim_start_matches(|letter: char| letter.is_ascii_whitespace() || letter == '/');
        let Some(first) = rest.chars().next() else {
            return (rest, attributes);
        };
        if first == '>' {
            return (&rest[1..], attributes);
        }
        attributes += 1;
        let is_end =
            |letter: char| letter.is_ascii_whitespace() || matches!(letter, '/' | '>' | '=');
        rest = rest[first.len_utf8()..].trim_start_matches(|letter| !is_end(letter));
        let value = rest.trim_ascii_start();
        if let Some(value) = value.strip_prefix('=') {
            rest = after_value(value.trim_ascii_start());
        }
    }
}

fn after_value(value: &str) -> &str {
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).map_or("", |(_, rest)| rest),
        _ => {
            value.trim_start_matches(|letter: char| !letter.is_ascii_whitespace() && letter != '>')
        }
    }
}

fn after_comment(comment: &str) -> &str {
    if let Some(rest) = comment
        .strip_prefix('>')
        .or_else(|| comment.strip_prefix("->"))
    {
        return rest;
    }
    let mut dashes = comment.match_indices("--");
    let end = dashes.find_map(|(at, _)| {
        let rest = &comment[at + 2..];
        // The last two of several dashes can end the comment.
        let rest = rest.trim_start_matches('-');
        rest.strip_prefix('>').or_else(|| rest.strip_prefix("!>"))
    });
    end.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::render::resolve::ResolvedUrls;
    use crate::render::sanitise;

    fn within_limits(html: &str) -> String {
        limited(html, &Budget::default()).unwrap()
    }

    fn cleaned(html: &str) -> String {
        sanitise::clean(html, ResolvedUrls::default(), &Budget::default()).unwrap()
    }

    #[test]
    fn ordinary_html_is_not_changed() {
        for html in [
            "<p>a<p>b <br><b title=\"</b>\">c</b> < d </ e <!-- <b> --> <!--> f",
            "<ul><li>a<li>b</ul><a href=x/y>z</a>",
            "<x",
            "<!-- open",
        ] {
            assert_eq!(within_limits(html), html);
        }
    }

    #[test]
    fn elements_beyond_the_limit_become_text() {
        let html = within_limits(&"<div>".repeat(300));
        assert_eq!(
            (
                html.matches("<div>").count(),
                html.matches("&lt;div>").count()
            ),
            (256, 44)
        );
        let closed = "<div></div>".repeat(300);
        assert_eq!(within_limits(&closed), closed);
    }

    #[test]
    fn long_texts_are_cut_and_sanitised_to_the_same_text() {
        let text = "¿a &amp; b?".repeat(5000);
        assert!(within_limits(&text).contains("<!---->"));
        assert_eq!(cleaned(&within_limits(&text)), text);
        assert_eq!(within_limits(&"a".repeat(50_000)).len(), 50_000);
    }

    #[test]
    fn no_trick_bypasses_the_limit() {
        for trick in [
            "<div></x>",
            "<div><!--</div>-->",
            "<div><i title='</div>'></i>",
            "<div><i =\"></i><x title=\"></div>\"></x>",
            "<div><textarea></div></textarea>",
            "<div><textarea><!--</textarea>",
            "<div><!--></div",
        ] {
            let html = cleaned(&within_limits(&trick.repeat(2000)));
            let depths = html.split('<').scan(0_usize, |depth, tag| {
                match tag {
                    tag if tag.starts_with("div>") => *depth += 1,
                    tag if tag.starts_with("/div>") => *depth -= 1,
                    _ => {}
                }
                Some(*depth)
            });
            assert!(depths.max() <= Some(MAX_OPEN), "{trick}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_limit_panic(html in "[<>/!a-c='\" \n?é-]{0,120}") {
            prop_assert!(within_limits(&html).len() <= html.len() * 4);
        }
    }
}
