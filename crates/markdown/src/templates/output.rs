use crate::line_map::LineMap;
use crate::report::{BodyReference, RenderWarning};

/// A text with evaluated templates.
#[derive(Debug, Clone, Default)]
pub struct Evaluated {
    /// The text.
    pub text: String,
    /// The warnings, in order.
    pub warnings: Vec<RenderWarning>,
    /// The posts and files in tags, in order.
    pub references: Vec<BodyReference>,
    pub(crate) lines: LineMap,
}

/// The written text, and the texts of open captures.
#[derive(Debug, Default)]
pub(crate) struct Output {
    /// The bytes written so far, those of captures included.
    pub(crate) written: usize,
    text: String,
    lines: LineMap,
    breaks: usize,
    captures: Vec<String>,
}

impl Output {
    /// Writes a text that stands for `line` of the source.
    pub(crate) fn write(&mut self, text: &str, line: usize) {
        self.written += text.len();
        if let Some(capture) = self.captures.last_mut() {
            capture.push_str(text);
            return;
        }
        self.lines.mark(self.breaks + 1, line);
        self.breaks += text.bytes().filter(|byte| *byte == b'\n').count();
        self.text.push_str(text);
    }

    pub(crate) fn begin_capture(&mut self) {
        self.captures.push(String::new());
    }

    pub(crate) fn end_capture(&mut self) -> String {
        self.captures.pop().unwrap_or_default()
    }

    /// Whether the last line has nothing but white space and quote marks.
    pub(crate) fn is_at_line_start(&self) -> bool {
        let text = self.captures.last().unwrap_or(&self.text);
        let line = text.rsplit('\n').next().unwrap_or_default();
        line.trim_matches([' ', '\t', '>']).is_empty()
    }

    pub(crate) fn finished(self) -> (String, LineMap) {
        (self.text, self.lines)
    }
}
