use super::arguments::Arguments;
use crate::generator::Generator;

/// A tag of a shortcode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ShortcodeTag<'a> {
    pub(super) name: &'a str,
    pub(super) arguments: Arguments<'a>,
    pub(super) kind: TagKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TagKind {
    /// Begins a block if a closing tag follows.
    Open,
    /// Has no content.
    Single,
    Close,
}

/// The text at a `{`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Parsed<'a> {
    Tag(ShortcodeTag<'a>),
    /// An escaped shortcode: its start, its content and its end without the marks of the escape.
    Escaped(&'a str, &'a str, &'a str),
}

/// The longest tag, in bytes. It bounds the search for the end of a tag.
const MAX_TAG: usize = 4096;

/// Reads the tag at the start of `text`, which begins with `{`. Returns it with its length. Adds the bytes
/// that it reads to `steps`.
pub(super) fn tag<'a>(
    generator: Generator,
    text: &'a str,
    steps: &mut usize,
) -> Option<(Parsed<'a>, usize)> {
    let delimiters: &[(&str, &str)] = match generator {
        Generator::Jekyll => &[],
        Generator::Hugo => &[("{{<", ">}}"), ("{{%", "%}}")],
        Generator::Zola => &[("{{", "}}"), ("{%", "%}")],
    };
    let (open, close) = delimiters.iter().find(|(open, _)| text.starts_with(open))?;
    let within = &text[open.len()..text.floor_char_boundary(MAX_TAG)];
    if let Some(escaped) = within.strip_prefix("/*") {
        let end = escaped.find(&format!("*/{close}"));
        *steps += end.unwrap_or(within.len());
        let content = &escaped[..end?];
        let length = open.len() + 2 + content.len() + 2 + close.len();
        let end = &text[length - close.len()..length];
        return Some((Parsed::Escaped(&text[..open.len()], content, end), length));
    }
    let inner = &within[..end_of(within, close, steps)?];
    let length = open.len() + inner.len() + close.len();
    let tag = match generator {
        Generator::Zola => zola(inner.trim(), *open == "{%")?,
        _ => hugo(inner.trim())?,
    };
    Some((Parsed::Tag(tag), length))
}

/// Finds the end of a tag outside of quotes.
fn end_of(text: &str, close: &str, steps: &mut usize) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match quote {
            Some(open) => {
                if letter == open && !escaped {
                    quote = None;
                }
                escaped = letter == '\\' && !escaped && open != '`';
            }
            None if text[at..].starts_with(close) => {
                *steps += at;
                return Some(at);
            }
            None if matches!(letter, '"' | '`') => quote = Some(letter),
            None => {}
        }
    }
    *steps += text.len();
    // A quotation mark that is not closed is a part of a word.
    text.find(close)
}

fn hugo(inner: &str) -> Option<ShortcodeTag<'_>> {
    if let Some(name) = inner.strip_prefix('/') {
        return named(name.trim(), "", TagKind::Close);
    }
    let (inner, kind) = match inner.strip_suffix('/') {
        Some(inner) => (inner, TagKind::Single),
        None => (inner, TagKind::Open),
    };
    let (name, arguments) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    named(name, arguments, kind)
}

fn zola(inner: &str, is_block: bool) -> Option<ShortcodeTag<'_>> {
    if is_block && inner == "end" {
        return named("end", "", TagKind::Close);
    }
    let (name, rest) = inner.split_once('(')?;
    let arguments = rest.trim_end().strip_suffix(')')?;
    let kind = if is_block {
        TagKind::Open
    } else {
        TagKind::Single
    };
    named(name.trim(), arguments, kind)
}

fn named<'a>(name: &'a str, arguments: &'a str, kind: TagKind) -> Option<ShortcodeTag<'a>> {
    let is_name = |letter: char| letter.is_alphanumeric() || "_-./".contains(letter);
    (!name.is_empty() && name.chars().all(is_name)).then(|| ShortcodeTag {
        name,
        arguments: Arguments::read(arguments),
        kind,
    })
}
