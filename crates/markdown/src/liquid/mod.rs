//! Evaluates the part of Liquid that posts use: outputs with literals, `site.*`, `page.*` and string
//! filters; `highlight`, `raw`, `comment`, `post_url` and `link`. Other Liquid is kept with a warning.
//! Code is not changed.

mod evaluator;
mod expression;
mod filters;
mod result;
mod tags;

use evaluator::Evaluator;

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

/// Evaluates the Liquid of a body, except in code spans and fenced blocks of Markdown.
#[must_use]
pub fn evaluate(
    source: &str,
    format: Format,
    site: &SiteConfig,
    targets: &dyn Targets,
) -> Evaluated {
    Evaluator::new(source, site, targets).run(format)
}

#[cfg(test)]
mod tests;
