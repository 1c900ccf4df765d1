//! Prepares kramdown for the Markdown library: removes attribute lists and extensions, replaces
//! `{:toc}` by a marker for the table of contents, and encodes spaces in image targets.

mod image_target;

use std::collections::BTreeSet;

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
        }
    }

    fn text(&mut self, end: usize) {
        let rest = &self.source[self.at..];
        match rest.as_bytes()[0] {
            b'{' if rest.starts_with("{::comment}") => self.comment(end),
            b'{' if rest.starts_with("{:") => self.attributes(end),
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

    /// Handles `{: .class #id key="value"}`, `{:toc}` and `{::options /}` on one line.
    fn attributes(&mut self, end: usize) {
        // Stops at the next brace, so that a line of braces takes linear time.
        let rest = &self.source[self.at + 2..];
        let found = rest.find(['{', '}', '\n']);
        self.looked += found.unwrap_or(rest.len());
        let Some(length) = found.filter(|found| rest[*found..].starts_with('}')) else {
            return self.keep(end);
        };
        let inner = &rest[..length];
        let after = self.at + length + 3;
        if inner.split_whitespace().any(|word| word == "toc") {
            return self.table_of_contents(after);
        }
        if inner.contains(".no_toc") {
            self.done.no_toc.insert(self.line);
        }
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
