use std::collections::BTreeMap;
use std::rc::Rc;

use super::evaluator::{Evaluator, Flow, Source};
use super::expression::{ExpressionParser, evaluate};
use super::result::{Failure, LiquidResult};
use super::token::LiquidToken;
use super::value::LiquidValue;
use crate::budget::Stopped;
use crate::front_matter::YamlValue;
use crate::jekyll::file_name::Format;
use crate::jekyll::site::SNIPPETS;
use crate::report::{BodyReference, ReferenceKind, RenderWarningKind};
use crate::templates::fence::fenced;

/// The most snippets in each other.
const MAX_DEPTH: usize = 10;

impl<'a> Evaluator<'a> {
    /// Evaluates a tag that is not a block.
    pub(super) fn tag(
        &mut self,
        token: &LiquidToken<'a>,
        name: &str,
        arguments: &'a str,
        source: Source<'a>,
    ) -> Result<Flow, Stopped> {
        self.scope.budget.spend(1 + arguments.len())?;
        let done = match name {
            "assign" => self.assign(arguments),
            "include" | "include_cached" => self.include(token, arguments, source),
            "break" => return Ok(Flow::Break),
            "continue" => return Ok(Flow::Continue),
            "post_url" => {
                self.target(token, ReferenceKind::Post, arguments, source)?;
                return Ok(Flow::Next);
            }
            "link" => {
                self.target(token, ReferenceKind::File, arguments, source)?;
                return Ok(Flow::Next);
            }
            _ => Err(Failure::Unsupported),
        };
        match done {
            Ok(()) => {}
            Err(Failure::Stopped(stopped)) => return Err(stopped),
            Err(Failure::Unsupported) => {
                let kind = RenderWarningKind::Liquid;
                self.keep_with_warning(kind, token.start, token.end, source)?;
            }
        }
        Ok(Flow::Next)
    }

    /// A variable whose value is not known stays unknown, so that nothing shows a wrong one.
    fn assign(&mut self, arguments: &str) -> LiquidResult<()> {
        let (name, expression) = arguments.split_once('=').ok_or(Failure::Unsupported)?;
        let name = name.trim();
        match evaluate(expression, &self.scope) {
            Ok(LiquidValue::Unknown) | Err(Failure::Unsupported) => {
                self.scope.assign(name, LiquidValue::Unknown);
                Err(Failure::Unsupported)
            }
            Ok(value) => {
                self.scope.assign(name, value);
                Ok(())
            }
            Err(stopped) => Err(stopped),
        }
    }

    /// Inserts a snippet of the site with its parameters.
    fn include(
        &mut self,
        token: &LiquidToken<'a>,
        arguments: &'a str,
        source: Source<'a>,
    ) -> LiquidResult<()> {
        let (file, parameters) = self.snippet_name(arguments)?;
        let Some(YamlValue::Map(snippets)) = self.scope.site.values().get(SNIPPETS) else {
            return Err(Failure::Unsupported);
        };
        let snippet = snippets.get(&file).and_then(|text| match text {
            YamlValue::Scalar(text) => Some(text.text.as_str()),
            _ => None,
        });
        let snippet = snippet.filter(|_| source.depth < MAX_DEPTH);
        let text = snippet.ok_or(Failure::Unsupported)?;
        let parameters = self.parameters(parameters)?;
        if !self.can_repeat(1) {
            return Ok(());
        }
        let snippet = Source {
            text,
            line: Some(self.line(token.start, source)),
            depth: source.depth + 1,
        };
        self.scope.enter("include", parameters);
        let done = self.source(snippet, Format::Html);
        self.scope.leave();
        Ok(done?)
    }

    /// The file of a snippet, which can be an output, and the text after it.
    fn snippet_name(&self, arguments: &'a str) -> LiquidResult<(String, &'a str)> {
        if let Some(output) = arguments.strip_prefix("{{") {
            let (expression, rest) = output.split_once("}}").ok_or(Failure::Unsupported)?;
            let name = evaluate(expression, &self.scope)?.to_text();
            return Ok((name.ok_or(Failure::Unsupported)?.to_string(), rest));
        }
        let end = arguments
            .find(char::is_whitespace)
            .unwrap_or(arguments.len());
        let (name, rest) = arguments.split_at(end);
        Ok((name.trim_matches(['"', '\'']).to_owned(), rest))
    }

    fn parameters(&self, text: &str) -> LiquidResult<LiquidValue<'a>> {
        let mut fields = BTreeMap::new();
        let mut parser = ExpressionParser::new(text, &self.scope);
        while !parser.rest.is_empty() {
            parser.eat(",");
            let name = parser.word()?.to_owned();
            if !parser.eat("=") {
                return Err(Failure::Unsupported);
            }
            fields.insert(name, parser.value()?);
        }
        Ok(LiquidValue::Fields(Rc::new(fields)))
    }

    pub(super) fn highlight(
        &mut self,
        token: &LiquidToken<'a>,
        arguments: &str,
        content: &str,
        source: Source<'a>,
    ) -> Result<(), Stopped> {
        let content = super::token::without_raw_tags(content);
        let block = fenced(arguments, &content);
        let after = if source.text[token.end..].starts_with(['\n', '\r']) {
            ""
        } else {
            "\n"
        };
        let lead = if self.output.is_at_line_start() {
            ""
        } else {
            "\n\n"
        };
        self.write(&format!("{lead}{block}{after}"), token.start, source)
    }

    fn target(
        &mut self,
        token: &LiquidToken<'a>,
        kind: ReferenceKind,
        name: &str,
        source: Source<'a>,
    ) -> Result<(), Stopped> {
        let name = name.trim_matches(['"', '\'']);
        let url = match kind {
            ReferenceKind::Post => self.targets.post(name.trim_start_matches('/')),
            _ => self.targets.file(name),
        };
        let reference = BodyReference {
            kind,
            name: name.to_owned(),
            target: None,
            line: self.line(token.start, source),
            count: 1,
            url: url.clone(),
            alt: None,
            reason: None,
        };
        self.done.references.push(reference);
        if let Some(url) = url {
            return self.write(&url, token.start, source);
        }
        let kind = RenderWarningKind::UnknownTarget;
        self.keep_with_warning(kind, token.start, token.end, source)
    }
}
