//! Prepares kramdown for the Markdown library: removes attribute lists and extensions, records ids, replaces
//! `{:toc}` by a marker for the table of contents, and encodes spaces in image targets.

mod attribute_list;
mod image_target;

use std::collections::{BTreeMap, BTreeSet};

use attribute_list::AttributeList;

use crate::budget::{Budget, Stopped};
use crate::segments::{Segment, SegmentScanner};

/// The marker for the table of contents.
pub(super) const TOC_MARK: &str = "<!-- toc -->";

/// A prepared text. It has the same lines as the source.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    pub(super) text: String,
    /// The lines with `.no_toc` for the heading on the same line or the one before.
    pub(super) no_toc: BTreeSet<usize>,
    /// The ids of headings and blocks by a line of theirs.
    pub(super) ids: BTreeMap<usize, String>,
}

pub(super) fn prepare(source: &str, budget: &Budget) -> Result<Prepared, Stopped> {
    let mut preparer = Preparer::new(source);
    let mut scanner = SegmentScanner::new(source);
    while preparer.at < source.len() {
        let (at, looked) = (preparer.at, preparer.looked);
        match scanner.next_segment(preparer.at) {
            Segment::Code(end) => preparer.keep(end),
            Segment::Text(end) => preparer.text(end),
        }
        budget.spend(preparer.at - at + preparer.looked - looked)?;
    }
    Ok(preparer.done)
}

struct Preparer<'a> {
    source: &'a str,
    at: usize,
    line: usize,
    done: Prepared,
    /// For each open bracket, whether it begins an image.
    brackets: Vec<bool>,
    has_comment_end: bool,
    /// Bytes that were read ahead of a construct.
    looked: usize,
    /// The start of the last line of the prepared text.
    line_start: usize,
}

impl<'a> Preparer<'a> {
    fn new(source: &'a str) -> Self {
        Self {
            source,
            at: 0,
            line: 1,
            done: Prepared::default(),
            brackets: Vec::new(),
            has_comment_end: true,
            looked: 0,
            line_start: 0,
        }
    }

    fn text(&mut self, end: usize) {
        let rest = &self.source[self.at..];
        match rest.as_bytes()[0] {
            b'{' if rest.starts_with("{::comment}") => self.comment(end),
            b'{' if rest.starts_with("{:") => self.attributes(end),
            b'{' if rest.starts_with("{#") => self.heading_id(end),
            b'!' if rest.starts_with("![") => self.open_bracket(true, 2),
            b'[' => self.open_bracket(false, 1),
            b']' => self.close_bracket(),
            b'\n' if self.done.text.ends_with('\n') => {
                self.brackets.clear();
                self.keep(end);
            }
            _ => self.keep(end),
        }
    }

    fn keep(&mut self, end: usize) {
        self.replace(end, &self.source[self.at..end]);
    }

    /// Replaces the source up to `end` by `text`, which must have as many lines.
    fn replace(&mut self, end: usize, text: &str) {
        self.line += text.bytes().filter(|byte| *byte == b'\n').count();
        if let Some(last) = text.rfind('\n') {
            self.line_start = self.done.text.len() + last + 1;
        }
        self.done.text.push_str(text);
        self.at = end;
    }

    fn open_bracket(&mut self, is_image: bool, length: usize) {
        self.brackets.push(is_image);
        self.keep(self.at + length);
    }

    fn close_bracket(&mut self) {
        let is_image = self.brackets.pop().unwrap_or(false);
        let after = &self.source[self.at + 1..];
        let target = after.strip_prefix('(').filter(|_| is_image);
        self.looked += target.map_or(0, image_target::longest);
        let target = target.and_then(image_target::repaired);
        let Some((length, target)) = target else {
            return self.keep(self.at + 1);
        };
        self.replace(self.at + 2 + length, &format!("]({target}"));
    }

    fn comment(&mut self, end: usize) {
        let rest = &self.source[self.at..];
        let close = if self.has_comment_end {
            rest.find("{:/")
        } else {
            None
        };
        let close = close.and_then(|close| Some(close + rest[close..].find('}')? + 1));
        let Some(length) = close else {
            self.has_comment_end = false;
            return self.keep(end);
        };
        let lines = rest[..length].bytes().filter(|byte| *byte == b'\n').count();
        self.replace(self.at + length, &"\n".repeat(lines));
    }

    /// Handles `{: .class #id key="value"}`, `{:toc}` and `{::options /}` on one line. Other text in such
    /// braces is kept.
    fn attributes(&mut self, end: usize) {
        // Stops at the next brace, so that a line of braces takes linear time.
        let rest = &self.source[self.at + 2..];
        let found = rest.find(['{', '}', '\n']);
        self.looked += found.unwrap_or(rest.len());
        let Some(length) = found.filter(|found| rest[*found..].starts_with('}')) else {
            return self.keep(end);
        };
        let after = self.at + length + 3;
        let list = AttributeList::read(&rest[..length]);
        let Some(list) = list.filter(|_| self.has_attributes_here(after)) else {
            return self.keep(end);
        };
        if list.is_toc {
            return self.table_of_contents(after);
        }
        if list.is_no_toc {
            self.done.no_toc.insert(self.line);
        }
        if let Some(id) = list.id {
            let line = self.line_of_block(after);
            self.done.ids.insert(line, id.to_owned());
        }
        self.replace(after, "");
    }

    /// Whether an attribute list belongs to something: it is alone on its line, or follows a span, a heading or
    /// the mark of a list item.
    fn has_attributes_here(&self, after: usize) -> bool {
        let line = self.written_line();
        let is_alone = line.trim_matches([' ', '\t', '>']).is_empty() && self.is_line_end(after);
        let marks = line.trim();
        let is_item = matches!(marks, "*" | "-" | "+")
            || marks
                .strip_suffix('.')
                .is_some_and(|number| number.parse::<u32>().is_ok());
        is_alone
            || is_item
            || line.starts_with('#')
            || line.ends_with([')', ']', '*', '_', '`', '>'])
    }

    fn written_line(&self) -> &str {
        &self.done.text[self.line_start..]
    }

    /// Whether nothing but white space follows on the line.
    fn is_line_end(&self, from: usize) -> bool {
        let rest = self.source[from..].trim_start_matches([' ', '\t', '\r']);
        rest.is_empty() || rest.starts_with('\n')
    }

    /// The line of the block that a list on a line of its own belongs to: the one before, unless that is
    /// empty.
    fn line_of_block(&self, after: usize) -> usize {
        if !self.written_line().trim().is_empty() || !self.is_line_end(after) {
            return self.line;
        }
        let mut before = self.done.text.rsplit('\n').skip(1);
        match before.next() {
            Some(line) if !line.trim().is_empty() => self.line - 1,
            _ => self.line + 1,
        }
    }

    /// Handles `{#id}` at the end of a heading.
    fn heading_id(&mut self, end: usize) {
        let rest = &self.source[self.at + 2..];
        let found = rest.find(['{', '}', '\n']);
        self.looked += found.unwrap_or(rest.len());
        let id = found.filter(|found| rest[*found..].starts_with('}'));
        let id = id
            .map(|length| &rest[..length])
            .filter(|id| attribute_list::is_id(id));
        let Some(id) = id.filter(|id| self.is_line_end(self.at + id.len() + 3)) else {
            return self.keep(end);
        };
        let after = self.at + id.len() + 3;
        let next = self.source[after..]
            .lines()
            .nth(1)
            .unwrap_or_default()
            .trim();
        self.looked += next.len();
        let is_underlined = !next.is_empty()
            && (next.bytes().all(|byte| byte == b'=') || next.bytes().all(|byte| byte == b'-'));
        let is_heading = self.written_line().starts_with('#') || is_underlined;
        if !is_heading {
            return self.keep(end);
        }
        let id_line = self.line + usize::from(is_underlined);
        self.done.ids.insert(id_line, id.to_owned());
        self.replace(after, "");
    }

    /// Replaces the list item before `{:toc}` too, which is a placeholder.
    fn table_of_contents(&mut self, end: usize) {
        let text = &mut self.done.text;
        if text.ends_with('\n') {
            let item = text[..text.len() - 1]
                .rfind('\n')
                .map_or(0, |before| before + 1);
            if text[item..].starts_with(['*', '-', '+', '1']) {
                text.truncate(item);
                text.push('\n');
                self.line_start = text.len();
            }
        }
        self.replace(end, TOC_MARK);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(source: &str) -> String {
        prepared(source).text
    }

    fn prepared(source: &str) -> Prepared {
        prepare(source, &Budget::default()).unwrap()
    }

    #[test]
    fn attribute_lists_are_removed() {
        let source = "[a](b){:target=\"_blank\"} c\n{: .big #x}\n";
        assert_eq!(text(source), "[a](b) c\n\n");
    }

    #[test]
    fn other_braces_and_formulas_are_kept() {
        for source in [
            "Elixir returns {:ok, value} or {:error}.",
            "{:ok, value}",
            "a {#x} b",
            "# a {# x}",
            "{:",
            "a {: b",
            "`{:.x}`",
            "{x}",
            "{: {a} }",
            "```\n{:toc}\n```\n",
            "$$a$$ and `$$`",
            "{: .a\n}",
        ] {
            assert_eq!(text(source), source);
        }
    }

    #[test]
    fn ids_of_headings_and_blocks_are_recorded() {
        let source = "# A {#uno}\n\nB {#dos}\n---\n\n## C\n{: #tres .x}\n\n{: #cuatro}\ntext\n";
        let done = prepared(source);
        assert_eq!(done.text, "# A \n\nB \n---\n\n## C\n\n\n\ntext\n");
        let ids: Vec<_> = done
            .ids
            .iter()
            .map(|(line, id)| (*line, id.as_str()))
            .collect();
        assert_eq!(ids, [(1, "uno"), (4, "dos"), (6, "tres"), (10, "cuatro")]);
    }

    #[test]
    fn the_item_before_a_table_of_contents_is_replaced() {
        assert_eq!(text("a\n\n* TOC \n{:toc}\n\nb"), "a\n\n\n<!-- toc -->\n\nb");
    }

    #[test]
    fn comments_are_removed_and_keep_their_lines() {
        assert_eq!(text("a\n{::comment}\nsecret\n{:/comment}\nb"), "a\n\n\n\nb");
        assert_eq!(text("{::comment} open"), "{::comment} open");
    }

    #[test]
    fn spaces_in_image_targets_are_encoded() {
        assert_eq!(
            text("![a [b] c](/assets/A b (1).png \"T (x)\") [d](e f.pdf)"),
            "![a [b] c](/assets/A%20b%20(1).png \"T (x)\") [d](e f.pdf)"
        );
        for source in [
            "![a](b.png)",
            "![a](<A b.png>)",
            "![a](b.png \"t\")",
            "![a](no path)",
            "`![a](A b.png)`",
        ] {
            assert_eq!(text(source), source);
        }
    }

    proptest! {
        #[test]
        fn a_prepared_text_has_the_lines_of_its_source(source in "[a {}:/!\\[\\]()\"$\n*.`tocé]{0,120}") {
            let prepared = prepared(&source);
            prop_assert_eq!(prepared.text.matches('\n').count(), source.matches('\n').count());
        }
    }
}
