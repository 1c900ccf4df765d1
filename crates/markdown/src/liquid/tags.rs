use super::evaluator::Evaluator;
use crate::report::{BodyReference, ReferenceKind, RenderWarningKind};

impl Evaluator<'_> {
    /// Evaluates the tag at the current position.
    pub(super) fn tag(&mut self) {
        let start = self.position();
        let Some(close) = self.find("%}", start + 2) else {
            return self.keep(start + 2);
        };
        let end = close + 2;
        let inner = &self.source[start + 2..close];
        let words = inner.trim_matches('-').trim();
        let (name, arguments) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
        match name {
            "highlight" => self.highlight(arguments.trim(), end),
            "raw" => self.raw(end),
            "comment" => self.comment(end),
            "post_url" => self.target(ReferenceKind::Post, arguments.trim(), inner, end),
            "link" => self.target(ReferenceKind::File, arguments.trim(), inner, end),
            _ => self.keep_with_warning(RenderWarningKind::Liquid, end),
        }
    }

    fn raw(&mut self, content: usize) {
        let Some((close, end)) = self.find_tag("endraw", content) else {
            return self.keep_with_warning(RenderWarningKind::Liquid, content);
        };
        let literal = &self.source[content..close];
        self.replace("", end, literal);
    }

    fn comment(&mut self, content: usize) {
        match self.find_tag("endcomment", content) {
            Some((_, end)) => self.replace("", end, ""),
            None => self.keep_with_warning(RenderWarningKind::Liquid, content),
        }
    }

    fn highlight(&mut self, arguments: &str, content: usize) {
        let Some((close, end)) = self.find_tag("endhighlight", content) else {
            return self.keep_with_warning(RenderWarningKind::Liquid, content);
        };
        let before = self.done.text.rsplit('\n').next().unwrap_or_default();
        let is_inside_line = !before.trim_matches([' ', '\t', '>']).is_empty();
        let block = fenced(arguments, &self.source[content..close]);
        let after = if self.source[end..].starts_with(['\n', '\r']) {
            ""
        } else {
            "\n"
        };
        let lead = if is_inside_line { "\n\n" } else { "" };
        self.replace("", end, &format!("{lead}{block}{after}"));
    }

    fn target(&mut self, kind: ReferenceKind, name: &str, inner: &str, end: usize) {
        let name = name.trim_matches(['"', '\'']);
        let url = match kind {
            ReferenceKind::Post => self.targets.post(name.trim_start_matches('/')),
            _ => self.targets.file(name),
        };
        let line = self.line();
        let reference = BodyReference {
            kind,
            name: name.to_owned(),
            line,
            count: 1,
            url: url.clone(),
            alt: None,
        };
        self.done.references.push(reference);
        match url {
            Some(url) => self.replace(inner, end, &url),
            None => self.keep_with_warning(RenderWarningKind::UnknownTarget, end),
        }
    }
}

/// Returns a fenced block with a longer fence than any in its content.
fn fenced(arguments: &str, content: &str) -> String {
    let is_name = |letter: &char| letter.is_alphanumeric() || "+-#_.".contains(*letter);
    let language: String = arguments.chars().take_while(is_name).collect();
    let fence = "`".repeat(3.max(longest_run(content) + 1));
    let first = if content.starts_with(['\n', '\r']) {
        ""
    } else {
        "\n"
    };
    let last_line = content.rsplit('\n').next().unwrap_or_default();
    let is_own_line = content.contains('\n') && last_line.trim_matches([' ', '\t', '>']).is_empty();
    let last = if is_own_line { "" } else { "\n" };
    format!("{fence}{language}{first}{content}{last}{fence}")
}

fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`')
        .map(str::len)
        .max()
        .unwrap_or(0)
}
