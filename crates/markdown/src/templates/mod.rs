//! Evaluates the template language of a body: Liquid in sites of Jekyll, shortcodes in those of Hugo and
//! Zola.

pub(crate) mod fence;
pub(crate) mod output;

pub use output::Evaluated;

use crate::budget::{Budget, Stopped};
use crate::generator::Generator;
use crate::jekyll::file_name::Format;
use crate::jekyll::site::SiteConfig;
use crate::targets::Targets;
use crate::{liquid, shortcodes};

/// Evaluates the templates of a body, except in code spans and fenced blocks of Markdown. A text that
/// exceeds a limit is not changed.
#[must_use]
pub fn evaluate(
    source: &str,
    format: Format,
    site: &SiteConfig,
    targets: &dyn Targets,
) -> Evaluated {
    let budget = Budget::default();
    evaluate_within(source, format, site, targets, &budget).unwrap_or_else(|_| unchanged(source))
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
    match site.generator() {
        Generator::Jekyll if site.renders_liquid() => {
            liquid::evaluate(source, format, site, targets, budget)
        }
        Generator::Jekyll => Ok(unchanged(source)),
        generator => shortcodes::evaluate(source, format, generator, (site, targets), budget),
    }
}

fn unchanged(source: &str) -> Evaluated {
    Evaluated {
        text: source.to_owned(),
        ..Evaluated::default()
    }
}
