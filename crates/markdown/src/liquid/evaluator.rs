use std::collections::BTreeSet;

use super::Evaluated;
use super::expression::evaluate;
use super::result::Failure;
use crate::budget::{Budget, Stopped, TextLimit};
use crate::jekyll::file_name::Format;
use crate::jekyll::site::SiteConfig;
use crate::report::{RenderWarning, RenderWarningKind, push_warning};
use crate::segments::{Segment, SegmentScanner};
use crate::targets::Targets;

/// Copies a source and replaces its Liquid.
pub(super) struct Evaluator<'a> {
    pub(super) source: &'a str,
    pub(super) targets: &'a dyn Targets,
    pub(super) done: Evaluated,
    site: &'a SiteConfig,
    budget: &'a Budget,
    at: usize,
    source_line: usize,
    output_line: usize,
    /// Marks that the rest of the source does not contain.
    missing: BTreeSet<&'static str>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(
        source: &'a str,
        site: &'a SiteConfig,
        targets: &'a dyn Targets,
        budget: &'a Budget,
    ) -> Self {
        Self {
            source,
            targets,
            done: Evaluated::default(),
            site,
            budget,
            at: 0,
            source_line: 1,
            output_line: 1,
            missing: BTreeSet::new(),
        }
    }

    pub(super) fn run(mut self, format: Format) -> Result<Evaluated, Stopped> {
        let mut scanner = SegmentScanner::new(self.source);
        while self.at < self.source.len() {
            let rest = &self.source[self.at..];
            let (at, written) = (self.at, self.done.text.len());
            let segment = match format {
                Format::Markdown => scanner.next_segment(self.at),
                Format::Html => Segment::Text(self.next_brace()),
            };
            match segment {
                Segment::Text(_) if rest.starts_with("{{") => self.output()?,
                Segment::Text(_) if rest.starts_with("{%") => self.tag(),
                Segment::Text(end) | Segment::Code(end) => self.keep(end),
            }
            let added = self.done.text.len().saturating_sub(written);
            self.budget.spend(self.at - at + added)?;
        }
        Ok(self.done)
    }

    /// Whether the text stays within the limit of growth.
    fn has_room_for(&self, text: &str) -> bool {
        let length = self.done.text.len() + text.len();
        let growth = length.saturating_sub(self.source.len());
        let has_room = growth as u64 <= TextLimit::LiquidOutput.max();
        if !has_room {
            self.budget.simplify(TextLimit::LiquidOutput);
        }
        has_room
    }

    fn next_brace(&self) -> usize {
        let mut letters = self.source[self.at..].char_indices().skip(1);
        letters
            .find(|(_, letter)| *letter == '{')
            .map_or(self.source.len(), |(found, _)| self.at + found)
    }

    fn output(&mut self) -> Result<(), Stopped> {
        let Some(end) = self.find("}}", self.at + 2) else {
            self.keep(self.at + 2);
            return Ok(());
        };
        let inner = &self.source[self.at + 2..end];
        let expression = inner.strip_prefix('-').unwrap_or(inner);
        let expression = expression.strip_suffix('-').unwrap_or(expression);
        match evaluate(expression, self.site, self.budget) {
            Ok(Some(text)) if self.has_room_for(&text) => self.replace(inner, end + 2, &text),
            Ok(None) => {
                self.warn(RenderWarningKind::UnknownValue, end + 2);
                self.replace(inner, end + 2, "");
            }
            Ok(Some(_)) | Err(Failure::Unsupported) => {
                self.keep_with_warning(RenderWarningKind::Liquid, end + 2);
            }
            Err(Failure::Stopped(stopped)) => return Err(stopped),
        }
        Ok(())
    }

    /// Returns the position of the next `mark` from `from` on.
    pub(super) fn find(&mut self, mark: &'static str, from: usize) -> Option<usize> {
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
    pub(super) fn find_tag(&mut self, name: &'static str, from: usize) -> Option<(usize, usize)> {
        if self.missing.contains(name) {
            return None;
        }
        let mut at = from;
        while let Some(close) = self.find("%}", at) {
            let open = self.source[at..close].rfind("{%").map(|open| at + open);
            let is_named =
                |open: &usize| self.source[open + 2..close].trim_matches('-').trim() == name;
            if let Some(open) = open.filter(is_named) {
                return Some((open, close + 2));
            }
            at = close + 2;
        }
        self.missing.insert(name);
        None
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Copies the source up to `end`.
    pub(super) fn keep(&mut self, end: usize) {
        self.advance(end, &self.source[self.at..end]);
    }

    pub(super) fn keep_with_warning(&mut self, kind: RenderWarningKind, end: usize) {
        self.warn(kind, end);
        self.keep(end);
    }

    /// Replaces the construct up to `end` by `text`. A hyphen at the start or the end of `inner` removes
    /// the white space before or after it.
    pub(super) fn replace(&mut self, inner: &str, end: usize, text: &str) {
        if inner.starts_with('-') {
            let kept = self.done.text.trim_end().len();
            self.output_line -= newlines(&self.done.text[kept..]);
            self.done.text.truncate(kept);
        }
        let rest = &self.source[end..];
        let removed = if inner.ends_with('-') {
            rest.len() - rest.trim_start().len()
        } else {
            0
        };
        self.advance(end + removed, text);
    }

    pub(super) fn warn(&mut self, kind: RenderWarningKind, end: usize) {
        let warning = RenderWarning::new(self.source_line, kind, &self.source[self.at..end]);
        push_warning(&mut self.done.warnings, warning);
    }

    pub(super) fn line(&self) -> usize {
        self.source_line
    }

    fn advance(&mut self, end: usize, text: &str) {
        self.source_line += newlines(&self.source[self.at..end]);
        self.output_line += newlines(text);
        self.done.text.push_str(text);
        self.done.lines.mark(self.output_line, self.source_line);
        self.at = end;
    }
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}
