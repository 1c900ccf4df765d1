use std::collections::BTreeMap;

use super::syntax::{Parsed, ShortcodeTag, TagKind, tag};
use crate::budget::{Budget, Stopped};
use crate::generator::Generator;
use crate::jekyll::file_name::Format;
use crate::segments::{Segment, SegmentScanner};

/// A part of a body.
#[derive(Debug)]
pub(super) struct ShortcodeToken<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: ShortcodeTokenKind<'a>,
}

#[derive(Debug)]
pub(super) enum ShortcodeTokenKind<'a> {
    Text,
    Code,
    /// An escaped shortcode in text, in three parts.
    Escaped(&'a str, &'a str, &'a str),
    /// A tag, with the index of the token that closes it.
    Tag(ShortcodeTag<'a>, Option<usize>),
}

/// Splits a body.
///
/// # Errors
/// Fails with the reason if the work ended early.
pub(super) fn tokens<'a>(
    source: &'a str,
    format: Format,
    generator: Generator,
    budget: &Budget,
) -> Result<Vec<ShortcodeToken<'a>>, Stopped> {
    let mut scanner = SegmentScanner::new(source);
    let mut tokens: Vec<ShortcodeToken<'_>> = Vec::new();
    let mut at = 0;
    while at < source.len() {
        let mut steps = 1;
        let found = source[at..]
            .starts_with('{')
            .then(|| tag(generator, &source[at..], &mut steps))
            .flatten();
        budget.spend(steps)?;
        let (kind, end) = match found {
            Some((Parsed::Tag(tag), length)) => (ShortcodeTokenKind::Tag(tag, None), at + length),
            Some((Parsed::Escaped(open, content, close), length)) => (
                ShortcodeTokenKind::Escaped(open, content, close),
                at + length,
            ),
            None => match segment(&mut scanner, source, at, format) {
                Segment::Text(end) => (ShortcodeTokenKind::Text, end),
                Segment::Code(end) => (ShortcodeTokenKind::Code, end),
            },
        };
        match tokens.last_mut() {
            Some(last)
                if matches!(
                    (&last.kind, &kind),
                    (ShortcodeTokenKind::Text, ShortcodeTokenKind::Text)
                ) =>
            {
                last.end = end;
            }
            _ => tokens.push(ShortcodeToken {
                start: at,
                end,
                kind,
            }),
        }
        at = end;
    }
    pair(&mut tokens);
    Ok(tokens)
}

/// HTML has no Markdown code.
fn segment(scanner: &mut SegmentScanner<'_>, source: &str, at: usize, format: Format) -> Segment {
    if format == Format::Markdown {
        return scanner.next_segment(at);
    }
    let next = source[at + 1..].find('{').map(|found| at + 1 + found);
    Segment::Text(next.unwrap_or(source.len()))
}

/// Finds the closing tag of each block: in Hugo the next one with its name, in Zola the next `end`.
fn pair(tokens: &mut [ShortcodeToken<'_>]) {
    let mut open: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut pairs = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let ShortcodeTokenKind::Tag(tag, _) = &token.kind else {
            continue;
        };
        let names = [tag.name, "end"];
        match tag.kind {
            TagKind::Single => {}
            TagKind::Open => {
                for name in names {
                    open.entry(name.to_owned()).or_default().push(index);
                }
            }
            TagKind::Close => {
                if let Some(opening) = open.get_mut(tag.name).and_then(Vec::pop) {
                    pairs.push((opening, index));
                }
            }
        }
    }
    for (opening, closing) in pairs {
        if let ShortcodeTokenKind::Tag(_, close) = &mut tokens[opening].kind {
            *close = Some(closing);
        }
    }
}
