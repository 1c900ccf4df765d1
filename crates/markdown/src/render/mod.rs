//! Markdown and HTML bodies as HTML that is safe to serve.

mod headings;
mod html_limits;
mod kramdown;
pub(crate) mod markdown;
mod nesting;
mod page_urls;
mod resolve;
mod sanitise;

use page_urls::PageUrl;

use crate::jekyll::file_name::Format;
use crate::jekyll::site::SiteConfig;
use crate::line_map::LineMap;
use crate::liquid::{self, Evaluated};
use crate::report::{BodyReference, RenderWarning, push_warning};
use crate::targets::{NoTargets, Targets};

/// A body made ready to serve.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// Safe HTML: no script, no event handlers, no `javascript:` links.
    pub html: String,
    /// What could not be rendered as it was meant, in the order of the source.
    pub warnings: Vec<RenderWarning>,
    /// The images and posts the body names, each once, in the order of the source.
    pub references: Vec<BodyReference>,
}

/// Renders a Markdown body: Liquid first, as Jekyll does, then GitHub's Markdown with what can be
/// had of kramdown, then everything unsafe is taken out.
#[must_use]
pub fn render(source: &str, site: &SiteConfig, targets: &dyn Targets) -> Rendered {
    let evaluated = liquid::evaluate(source, Format::Markdown, site, targets);
    let prepared = kramdown::prepare(&evaluated.text);
    let page = markdown::to_page(&prepared.text, &prepared.no_toc);
    let later = prepared.warnings.into_iter().chain(page.warnings).collect();
    finished(&page.html, &page.named, evaluated, later, (site, targets))
}

/// Makes an HTML body safe, once its Liquid is evaluated.
#[must_use]
pub fn render_html(source: &str, site: &SiteConfig, targets: &dyn Targets) -> Rendered {
    let evaluated = liquid::evaluate(source, Format::Html, site, targets);
    let named = page_urls::in_html(&evaluated.text, 1);
    finished(
        &evaluated.text.clone(),
        &named,
        evaluated,
        Vec::new(),
        (site, targets),
    )
}

/// Renders Markdown for callers who know no site and no images: targets stay as they were written.
#[must_use]
pub fn render_plain(source: &str) -> Rendered {
    render(source, &SiteConfig::default(), &NoTargets)
}

/// Resolves what the page names and makes it safe. `later` are warnings whose lines are those of the
/// evaluated text.
fn finished(
    html: &str,
    named: &[PageUrl],
    evaluated: Evaluated,
    later: Vec<RenderWarning>,
    (site, targets): (&SiteConfig, &dyn Targets),
) -> Rendered {
    let Evaluated {
        mut warnings,
        mut references,
        lines,
        ..
    } = evaluated;
    for warning in later {
        push_warning(
            &mut warnings,
            RenderWarning {
                line: lines.source(warning.line),
                ..warning
            },
        );
    }
    warnings.sort_by_key(|warning| warning.line);
    let (urls, found) = resolve::resolve(named, site, targets);
    references.extend(
        found
            .into_iter()
            .map(|reference| in_source(reference, &lines)),
    );
    references.sort_by_key(|reference| reference.line);
    Rendered {
        html: sanitise::clean(&html_limits::limited(html), urls),
        warnings,
        references,
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
