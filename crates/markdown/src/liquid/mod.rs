//! Evaluates Liquid: outputs with literals, variables and the standard filters; `assign`, `capture`,
//! `if`, `unless`, `case`, `for`, `include` of snippets, `highlight`, `raw`, `comment`, `post_url` and
//! `link`. Other Liquid is kept with a warning. In code only `raw` tags are removed.

mod blocks;
mod evaluator;
mod expression;
mod filters;
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
use crate::targets::Targets;
use crate::templates::output::Evaluated;

/// Evaluates the Liquid of a body, except in code spans and fenced blocks of Markdown.
///
/// # Errors
/// Fails with the reason if the work ended early.
pub(crate) fn evaluate(
    source: &str,
    format: Format,
    site: &SiteConfig,
    targets: &dyn Targets,
    budget: &Budget,
) -> Result<Evaluated, Stopped> {
    Evaluator::new(source, site, targets, budget).run(format)
}

#[cfg(test)]
mod tests;
