//! The part of Liquid that posts use: outputs with literals, `site.*`, `page.*` and string
//! filters; `highlight`, `raw`, `comment`, `post_url` and `link`. Everything else is kept as it is
//! and reported, and nothing inside code is touched.

mod evaluator;
mod expression;
mod filters;
mod tags;

use evaluator::Evaluator;

use crate::jekyll::file_name::Format;
use crate::jekyll::site::SiteConfig;
use crate::line_map::LineMap;
use crate::report::{BodyReference, RenderWarning};
use crate::targets::Targets;

/// A text whose Liquid was evaluated.
#[derive(Debug, Clone, Default)]
pub struct Evaluated {
    /// The text.
    pub text: String,
    /// What was not evaluated, in order.
    pub warnings: Vec<RenderWarning>,
    /// The posts and files its tags name, in order.
    pub references: Vec<BodyReference>,
    pub(crate) lines: LineMap,
}

/// Evaluates the Liquid of a body. In Markdown, code spans and fenced blocks are left alone; HTML
/// has none.
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
