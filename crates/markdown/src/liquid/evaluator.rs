use std::collections::BTreeMap;

use super::expression::evaluate;
use super::result::Failure;
use super::scope::Scope;
use super::token::{LiquidToken, LiquidTokenKind, tokens, without_raw_tags};
use super::tree::{Node, tree};
use super::value::LiquidValue;
use crate::budget::{Budget, Stopped, TextLimit};
use crate::jekyll::file_name::Format;
use crate::jekyll::site::SiteConfig;
use crate::report::{RenderWarning, RenderWarningKind, push_warning};
use crate::targets::Targets;
use crate::templates::output::{Evaluated, Output};

/// Whether a loop goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Next,
    Continue,
    Break,
}

/// The text of a body or of a snippet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    /// The line of the body that includes the snippet.
    pub(super) line: Option<usize>,
    /// The number of snippets around it.
    pub(super) depth: usize,
}

/// Writes a source with evaluated Liquid.
pub(super) struct Evaluator<'a> {
    pub(super) scope: Scope<'a>,
    pub(super) targets: &'a dyn Targets,
    pub(super) done: Evaluated,
    pub(super) output: Output,
    /// The iterations of all loops and snippets.
    pub(super) rounds: u64,
    /// Whether the output exceeds a limit, so that the body stays as it is.
    pub(super) is_too_long: bool,
    warned: BTreeMap<(&'static str, String), usize>,
    body: &'a str,
    line_starts: Vec<usize>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(
        body: &'a str,
        site: &'a SiteConfig,
        targets: &'a dyn Targets,
        budget: &'a Budget,
    ) -> Self {
        let breaks = body.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self {
            scope: Scope::new(site, budget),
            targets,
            done: Evaluated::default(),
            output: Output::default(),
            rounds: 0,
            is_too_long: false,
            warned: BTreeMap::new(),
            body,
            line_starts: breaks.map(|(at, _)| at + 1).collect(),
        }
    }

    pub(super) fn run(mut self, format: Format) -> Result<Evaluated, Stopped> {
        let source = Source {
            text: self.body,
            line: None,
            depth: 0,
        };
        self.source(source, format)?;
        if self.is_too_long {
            return Ok(Evaluated {
                text: self.body.to_owned(),
                ..self.done
            });
        }
        let (text, lines) = self.output.finished();
        Ok(Evaluated {
            text,
            lines,
            ..self.done
        })
    }

    /// Evaluates a body or a snippet.
    pub(super) fn source(&mut self, source: Source<'a>, format: Format) -> Result<(), Stopped> {
        let tokens = tokens(source.text, format, self.scope.budget)?;
        let nodes = tree(source.text, tokens);
        self.nodes(&nodes, source, false)?;
        Ok(())
    }

    pub(super) fn nodes(
        &mut self,
        nodes: &[Node<'a>],
        source: Source<'a>,
        is_blank: bool,
    ) -> Result<Flow, Stopped> {
        for node in nodes {
            let flow = match node {
                Node::Leaf(token) => self.leaf(token, source, is_blank)?,
                Node::Stray(token) => {
                    self.keep_with_warning(
                        RenderWarningKind::Liquid,
                        token.start,
                        token.end,
                        source,
                    )?;
                    Flow::Next
                }
                Node::Block(block) => self.block(block, source)?,
            };
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn leaf(
        &mut self,
        token: &LiquidToken<'a>,
        source: Source<'a>,
        is_blank: bool,
    ) -> Result<Flow, Stopped> {
        let text = &source.text[token.start..token.end];
        match token.kind {
            LiquidTokenKind::Text if is_blank => {}
            LiquidTokenKind::Code if text.contains("endraw") => {
                self.scope.budget.spend(2 * text.len())?;
                self.write(&without_raw_tags(text), token.start, source)?;
            }
            LiquidTokenKind::Text | LiquidTokenKind::Code => {
                self.write(text, token.start, source)?;
            }
            LiquidTokenKind::Raw(content) => self.write(content, token.start, source)?,
            LiquidTokenKind::Comment => {}
            LiquidTokenKind::Highlight(arguments, content) => {
                self.highlight(token, arguments, content, source)?;
            }
            LiquidTokenKind::Output(expression) => self.output(token, expression, source)?,
            LiquidTokenKind::Tag(name, arguments) => {
                return self.tag(token, name, arguments, source);
            }
        }
        Ok(Flow::Next)
    }

    fn output(
        &mut self,
        token: &LiquidToken<'a>,
        expression: &str,
        source: Source<'a>,
    ) -> Result<(), Stopped> {
        self.scope.budget.spend(expression.len())?;
        let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
        let first = expression.trim_start();
        let root = &first[..first.find(|letter| !is_name(letter)).unwrap_or(first.len())];
        let is_number = root.starts_with(|letter: char| letter.is_ascii_digit() || letter == '-');
        let can_show = root.is_empty() || is_number || self.scope.is_variable(root);
        let (start, end) = (token.start, token.end);
        let construct = &source.text[start..end];
        let value = match evaluate(expression, &self.scope) {
            Err(Failure::Stopped(stopped)) => return Err(stopped),
            Err(Failure::Unsupported) => LiquidValue::Unknown,
            Ok(value) => value,
        };
        match value.to_text() {
            Some(_) if value == LiquidValue::Nil && can_show => {
                self.warn(
                    RenderWarningKind::UnknownValue,
                    construct,
                    construct,
                    start,
                    source,
                );
                Ok(())
            }
            Some(text) if value != LiquidValue::Nil && self.has_room_for(&text) => {
                self.write(&text, start, source)
            }
            _ => self.keep_with_warning(RenderWarningKind::Liquid, start, end, source),
        }
    }

    /// Whether the text stays within the limit of growth.
    pub(super) fn has_room_for(&self, text: &str) -> bool {
        let length = self.output.written + text.len();
        let growth = length.saturating_sub(self.body.len());
        let has_room = growth as u64 <= TextLimit::LiquidOutput.max();
        if !has_room {
            self.scope.budget.simplify(TextLimit::LiquidOutput);
        }
        has_room
    }

    /// Writes a text that stands for the source from `at` on.
    pub(super) fn write(
        &mut self,
        text: &str,
        at: usize,
        source: Source<'a>,
    ) -> Result<(), Stopped> {
        self.scope.budget.spend(1 + text.len())?;
        if self.has_room_for(text) {
            let line = self.line(at, source);
            self.output.write(text, line);
        } else {
            self.is_too_long = true;
        }
        Ok(())
    }

    pub(super) fn keep_with_warning(
        &mut self,
        kind: RenderWarningKind,
        start: usize,
        end: usize,
        source: Source<'a>,
    ) -> Result<(), Stopped> {
        let construct = &source.text[start..end];
        self.warn_of(kind, construct, start, source);
        self.write(construct, start, source)
    }

    /// Warns once for each kind of construct.
    pub(super) fn warn_of(
        &mut self,
        kind: RenderWarningKind,
        construct: &str,
        at: usize,
        source: Source<'a>,
    ) {
        self.warn(kind, construct, key(construct), at, source);
    }

    fn warn(
        &mut self,
        kind: RenderWarningKind,
        construct: &str,
        key: &str,
        at: usize,
        source: Source<'a>,
    ) {
        let places = self.done.warnings.len();
        let place = self
            .warned
            .entry((kind.code(), key.to_owned()))
            .or_insert(places);
        if let Some(warning) = self.done.warnings.get_mut(*place) {
            warning.count += 1;
        } else {
            let line = self.line(at, source);
            push_warning(
                &mut self.done.warnings,
                RenderWarning::new(line, kind, construct),
            );
        }
    }

    /// The line of the body.
    pub(super) fn line(&self, at: usize, source: Source<'a>) -> usize {
        source
            .line
            .unwrap_or_else(|| 1 + self.line_starts.partition_point(|start| *start <= at))
    }
}

/// The part of a construct that tells it from others: a tag is its name, a snippet its file.
fn key(construct: &str) -> &str {
    let is_delimiter =
        |letter: char| matches!(letter, '{' | '}' | '%' | '-') || letter.is_whitespace();
    let inner = construct.trim_matches(is_delimiter);
    if construct.starts_with("{{") {
        return inner;
    }
    let word_end = |from: usize| {
        let rest = &inner[from..];
        let start = rest.len() - rest.trim_start().len();
        let length = rest[start..]
            .find(char::is_whitespace)
            .unwrap_or(rest.len() - start);
        from + start + length
    };
    let name = word_end(0);
    match &inner[..name] {
        "include" | "include_cached" | "include_relative" | "post_url" | "link" | "if"
        | "unless" | "for" | "case" | "assign" => &inner[..word_end(name)],
        name => name,
    }
}
