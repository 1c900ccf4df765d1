use crate::segments::{Segment, SegmentScanner};

/// A line with its line break.
#[derive(Debug, Clone, Copy)]
pub(super) struct SourceLine<'a> {
    pub(super) text: &'a str,
    pub(super) number: usize,
    /// Whether it is in a fenced block.
    pub(super) is_code: bool,
}

impl SourceLine<'_> {
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// Returns the lines of a text.
pub(super) fn lines(source: &str) -> Vec<SourceLine<'_>> {
    let mut scanner = SegmentScanner::new(source);
    let mut code = Vec::new();
    let mut at = 0;
    while at < source.len() {
        at = match scanner.next_segment(at) {
            Segment::Text(end) => end,
            Segment::Code(end) => {
                if source[at..end].ends_with('\n') || end == source.len() {
                    code.push((at, end));
                }
                end
            }
        };
    }
    let mut code = code.into_iter().peekable();
    let mut start = 0;
    let mut lines = Vec::new();
    for (index, text) in source.split_inclusive('\n').enumerate() {
        let end = start + text.len();
        while code.peek().is_some_and(|(_, code_end)| *code_end <= start) {
            code.next();
        }
        let is_code = code.peek().is_some_and(|(code_start, _)| *code_start < end);
        lines.push(SourceLine {
            text,
            number: index + 1,
            is_code,
        });
        start = end;
    }
    lines
}
