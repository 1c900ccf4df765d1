//! Excerpts of bodies for lists and feeds.

use crate::jekyll::file_name::Format;
use crate::jekyll::site::SiteConfig;
use crate::render::markdown::{all_text, first_paragraph};
use crate::targets::NoTargets;
use crate::templates;

/// The usual marker for the end of an excerpt.
const MORE: &str = "<!--more-->";
/// The longest excerpt, in characters.
const MAX_CHARACTERS: usize = 240;
/// The excerpt must begin within this many bytes of the body.
const MAX_BYTES: usize = 16 * 1024;

/// Returns the plain text of a Markdown body before `separator` or `<!--more-->`, otherwise of its first
/// paragraph. Collapses white space and cuts between words to 240 characters with an ellipsis. Returns
/// `None` if there is no text.
#[must_use]
pub fn excerpt(source: &str, site: &SiteConfig, separator: Option<&str>) -> Option<String> {
    let start = &source[..source.floor_char_boundary(MAX_BYTES)];
    let plain = |text: &str| templates::evaluate(text, Format::Markdown, site, &NoTargets).text;
    let separators = separator.into_iter().chain([MORE]);
    let split = separators
        .filter(|separator| !separator.trim().is_empty())
        .find_map(|separator| start.split_once(separator));
    let text = match split {
        Some((before, _)) => all_text(&plain(before)),
        None => first_paragraph(&plain(start))?,
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    (!words.is_empty()).then(|| shortened(&words))
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

/// Appends an ellipsis. Cuts a first word that alone is too long.
fn ellipsis(short: &str, word: &str) -> String {
    let kept = if short.is_empty() { word } else { short };
    let kept: String = kept.chars().take(MAX_CHARACTERS - 1).collect();
    format!("{}…", kept.trim_end_matches([' ', ',', ';', ':', '.', '-']))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn excerpt(source: &str) -> Option<String> {
        super::excerpt(source, &SiteConfig::default(), None)
    }

    #[test]
    fn a_separator_ends_the_excerpt() {
        let of = |source| super::excerpt(source, &SiteConfig::default(), Some("<!--cut-->"));
        assert_eq!(
            of("One.\n\nTwo.\n<!--cut-->\nThree.").as_deref(),
            Some("One. Two.")
        );
        assert_eq!(of("One.\n\nTwo.").as_deref(), Some("One."));
    }

    #[test]
    fn the_first_paragraph_is_the_excerpt() {
        let source = "# Title\n\n![a cat](/a.png)\n\nHello *dear*\n[world](/w), `x`.\n\nMore.";
        assert_eq!(excerpt(source).as_deref(), Some("Hello dear world, x."));
    }

    #[test]
    fn the_text_before_the_marker_is_the_excerpt() {
        let source = "One.\n\n- two\n- {{ 'three' }}\n\n<!--more-->\n\nFour.";
        assert_eq!(excerpt(source).as_deref(), Some("One. two three"));
    }

    #[test]
    fn long_excerpts_end_between_words() {
        let long = excerpt(&"palabra, ".repeat(60)).unwrap();
        assert!(long.ends_with("palabra…") && long.chars().count() <= 240);
        assert_eq!(excerpt(&"é".repeat(500)).unwrap().chars().count(), 240);
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
