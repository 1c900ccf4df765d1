use std::collections::{BTreeMap, BTreeSet};

use super::arguments::Arguments;
use super::builtin::{self, Html};
use super::syntax::{ShortcodeTag, TagKind};
use super::token::{ShortcodeToken, ShortcodeTokenKind, tokens};
use crate::budget::{Budget, Stopped, TextLimit};
use crate::front_matter::{YamlMap, YamlValue};
use crate::generator::Generator;
use crate::jekyll::file_name::Format;
use crate::jekyll::site::SiteConfig;
use crate::report::{BodyReference, ReferenceKind, RenderWarning, RenderWarningKind, push_warning};
use crate::targets::Targets;
use crate::templates::fence::fenced;
use crate::templates::output::{Evaluated, Output};

/// Evaluates the shortcodes of a body.
///
/// # Errors
/// Fails with the reason if the work ended early.
pub(crate) fn evaluate(
    source: &str,
    format: Format,
    generator: Generator,
    (site, targets): (&SiteConfig, &dyn Targets),
    budget: &Budget,
) -> Result<Evaluated, Stopped> {
    budget.spend(source.len())?;
    let tokens = tokens(source, format, generator, budget)?;
    let mut evaluator = Evaluator {
        source,
        site,
        targets,
        budget,
        done: Evaluated::default(),
        output: Output::default(),
        warned: BTreeMap::new(),
        endings: BTreeMap::new(),
        kept_closings: BTreeSet::new(),
        line: 1,
        position: 0,
    };
    let mut next = 0;
    while next < tokens.len() {
        next = evaluator.token(&tokens, next)?;
        let growth = evaluator.output.written.saturating_sub(source.len());
        if growth as u64 > TextLimit::LiquidOutput.max() {
            budget.simplify(TextLimit::LiquidOutput);
            return Ok(Evaluated {
                text: source.to_owned(),
                ..evaluator.done
            });
        }
    }
    let (text, lines) = evaluator.output.finished();
    Ok(Evaluated {
        text,
        lines,
        ..evaluator.done
    })
}

struct Evaluator<'a> {
    source: &'a str,
    site: &'a SiteConfig,
    targets: &'a dyn Targets,
    budget: &'a Budget,
    done: Evaluated,
    output: Output,
    /// The warnings by the name of their shortcode.
    warned: BTreeMap<String, usize>,
    /// The end tags of the closing tokens of known blocks.
    endings: BTreeMap<usize, &'static str>,
    /// The closing tokens of unknown blocks.
    kept_closings: BTreeSet<usize>,
    /// The line at `position`.
    line: usize,
    position: usize,
}

impl<'a> Evaluator<'a> {
    /// Evaluates the token at an index. Returns the index of the next one.
    fn token(&mut self, tokens: &[ShortcodeToken<'a>], index: usize) -> Result<usize, Stopped> {
        let token = &tokens[index];
        let text = &self.source[token.start..token.end];
        self.advance(token.start);
        match &token.kind {
            ShortcodeTokenKind::Code if text.contains("/*") => {
                self.write(&without_escapes(text))?;
            }
            ShortcodeTokenKind::Text | ShortcodeTokenKind::Code => self.write(text)?,
            ShortcodeTokenKind::Escaped(open, content, close) => {
                self.write(&format!("{}{content}{close}", visible(open)))?;
            }
            ShortcodeTokenKind::Tag(tag, Some(closing)) if tag.name == "highlight" => {
                self.highlight(&tag.arguments, token.end, &tokens[*closing])?;
                return Ok(closing + 1);
            }
            ShortcodeTokenKind::Tag(tag, closing) => self.tag(tag, *closing, index, token)?,
        }
        Ok(index + 1)
    }

    fn tag(
        &mut self,
        tag: &ShortcodeTag<'a>,
        closing: Option<usize>,
        index: usize,
        token: &ShortcodeToken<'a>,
    ) -> Result<(), Stopped> {
        if let Some(end) = self.endings.remove(&index) {
            return self.write(&format!("\n\n{end}\n\n"));
        }
        if let Some(closing) = closing {
            if let Some((start, end)) = builtin::block(tag.name, &tag.arguments) {
                self.endings.insert(closing, end);
                let lead = self.lead();
                return self.write(&format!("{lead}{start}\n\n"));
            }
            self.kept_closings.insert(closing);
            return self.keep(tag.name, token);
        }
        if self.kept_closings.contains(&index) {
            return self.write(&visible(&self.source[token.start..token.end]));
        }
        if tag.kind == TagKind::Close {
            return self.keep(tag.name, token);
        }
        match tag.name {
            "ref" | "relref" => self.reference(&tag.arguments, token),
            "param" => self.parameter(&tag.arguments, token),
            name => match builtin::html(name, &tag.arguments) {
                Some(Html::Inline(html)) => self.write(&html),
                Some(Html::Block(html)) => {
                    let (lead, tail) = (self.lead(), self.tail(token.end));
                    self.write(&format!("{lead}{html}{tail}"))
                }
                None => self.keep(name, token),
            },
        }
    }

    /// The text before a block: an empty line, unless a line begins here.
    fn lead(&self) -> &'static str {
        if self.output.is_at_line_start() {
            ""
        } else {
            "\n\n"
        }
    }

    /// The text after a block, which would otherwise include the next lines.
    fn tail(&self, end: usize) -> &'static str {
        if self.source[end..].starts_with(['\n', '\r']) {
            "\n"
        } else {
            "\n\n"
        }
    }

    fn highlight(
        &mut self,
        arguments: &Arguments<'_>,
        start: usize,
        closing: &ShortcodeToken<'_>,
    ) -> Result<(), Stopped> {
        let language = arguments.get(&["lang", "type"], 0).unwrap_or_default();
        let block = fenced(language, &self.source[start..closing.start]);
        let (lead, tail) = (self.lead(), self.tail(closing.end));
        self.write(&format!("{lead}{block}{tail}"))
    }

    /// Writes the URL of a page.
    fn reference(
        &mut self,
        arguments: &Arguments<'_>,
        token: &ShortcodeToken<'a>,
    ) -> Result<(), Stopped> {
        let Some(written) = arguments.get(&["path"], 0) else {
            return self.keep("ref", token);
        };
        let (path, fragment) = match written.split_once('#') {
            Some((path, fragment)) => (path, format!("#{fragment}")),
            None => (written, String::new()),
        };
        if path.is_empty() {
            return self.write(&fragment);
        }
        let url = self.targets.file(path);
        self.done.references.push(BodyReference {
            kind: ReferenceKind::File,
            name: path.to_owned(),
            target: None,
            line: self.line,
            count: 1,
            url: url.clone(),
            alt: None,
            reason: None,
        });
        if let Some(url) = url {
            return self.write(&format!("{url}{fragment}"));
        }
        let text = &self.source[token.start..token.end];
        self.warn(RenderWarningKind::UnknownTarget, text, text);
        self.write(&visible(text))
    }

    /// Writes a value of the front matter, otherwise of the parameters of the site.
    fn parameter(
        &mut self,
        arguments: &Arguments<'_>,
        token: &ShortcodeToken<'a>,
    ) -> Result<(), Stopped> {
        let name = arguments.get(&["name"], 0).unwrap_or_default();
        let params = match self.site.values().get("params") {
            Some(YamlValue::Map(params)) => Some(params),
            _ => None,
        };
        let site = self.site;
        let value = [Some(site.page()), params]
            .into_iter()
            .flatten()
            .find_map(|map| nested(map, name));
        match value {
            Some(value) => self.write(value),
            None => self.keep("param", token),
        }
    }

    /// Keeps the source of a shortcode with a warning.
    fn keep(&mut self, name: &str, token: &ShortcodeToken<'a>) -> Result<(), Stopped> {
        let text = &self.source[token.start..token.end];
        self.warn(RenderWarningKind::Shortcode, name, text);
        self.write(&visible(text))
    }

    /// Adds a warning, one for all with the same key.
    fn warn(&mut self, kind: RenderWarningKind, key: &str, construct: &str) {
        let next = self.done.warnings.len();
        let place = *self.warned.entry(key.to_owned()).or_insert(next);
        if let Some(known) = self.done.warnings.get_mut(place) {
            known.count += 1;
        } else {
            let warning = RenderWarning::new(self.line, kind, construct);
            push_warning(&mut self.done.warnings, warning);
        }
    }

    fn write(&mut self, text: &str) -> Result<(), Stopped> {
        self.budget.spend(1 + text.len())?;
        self.output.write(text, self.line);
        Ok(())
    }

    /// Moves to a position and counts the lines up to it.
    fn advance(&mut self, position: usize) {
        let passed = &self.source[self.position..position];
        self.line += passed.bytes().filter(|byte| *byte == b'\n').count();
        self.position = position;
    }
}

/// The value of a key, with dots for keys of inner maps.
fn nested<'a>(map: &'a YamlMap, name: &str) -> Option<&'a str> {
    let (first, rest) = name.split_once('.').unwrap_or((name, ""));
    let lower = first.to_lowercase();
    match map.get(first).or_else(|| map.get(&lower))? {
        YamlValue::Map(inner) if !rest.is_empty() => nested(inner, rest),
        value if rest.is_empty() => value.text(),
        _ => None,
    }
}

/// Readers see `<` as text, not as the start of a tag.
fn visible(source: &str) -> String {
    source.replace('<', "&lt;")
}

fn without_escapes(code: &str) -> String {
    [
        ("{{</*", "{{<"),
        ("*/>}}", ">}}"),
        ("{{%/*", "{{%"),
        ("*/%}}", "%}}"),
    ]
    .into_iter()
    .chain([
        ("{{/*", "{{"),
        ("*/}}", "}}"),
        ("{%/*", "{%"),
        ("*/%}", "%}"),
    ])
    .fold(code.to_owned(), |text, (from, to)| text.replace(from, to))
}
