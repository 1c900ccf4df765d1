//! Where the code of a Markdown text is, so that nothing inside it is taken for something else.

use std::collections::BTreeMap;

/// A stretch of text, or of code with its fences or backticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Segment {
    /// Text up to this byte.
    Text(usize),
    /// Code up to this byte.
    Code(usize),
}

/// Walks a Markdown text and tells text from code. Each byte is looked at a bounded number of
/// times, whatever the text holds.
#[derive(Debug)]
pub(crate) struct SegmentScanner<'a> {
    source: &'a str,
    paragraph_end: usize,
    /// Backtick runs of the paragraph: the last place of each length.
    last_runs: BTreeMap<usize, usize>,
}

impl<'a> SegmentScanner<'a> {
    pub(crate) fn new(source: &'a str) -> Self {
        Self {
            source,
            paragraph_end: 0,
            last_runs: BTreeMap::new(),
        }
    }

    /// The piece that begins at `at`. Text pieces are short: they end before the next byte that
    /// could matter to anyone.
    pub(crate) fn piece(&mut self, at: usize) -> Segment {
        let bytes = self.source.as_bytes();
        let starts_line = at == 0 || bytes[at - 1] == b'\n';
        if let Some(end) = starts_line.then(|| self.fenced(at)).flatten() {
            return Segment::Code(end);
        }
        match bytes[at] {
            b'`' => self.backticks(at),
            b'\\' => Segment::Text(self.after_char(at + 1)),
            _ => {
                let rest = &bytes[at + 1..];
                let length = rest.iter().position(|byte| b"\n`\\{}![]$".contains(byte));
                let end = at + 1 + length.unwrap_or(rest.len());
                // A line is its own piece, so that the next one is seen to begin.
                Segment::Text(if bytes[at] == b'\n' { at + 1 } else { end })
            }
        }
    }

    /// The end of the character at `at`, or of the source.
    fn after_char(&self, at: usize) -> usize {
        self.source[at..]
            .chars()
            .next()
            .map_or(at, |letter| at + letter.len_utf8())
    }

    /// The end of the fenced block that begins on the line at `at`.
    fn fenced(&self, at: usize) -> Option<usize> {
        let mut lines = self.source[at..].split_inclusive('\n');
        let first = lines.next()?;
        let opening = without_markers(first);
        let (mark, length) = fence(opening)?;
        let info = &opening[length..];
        if mark == '`' && info.contains('`') {
            return None;
        }
        let mut end = at + first.len();
        for line in lines {
            end += line.len();
            let line = line.trim_start_matches([' ', '\t', '>']);
            let closing = fence(line).filter(|&(other, count)| other == mark && count >= length);
            if closing.is_some_and(|(_, count)| line[count..].trim().is_empty()) {
                break;
            }
        }
        Some(end)
    }

    fn backticks(&mut self, at: usize) -> Segment {
        if at >= self.paragraph_end {
            self.enter_paragraph(at);
        }
        let length = run_length(&self.source[at..], '`');
        let after = at + length;
        if self.last_runs.get(&length).is_none_or(|last| *last <= at) {
            return Segment::Text(after);
        }
        let paragraph = &self.source[..self.paragraph_end];
        let close = runs(paragraph, after).find(|(_, count)| *count == length);
        close.map_or(Segment::Text(after), |(start, count)| {
            Segment::Code(start + count)
        })
    }

    fn enter_paragraph(&mut self, at: usize) {
        let mut end = at;
        for line in self.source[at..].split_inclusive('\n') {
            if end > at && line.trim().is_empty() {
                break;
            }
            end += line.len();
        }
        self.paragraph_end = end;
        self.last_runs.clear();
        for (start, length) in runs(&self.source[..end], at) {
            self.last_runs.insert(length, start);
        }
    }
}

/// The runs of backticks from `at` on: where each begins, and its length.
fn runs(source: &str, mut at: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
    std::iter::from_fn(move || {
        let start = at + source[at..].find('`')?;
        let length = run_length(&source[start..], '`');
        at = start + length;
        Some((start, length))
    })
}

fn run_length(text: &str, mark: char) -> usize {
    text.len() - text.trim_start_matches(mark).len()
}

fn fence(line: &str) -> Option<(char, usize)> {
    let mark = line
        .chars()
        .next()
        .filter(|mark| matches!(mark, '`' | '~'))?;
    let length = run_length(line, mark);
    (length >= 3).then_some((mark, length))
}

/// A line without its indentation, quote marks and the marker of one list item.
fn without_markers(line: &str) -> &str {
    let line = line.trim_start_matches([' ', '\t', '>']);
    let digits = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let item = if digits.len() < line.len() {
        digits.strip_prefix(['.', ')'])
    } else {
        line.strip_prefix(['-', '*', '+'])
    };
    item.filter(|item| item.starts_with([' ', '\t']))
        .map_or(line, str::trim_start)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code_of(source: &str) -> Vec<&str> {
        let mut walker = SegmentScanner::new(source);
        let (mut at, mut code) = (0, Vec::new());
        while at < source.len() {
            at = match walker.piece(at) {
                Segment::Text(end) => end,
                Segment::Code(end) => {
                    code.push(&source[at..end]);
                    end
                }
            };
        }
        code
    }

    #[test]
    fn spans_close_with_as_many_backticks() {
        assert_eq!(code_of("a `b` c ``d ` e`` f"), ["`b`", "``d ` e``"]);
        assert_eq!(code_of("a ` b"), Vec::<&str>::new());
        assert_eq!(code_of("a ` b\n\nc ` d"), Vec::<&str>::new());
        assert_eq!(code_of("a \\` b ` c"), Vec::<&str>::new());
    }

    #[test]
    fn fences_reach_to_their_closing_line_or_the_end() {
        assert_eq!(code_of("x\n```rust\na\n``` \ny"), ["```rust\na\n``` \n"]);
        assert_eq!(code_of("~~~~\n~~~\n~~~~~\ny"), ["~~~~\n~~~\n~~~~~\n"]);
        assert_eq!(code_of("- ```\n  a\n  ```\ny"), ["- ```\n  a\n  ```\n"]);
        assert_eq!(code_of("```\nopen"), ["```\nopen"]);
    }

    proptest! {
        #[test]
        fn pieces_follow_each_other_to_the_end(source in "[a`~ \n>\\-1.é\\\\{]{0,80}") {
            let mut walker = SegmentScanner::new(&source);
            let mut at = 0;
            while at < source.len() {
                let (Segment::Text(end) | Segment::Code(end)) = walker.piece(at);
                prop_assert!(end > at && source.is_char_boundary(end));
                at = end;
            }
        }
    }
}
