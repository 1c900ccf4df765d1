use crate::line_map::LineMap;

/// The written text, and the texts of open captures.
#[derive(Debug, Default)]
pub(super) struct Output {
    /// The bytes written so far, those of captures included.
    pub(super) written: usize,
    text: String,
    lines: LineMap,
    breaks: usize,
    captures: Vec<String>,
}

impl Output {
    /// Writes a text that stands for `line` of the source.
    pub(super) fn write(&mut self, text: &str, line: usize) {
        self.written += text.len();
        if let Some(capture) = self.captures.last_mut() {
            capture.push_str(text);
            return;
        }
        self.lines.mark(self.breaks + 1, line);
        self.breaks += text.bytes().filter(|byte| *byte == b'\n').count();
        self.text.push_str(text);
    }

    pub(super) fn begin_capture(&mut self) {
        self.captures.push(String::new());
    }

    pub(super) fn end_capture(&mut self) -> String {
        self.captures.pop().unwrap_or_default()
    }

    /// Whether the last line has nothing but white space and quote marks.
    pub(super) fn is_at_line_start(&self) -> bool {
        let text = self.captures.last().unwrap_or(&self.text);
        let line = text.rsplit('\n').next().unwrap_or_default();
        line.trim_matches([' ', '\t', '>']).is_empty()
    }

    pub(super) fn finished(self) -> (String, LineMap) {
        (self.text, self.lines)
    }
}
