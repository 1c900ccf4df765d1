use std::collections::BTreeSet;

use crate::budget::{Budget, Stopped};
use crate::jekyll::file_name::Format;
use crate::segments::{Segment, SegmentScanner};

/// A part of a source, from `start` to `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LiquidToken<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: LiquidTokenKind<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LiquidTokenKind<'a> {
    Text,
    Code,
    Output(&'a str),
    /// A tag with its name and the rest of its text.
    Tag(&'a str, &'a str),
    /// The content of a `raw` tag.
    Raw(&'a str),
    Comment,
    /// A `highlight` tag with its arguments and its content.
    Highlight(&'a str, &'a str),
}

/// Splits a source into tokens in linear time.
pub(super) fn tokens<'a>(
    source: &'a str,
    format: Format,
    budget: &Budget,
) -> Result<Vec<LiquidToken<'a>>, Stopped> {
    let mut tokenizer = Tokenizer::new(source);
    let mut scanner = SegmentScanner::new(source);
    while tokenizer.at < source.len() {
        let at = tokenizer.at;
        let rest = &source[at..];
        let segment = match format {
            Format::Markdown => scanner.next_segment(at),
            Format::Html => Segment::Text(next_brace(source, at)),
        };
        match segment {
            Segment::Code(end) => tokenizer.push(end, LiquidTokenKind::Code),
            Segment::Text(_) if rest.starts_with("{{") => tokenizer.output(),
            Segment::Text(_) if rest.starts_with("{%") => tokenizer.tag(),
            Segment::Text(end) => tokenizer.text(end),
        }
        budget.spend(tokenizer.at - at)?;
    }
    Ok(tokenizer.trimmed())
}

fn next_brace(source: &str, at: usize) -> usize {
    let mut letters = source[at..].char_indices().skip(1);
    letters
        .find(|(_, letter)| *letter == '{')
        .map_or(source.len(), |(found, _)| at + found)
}

struct Tokenizer<'a> {
    source: &'a str,
    at: usize,
    done: Vec<LiquidToken<'a>>,
    /// For each token, whether it removes the white space before and after it.
    trims: Vec<(bool, bool)>,
    /// Marks that the rest of the source does not contain.
    missing: BTreeSet<&'static str>,
}

impl<'a> Tokenizer<'a> {
    fn new(source: &'a str) -> Self {
        Self {
            source,
            at: 0,
            done: Vec::new(),
            trims: Vec::new(),
            missing: BTreeSet::new(),
        }
    }

    fn push(&mut self, end: usize, kind: LiquidTokenKind<'a>) {
        self.push_trimming(end, kind, (false, false));
    }

    fn push_trimming(&mut self, end: usize, kind: LiquidTokenKind<'a>, trims: (bool, bool)) {
        let start = self.at;
        self.done.push(LiquidToken { start, end, kind });
        self.trims.push(trims);
        self.at = end;
    }

    fn text(&mut self, end: usize) {
        match self.done.last_mut() {
            Some(last) if last.kind == LiquidTokenKind::Text => {
                last.end = end;
                self.at = end;
            }
            _ => self.push(end, LiquidTokenKind::Text),
        }
    }

    fn output(&mut self) {
        let Some(close) = self.find("}}", self.at + 2) else {
            return self.text(self.at + 2);
        };
        let (inner, trims) = self.inner(self.at, close);
        self.push_trimming(close + 2, LiquidTokenKind::Output(inner), trims);
    }

    fn tag(&mut self) {
        let Some(close) = self.find("%}", self.at + 2) else {
            return self.text(self.at + 2);
        };
        let (inner, trims) = self.inner(self.at, close);
        let words = inner.trim();
        let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
        let name_end = words.find(|letter| !is_name(letter));
        let (name, arguments) = words.split_at(name_end.unwrap_or(words.len()));
        let content = close + 2;
        let closing = match name {
            "raw" => "endraw",
            "comment" => "endcomment",
            "highlight" => "endhighlight",
            _ => {
                return self.push_trimming(
                    content,
                    LiquidTokenKind::Tag(name, arguments.trim()),
                    trims,
                );
            }
        };
        let Some((open, end)) = self.find_tag(closing, content) else {
            return self.push_trimming(
                content,
                LiquidTokenKind::Tag(name, arguments.trim()),
                trims,
            );
        };
        let inside = &self.source[content..open];
        let kind = match name {
            "raw" => LiquidTokenKind::Raw(inside),
            "comment" => LiquidTokenKind::Comment,
            _ => LiquidTokenKind::Highlight(arguments.trim(), inside),
        };
        let ends_with_hyphen = self.source[..end - 2].ends_with('-');
        self.push_trimming(end, kind, (trims.0, ends_with_hyphen));
    }

    /// The text between the braces, and whether hyphens trim the text before and after.
    fn inner(&self, open: usize, close: usize) -> (&'a str, (bool, bool)) {
        let inner = &self.source[open + 2..close];
        let trims = (inner.starts_with('-'), inner.ends_with('-'));
        let inner = inner.strip_prefix('-').unwrap_or(inner);
        (inner.strip_suffix('-').unwrap_or(inner), trims)
    }

    /// Returns the position of the next `mark` from `from` on.
    fn find(&mut self, mark: &'static str, from: usize) -> Option<usize> {
        if self.missing.contains(mark) {
            return None;
        }
        let found = self.source[from..].find(mark).map(|found| from + found);
        if found.is_none() {
            self.missing.insert(mark);
        }
        found
    }

    /// Returns the start and the end of the next tag `name` from `from` on.
    fn find_tag(&mut self, name: &'static str, from: usize) -> Option<(usize, usize)> {
        if self.missing.contains(name) {
            return None;
        }
        let found = tag_named(self.source, name, from);
        if found.is_none() {
            self.missing.insert(name);
        }
        found
    }

    /// Moves the ends of texts beside hyphens.
    fn trimmed(mut self) -> Vec<LiquidToken<'a>> {
        for index in 0..self.done.len() {
            let (before, after) = self.trims[index];
            let previous = index.checked_sub(1).filter(|_| before);
            if let Some(text) = previous.map(|previous| &mut self.done[previous])
                && text.kind == LiquidTokenKind::Text
            {
                text.end = text.start + self.source[text.start..text.end].trim_end().len();
            }
            if let Some(text) = self.done.get_mut(index + 1)
                && after
                && text.kind == LiquidTokenKind::Text
            {
                text.start = text.end - self.source[text.start..text.end].trim_start().len();
            }
        }
        self.done
    }
}

/// Returns the start and the end of the next tag `name` without arguments from `from` on.
fn tag_named(source: &str, name: &str, from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    while let Some(close) = source[at..].find("%}").map(|found| at + found) {
        let open = source[at..close].rfind("{%").map(|open| at + open);
        let is_named = |open: &usize| source[open + 2..close].trim_matches('-').trim() == name;
        if let Some(open) = open.filter(is_named) {
            return Some((open, close + 2));
        }
        at = close + 2;
    }
    None
}

/// Returns a code without the `raw` tags that surround Liquid in it.
pub(super) fn without_raw_tags(code: &str) -> String {
    let mut text = String::with_capacity(code.len());
    let mut rest = code;
    while let Some((open, content)) = tag_named(rest, "raw", 0) {
        let Some((close, end)) = tag_named(rest, "endraw", content) else {
            break;
        };
        text.push_str(&rest[..open]);
        text.push_str(&rest[content..close]);
        rest = &rest[end..];
    }
    text.push_str(rest);
    text
}
