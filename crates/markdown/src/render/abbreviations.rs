use std::collections::BTreeMap;

use comrak::Node;
use comrak::nodes::NodeValue;

use crate::budget::{Budget, Stopped};

/// Marks the abbreviations in a text.
pub(super) fn mark(
    node: Node<'_>,
    abbreviations: &BTreeMap<String, String>,
    budget: &Budget,
) -> Result<(), Stopped> {
    if abbreviations.is_empty() {
        return Ok(());
    }
    let mut data = node.data_mut();
    let NodeValue::Text(text) = &data.value else {
        return Ok(());
    };
    budget.spend(text.len() * abbreviations.len())?;
    if let Some(html) = marked(text, abbreviations) {
        budget.spend(html.len())?;
        data.value = NodeValue::HtmlInline(html);
    }
    Ok(())
}

fn marked(text: &str, abbreviations: &BTreeMap<String, String>) -> Option<String> {
    let mut html = String::new();
    let (mut copied, mut at) = (0, 0);
    let mut is_word_start = true;
    while let Some(letter) = text[at..].chars().next() {
        let found = is_word_start
            .then(|| at_start(&text[at..], abbreviations))
            .flatten();
        let Some((name, meaning)) = found else {
            is_word_start = !letter.is_alphanumeric();
            at += letter.len_utf8();
            continue;
        };
        escape(&mut html, &text[copied..at]);
        html.push_str("<abbr title=\"");
        escape(&mut html, meaning);
        html.push_str("\">");
        escape(&mut html, name);
        html.push_str("</abbr>");
        at += name.len();
        copied = at;
        is_word_start = false;
    }
    escape(&mut html, &text[copied..]);
    (copied > 0).then_some(html)
}

/// The longest abbreviation at the start of a text that ends with a word.
fn at_start<'a>(
    text: &str,
    abbreviations: &'a BTreeMap<String, String>,
) -> Option<(&'a str, &'a str)> {
    let is_whole = |name: &str| {
        let rest = text.strip_prefix(name);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    let found = abbreviations.iter().filter(|(name, _)| is_whole(name));
    let longest = found.max_by_key(|(name, _)| name.len());
    longest.map(|(name, meaning)| (name.as_str(), meaning.as_str()))
}

fn escape(html: &mut String, text: &str) {
    comrak::html::escape(html, text).expect("writing to a string does not fail");
}
