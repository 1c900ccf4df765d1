//! Arranges the blocks of kramdown for the Markdown library: tables, block ends, HTML with Markdown
//! inside, and abbreviations.

use std::collections::BTreeMap;

use super::source_lines::{SourceLine, lines};
use super::tables;
use crate::budget::{Budget, Stopped};
use crate::line_map::LineMap;

/// Most abbreviations of a text. Further definitions stay in it.
const MAX_ABBREVIATIONS: usize = 100;

/// The longest meaning of an abbreviation, in bytes. Each occurrence repeats it.
const MAX_MEANING: usize = 300;

/// Elements whose content is not Markdown, up to their end tags.
const VERBATIM: [&str; 4] = ["pre", "script", "style", "textarea"];

/// An arranged text.
#[derive(Debug, Default)]
pub(super) struct Arranged {
    pub(super) text: String,
    /// Maps its lines to those of the source.
    pub(super) lines: LineMap,
    /// The meanings of abbreviations.
    pub(super) abbreviations: BTreeMap<String, String>,
}

pub(super) fn arrange(source: &str, budget: &Budget) -> Result<Arranged, Stopped> {
    budget.spend(source.len())?;
    let lines = lines(source);
    let mut arranger = Arranger::default();
    let mut at = 0;
    while at < lines.len() {
        let block = lines[at..]
            .iter()
            .take_while(|line| !line.is_code && !line.is_blank());
        let length = block.count();
        let run = &lines[at..at + length];
        let table = if arranger.is_verbatim() {
            None
        } else {
            tables::arranged(run)
        };
        if let Some(table) = table {
            arranger.add_rows(&table);
        } else if length > 0 {
            for line in run {
                arranger.add(line);
            }
        } else {
            arranger.push(lines[at].text, lines[at].number);
        }
        at += length.max(1);
    }
    Ok(arranger.done)
}

#[derive(Default)]
struct Arranger<'a> {
    done: Arranged,
    written: usize,
    /// The end tag of an open element whose content is not Markdown.
    verbatim: Option<&'static str>,
    /// The names of the open elements with Markdown inside.
    open: Vec<&'a str>,
}

impl<'a> Arranger<'a> {
    fn is_verbatim(&self) -> bool {
        self.verbatim.is_some()
    }

    fn push(&mut self, text: &str, number: usize) {
        self.done.lines.mark(self.written + 1, number);
        self.written += 1;
        self.done.text.push_str(text);
    }

    fn add_rows(&mut self, table: &[(String, usize)]) {
        for (row, number) in table {
            self.push(row, *number);
        }
    }

    fn add(&mut self, line: &SourceLine<'a>) {
        let trimmed = line.text.trim();
        if let Some(name) = self.verbatim {
            let has_end = ends(trimmed, name);
            self.verbatim = Some(name).filter(|_| !has_end);
            return self.push(line.text, line.number);
        }
        let opened = VERBATIM.into_iter().find(|name| {
            trimmed
                .strip_prefix('<')
                .is_some_and(|tag| tag.starts_with(name))
                && !ends(trimmed, name)
        });
        if opened.is_some() {
            self.verbatim = opened;
            return self.push(line.text, line.number);
        }
        if trimmed == "^" {
            return self.push("<!-- ^ -->\n", line.number);
        }
        if let Some((name, meaning)) = abbreviation(trimmed)
            && self.done.abbreviations.len() < MAX_ABBREVIATIONS
        {
            self.done
                .abbreviations
                .insert(name.to_owned(), meaning.to_owned());
            return self.push("\n", line.number);
        }
        if let Some(tag) = MarkdownTag::read(line.text) {
            return self.open(&tag, line.number);
        }
        self.close(line.text, line.number);
    }

    fn open(&mut self, tag: &MarkdownTag<'a>, number: usize) {
        self.push(&format!("{}\n", tag.without_attribute), number);
        self.push("\n", number);
        self.open.push(tag.name);
        if !tag.rest.trim().is_empty() {
            self.close(tag.rest, number);
        }
    }

    /// Writes a line. The end tag of an element with Markdown inside gets lines of its own.
    fn close(&mut self, text: &str, number: usize) {
        let name = self.open.last().copied().unwrap_or_default();
        let content = text.trim_end().strip_suffix('>');
        let content = content.and_then(|content| content.strip_suffix(name)?.strip_suffix("</"));
        let Some(content) = content.filter(|_| !name.is_empty()) else {
            return self.push(text, number);
        };
        self.open.pop();
        if !content.trim().is_empty() {
            self.push(&format!("{content}\n"), number);
        }
        self.push("\n", number);
        self.push(&format!("</{name}>\n"), number);
    }
}

fn ends(line: &str, name: &str) -> bool {
    line.split("</").skip(1).any(|tag| tag.starts_with(name))
}

/// Reads `*[HTML]: Hyper Text Markup Language`.
fn abbreviation(line: &str) -> Option<(&str, &str)> {
    let (name, meaning) = line.strip_prefix("*[")?.split_once("]:")?;
    let name = name.trim();
    let meaning = meaning.trim();
    (!name.is_empty() && meaning.len() <= MAX_MEANING).then_some((name, meaning))
}

/// A start tag with `markdown="1"` at the start of a line.
struct MarkdownTag<'a> {
    name: &'a str,
    without_attribute: String,
    rest: &'a str,
}

impl<'a> MarkdownTag<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let start = line.trim_start();
        let inner = start.strip_prefix('<')?;
        let name_end = inner.find(|letter: char| !letter.is_ascii_alphanumeric())?;
        let name = &inner[..name_end];
        let (tag, rest) = start.split_once('>')?;
        let (before, value) = tag.split_once(" markdown=")?;
        let mut values = [
            "\"1\"",
            "'1'",
            "1",
            "\"block\"",
            "\"span\"",
            "'block'",
            "'span'",
        ]
        .into_iter();
        let after = values.find_map(|known| value.strip_prefix(known))?;
        (!name.is_empty()).then(|| Self {
            name,
            without_attribute: format!("{before}{after}>"),
            rest,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn arranged(source: &str) -> Arranged {
        arrange(source, &Budget::default()).unwrap()
    }

    #[test]
    fn html_with_markdown_gets_empty_lines() {
        let done = arranged("a\n\n<div class=\"x\" markdown=\"1\">\n**b**\n</div>\nc\n");
        assert_eq!(done.text, "a\n\n<div class=\"x\">\n\n**b**\n\n</div>\nc\n");
        assert_eq!([5, 7, 8].map(|line| done.lines.source(line)), [4, 5, 6]);
        assert_eq!(
            arranged("<p markdown='span'>*a*</p>\n").text,
            "<p>\n\n*a*\n\n</p>\n"
        );
    }

    #[test]
    fn block_ends_and_abbreviations_are_read() {
        let done = arranged("* a\n^\n* b\n\n*[HTML]: Hyper Text\n");
        assert_eq!(done.text, "* a\n<!-- ^ -->\n* b\n\n\n");
        assert_eq!(done.abbreviations["HTML"], "Hyper Text");
    }

    #[test]
    fn code_is_not_arranged() {
        for source in [
            "```\na | b\nc | d\n^\n```\n",
            "<pre>\na | b\nc | d\n</pre>\n",
            "~~~\n*[a]: b\n",
        ] {
            assert_eq!(arranged(source).text, source);
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_arrangement_panic(source in "[a|\\\\`<>/ \n:*=^\\[\\]\"1é-]{0,120}") {
            let _ = arranged(&source);
        }
    }
}
