//! The first words of a body, for lists and feeds.

use crate::jekyll::file_name::Format;
use crate::jekyll::site::SiteConfig;
use crate::liquid;
use crate::render::markdown::{all_text, first_paragraph};
use crate::targets::NoTargets;

/// Where authors of many generators end their excerpt.
const MORE: &str = "<!--more-->";
/// The longest excerpt, in characters.
const MAX_CHARACTERS: usize = 240;
/// How much of a body is looked at, in bytes: an excerpt further down is none.
const MAX_BYTES: usize = 16 * 1024;

/// The plain text of a Markdown body before `<!--more-->`, else of its first paragraph: white space
/// collapsed, no longer than 240 characters, cut between words with an ellipsis. None when there
/// is no text.
#[must_use]
pub fn excerpt(source: &str) -> Option<String> {
    excerpt_until(source, MORE)
}

/// As [`excerpt`], for a site whose excerpts end at `separator`.
#[must_use]
pub fn excerpt_until(source: &str, separator: &str) -> Option<String> {
    let start = &source[..source.floor_char_boundary(MAX_BYTES)];
    let before = [separator, MORE]
        .iter()
        .find_map(|mark| before(start, mark));
    let plain = |text: &str| {
        liquid::evaluate(text, Format::Markdown, &SiteConfig::default(), &NoTargets).text
    };
    let text = match before {
        Some(before) => all_text(&plain(before)),
        None => first_paragraph(&plain(start))?,
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    (!words.is_empty()).then(|| shortened(&words))
}

/// A separator of white space alone, such as Jekyll's blank line, says no more than the end of the
/// first paragraph, and would count before it.
fn before<'a>(text: &'a str, separator: &str) -> Option<&'a str> {
    let is_visible = !separator.trim().is_empty();
    text.split_once(separator)
        .filter(|_| is_visible)
        .map(|(before, _)| before)
}

fn shortened(words: &[&str]) -> String {
    let mut short = String::new();
    let mut length = 0;
    for word in words {
        let space = usize::from(!short.is_empty());
        let needed = space + word.chars().count();
        if length + needed > MAX_CHARACTERS {
            return ellipsis(&short, word);
        }
        length += needed;
        short.push_str(if space == 1 { " " } else { "" });
        short.push_str(word);
    }
    short
}

/// Ends a text that goes on. A first word that is too long by itself is cut.
fn ellipsis(short: &str, word: &str) -> String {
    let kept = if short.is_empty() { word } else { short };
    let kept: String = kept.chars().take(MAX_CHARACTERS - 1).collect();
    format!("{}…", kept.trim_end_matches([' ', ',', ';', ':', '.', '-']))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_paragraph_is_the_excerpt() {
        let source = "# Title\n\n![a cat](/a.png)\n\nHello *dear*\n[world](/w), `x`.\n\nMore.";
        assert_eq!(excerpt(source).as_deref(), Some("Hello dear world, x."));
    }

    #[test]
    fn everything_before_the_mark_is_the_excerpt() {
        let source = "One.\n\n- two\n- {{ 'three' }}\n\n<!--more-->\n\nFour.";
        assert_eq!(excerpt(source).as_deref(), Some("One. two three"));
        assert_eq!(
            excerpt_until("One.\n\nTwo. ~~~cut\n", "~~~cut").as_deref(),
            Some("One. Two.")
        );
        assert_eq!(
            excerpt_until("One.\n\nTwo.", "\n\n").as_deref(),
            Some("One.")
        );
    }

    #[test]
    fn long_excerpts_end_between_words() {
        let excerpt = excerpt(&"palabra, ".repeat(60)).unwrap();
        assert!(excerpt.ends_with("palabra…") && excerpt.chars().count() <= 240);
        assert_eq!(
            super::excerpt(&"é".repeat(500)).unwrap().chars().count(),
            240
        );
    }

    #[test]
    fn a_body_without_text_has_no_excerpt() {
        assert_eq!(excerpt(""), None);
        assert_eq!(excerpt("![a](b.png)\n\n---\n"), None);
    }

    proptest! {
        #[test]
        fn no_excerpt_is_longer_than_the_limit(source in ".{0,400}") {
            let length = excerpt(&source).map_or(0, |excerpt| excerpt.chars().count());
            prop_assert!(length <= MAX_CHARACTERS);
        }
    }
}
