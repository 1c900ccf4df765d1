//! Renders Markdown and HTML bodies to HTML that is safe to serve.

mod abbreviations;
mod blocks;
mod bounded_html;
mod document;
mod foreign;
mod headings;
mod html_limits;
mod image_sizes;
mod kramdown;
mod losses;
pub(crate) mod markdown;
mod nesting;
mod page_urls;
mod resolve;
mod sanitise;
mod source_lines;
mod structure;
mod tables;

use std::collections::BTreeMap;

use markdown::UnsafePage;

use crate::budget::{Budget, Stopped, TextLimit, TooComplex, within};
use crate::jekyll::file_name::Format;
use crate::jekyll::site::SiteConfig;
use crate::line_map::LineMap;
use crate::report::{BodyReference, RenderWarning, push_warning};
use crate::targets::{NoTargets, Targets};
use crate::templates::{self, Evaluated};

/// A rendered body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// Safe HTML: no script, no event handlers, no `javascript:` links.
    pub html: String,
    /// The warnings about Liquid, in the order of the source.
    pub warnings: Vec<RenderWarning>,
    /// The references to images and posts, each once, in the order of the source.
    pub references: Vec<BodyReference>,
    /// The limit that the body exceeds, if any. The HTML is then simpler than the source: without
    /// footnotes or deep nesting, or the source itself as preformatted text.
    pub exceeded: Option<TooComplex>,
}

/// Nobody waits for the rendering any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenderingCancelled;

/// Renders a Markdown body. Evaluates Liquid as Jekyll does, renders GitHub's Markdown with the
/// supported extensions of kramdown, and removes everything unsafe.
#[must_use]
pub fn render(source: &str, site: &SiteConfig, targets: &dyn Targets) -> Rendered {
    let budget = Budget::default();
    // This budget is never cancelled.
    render_within(source, site, targets, &budget).unwrap_or_default()
}

/// As [`render`], within a budget. A body that exceeds it is rendered in a simpler way.
///
/// # Errors
/// [`RenderingCancelled`] if the budget was cancelled.
pub fn render_within(
    source: &str,
    site: &SiteConfig,
    targets: &dyn Targets,
    budget: &Budget,
) -> Result<Rendered, RenderingCancelled> {
    simplified(source, budget, markdown_page(source, site, targets, budget))
}

/// Evaluates the Liquid of an HTML body and removes everything unsafe.
#[must_use]
pub fn render_html(source: &str, site: &SiteConfig, targets: &dyn Targets) -> Rendered {
    let budget = Budget::default();
    // This budget is never cancelled.
    render_html_within(source, site, targets, &budget).unwrap_or_default()
}

/// As [`render_html`], within a budget. A body that exceeds it is shown as its source.
///
/// # Errors
/// [`RenderingCancelled`] if the budget was cancelled.
pub fn render_html_within(
    source: &str,
    site: &SiteConfig,
    targets: &dyn Targets,
    budget: &Budget,
) -> Result<Rendered, RenderingCancelled> {
    simplified(source, budget, html_page(source, site, targets, budget))
}

/// Whether a short source can have a long rendering: with tables, whose rows are filled up, or with values
/// and loops of Liquid.
#[must_use]
pub fn can_expand(source: &str) -> bool {
    ["|", "{{", "{%"].iter().any(|mark| source.contains(mark))
}

fn markdown_page(
    source: &str,
    site: &SiteConfig,
    targets: &dyn Targets,
    budget: &Budget,
) -> Result<Rendered, Stopped> {
    let evaluated = templates::evaluate_within(source, Format::Markdown, site, targets, budget)?;
    let prepared = kramdown::prepare(&evaluated.text, budget)?;
    let arranged = structure::arrange(&prepared.text, budget)?;
    let page = markdown::to_page(&prepared, &arranged, budget)?;
    finish(&page, evaluated, (site, targets), budget)
}

fn html_page(
    source: &str,
    site: &SiteConfig,
    targets: &dyn Targets,
    budget: &Budget,
) -> Result<Rendered, Stopped> {
    let evaluated = templates::evaluate_within(source, Format::Html, site, targets, budget)?;
    let page = UnsafePage {
        html: evaluated.text.clone(),
        named: page_urls::in_html(&evaluated.text, 1),
        lost: losses::in_html(&evaluated.text, 1),
    };
    finish(&page, evaluated, (site, targets), budget)
}

/// Returns the rendering, or the source as preformatted text if it exceeds the budget.
fn simplified(
    source: &str,
    budget: &Budget,
    rendered: Result<Rendered, Stopped>,
) -> Result<Rendered, RenderingCancelled> {
    match rendered {
        Ok(rendered) => Ok(Rendered {
            exceeded: budget.exceeded(),
            ..rendered
        }),
        Err(Stopped::Cancelled) => Err(RenderingCancelled),
        Err(Stopped::TooComplex(exceeded)) => Ok(Rendered {
            html: preformatted(source),
            exceeded: Some(exceeded),
            ..Rendered::default()
        }),
    }
}

fn preformatted(source: &str) -> String {
    let mut html = String::from("<pre>");
    comrak::html::escape(&mut html, source).expect("writing to a string does not fail");
    html.push_str("</pre>\n");
    html
}

/// Renders Markdown without a site. References stay as written.
#[must_use]
pub fn render_plain(source: &str) -> Rendered {
    render(source, &SiteConfig::default(), &NoTargets)
}

/// Resolves the URLs of the page and sanitises it.
fn finish(
    page: &UnsafePage,
    evaluated: Evaluated,
    (site, targets): (&SiteConfig, &dyn Targets),
    budget: &Budget,
) -> Result<Rendered, Stopped> {
    within(TextLimit::References, page.named.len() as u64)?;
    let Evaluated {
        mut warnings,
        mut references,
        lines,
        ..
    } = evaluated;
    let (urls, found) = resolve::resolve(&page.named, site, targets, budget)?;
    references.extend(
        found
            .into_iter()
            .map(|reference| in_source(reference, &lines)),
    );
    references.sort_by_key(|reference| reference.line);
    add_losses(&mut warnings, &page.lost, &lines);
    let html = html_limits::limited(&page.html, budget)?;
    let html = sanitise::clean(&html, urls, budget)?;
    let html = image_sizes::sized(html, targets, budget)?;
    Ok(Rendered {
        html,
        warnings,
        references,
        exceeded: None,
    })
}

/// Adds each removed construct once.
fn add_losses(warnings: &mut Vec<RenderWarning>, lost: &[RenderWarning], lines: &LineMap) {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for loss in lost {
        let place = *places.entry(&loss.construct).or_insert(warnings.len());
        if let Some(known) = warnings.get_mut(place) {
            known.count += 1;
        } else {
            let line = lines.source(loss.line);
            push_warning(
                warnings,
                RenderWarning {
                    line,
                    ..loss.clone()
                },
            );
        }
    }
}

fn in_source(reference: BodyReference, lines: &LineMap) -> BodyReference {
    BodyReference {
        line: lines.source(reference.line),
        ..reference
    }
}

#[cfg(test)]
mod tests;
