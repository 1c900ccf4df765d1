//! Evaluates Liquid: outputs with literals, variables and the standard filters; `assign`, `capture`,
//! `if`, `unless`, `case`, `for`, `include` of snippets, `highlight`, `raw`, `comment`, `post_url` and
//! `link`. Other Liquid is kept with a warning. In code only `raw` tags are removed.

mod blocks;
mod evaluator;
mod expression;
mod filters;
mod output;
mod result;
mod scope;
mod tags;
mod token;
mod tree;
mod value;

use evaluator::Evaluator;

use crate::budget::{Budget, Stopped};
use crate::jekyll::file_name::Format;
use crate::jekyll::site::SiteConfig;
use crate::line_map::LineMap;
use crate::report::{BodyReference, RenderWarning};
use crate::targets::Targets;

/// A text with evaluated Liquid.
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

/// Evaluates the Liquid of a body, except in code spans and fenced blocks of Markdown. A text that
/// exceeds a limit is not changed.
#[must_use]
pub fn evaluate(
    source: &str,
    format: Format,
    site: &SiteConfig,
    targets: &dyn Targets,
) -> Evaluated {
    let budget = Budget::default();
    evaluate_within(source, format, site, targets, &budget).unwrap_or_else(|_| Evaluated {
        text: source.to_owned(),
        ..Evaluated::default()
    })
}

/// As [`evaluate`], within a budget.
///
/// # Errors
/// Fails with the reason if the work ended early.
pub fn evaluate_within(
    source: &str,
    format: Format,
    site: &SiteConfig,
    targets: &dyn Targets,
    budget: &Budget,
) -> Result<Evaluated, Stopped> {
    if !site.renders_liquid() {
        return Ok(Evaluated {
            text: source.to_owned(),
            ..Evaluated::default()
        });
    }
    Evaluator::new(source, site, targets, budget).run(format)
}

#[cfg(test)]
mod tests;
