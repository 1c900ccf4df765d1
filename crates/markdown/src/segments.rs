//! Splits Markdown into text and code, so that other passes do not change code.

use std::collections::BTreeMap;

/// A segment of a Markdown text. Code includes its fences or backticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Segment {
    /// Text up to this byte.
    Text(usize),
    /// Code up to this byte.
    Code(usize),
}

/// Finds the segments of a Markdown text in linear time.
#[derive(Debug)]
pub(crate) struct SegmentScanner<'a> {
    source: &'a str,
    paragraph_end: usize,
    /// The last position of each length of backtick run in the paragraph.
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

    /// Returns the segment at `at`. Text ends before the next byte that a pass can interpret.
    pub(crate) fn next_segment(&mut self, at: usize) -> Segment {
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
                let length = rest.iter().position(|byte| b"\n`\\{}![]".contains(byte));
                let end = at + 1 + length.unwrap_or(rest.len());
                // A line break is a segment, so that the next one starts at the line start.
                Segment::Text(if bytes[at] == b'\n' { at + 1 } else { end })
            }
        }
    }

    fn after_char(&self, at: usize) -> usize {
        self.source[at..]
            .chars()
            .next()
            .map_or(at, |letter| at + letter.len_utf8())
    }

    /// Returns the end of the fenced block on the line at `at`.
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

/// Returns the position and the length of each run of backticks from `at` on.
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

/// Removes indentation, quote markers and one list marker.
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
        let mut scanner = SegmentScanner::new(source);
        let (mut at, mut code) = (0, Vec::new());
        while at < source.len() {
            at = match scanner.next_segment(at) {
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
    fn fenced_blocks_end_at_their_closing_fence_or_the_end_of_the_text() {
        assert_eq!(code_of("x\n```rust\na\n``` \ny"), ["```rust\na\n``` \n"]);
        assert_eq!(code_of("~~~~\n~~~\n~~~~~\ny"), ["~~~~\n~~~\n~~~~~\n"]);
        assert_eq!(code_of("- ```\n  a\n  ```\ny"), ["- ```\n  a\n  ```\n"]);
        assert_eq!(code_of("```\nopen"), ["```\nopen"]);
    }

    proptest! {
        #[test]
        fn segments_cover_the_whole_text(source in "[a`~ \n>\\-1.é\\\\{]{0,80}") {
            let mut scanner = SegmentScanner::new(&source);
            let mut at = 0;
            while at < source.len() {
                let (Segment::Text(end) | Segment::Code(end)) = scanner.next_segment(at);
                prop_assert!(end > at && source.is_char_boundary(end));
                at = end;
            }
        }
    }
}
