//! Renders Markdown and HTML bodies to HTML that is safe to serve.

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
use crate::report::{BodyReference, RenderWarning};
use crate::targets::{NoTargets, Targets};

/// A rendered body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// Safe HTML: no script, no event handlers, no `javascript:` links.
    pub html: String,
    /// The warnings about Liquid, in the order of the source.
    pub warnings: Vec<RenderWarning>,
    /// The references to images and posts, each once, in the order of the source.
    pub references: Vec<BodyReference>,
}

/// Renders a Markdown body. Evaluates Liquid as Jekyll does, renders GitHub's Markdown with the
/// supported extensions of kramdown, and removes everything unsafe.
#[must_use]
pub fn render(source: &str, site: &SiteConfig, targets: &dyn Targets) -> Rendered {
    let evaluated = liquid::evaluate(source, Format::Markdown, site, targets);
    let prepared = kramdown::prepare(&evaluated.text);
    let page = markdown::to_page(&prepared.text, &prepared.no_toc);
    finish(&page.html, &page.named, evaluated, (site, targets))
}

/// Evaluates the Liquid of an HTML body and removes everything unsafe.
#[must_use]
pub fn render_html(source: &str, site: &SiteConfig, targets: &dyn Targets) -> Rendered {
    let evaluated = liquid::evaluate(source, Format::Html, site, targets);
    let named = page_urls::in_html(&evaluated.text, 1);
    finish(&evaluated.text.clone(), &named, evaluated, (site, targets))
}

/// Renders Markdown without a site. References stay as written.
#[must_use]
pub fn render_plain(source: &str) -> Rendered {
    render(source, &SiteConfig::default(), &NoTargets)
}

/// Resolves the URLs of the page and sanitises it.
fn finish(
    html: &str,
    page_urls: &[PageUrl],
    evaluated: Evaluated,
    (site, targets): (&SiteConfig, &dyn Targets),
) -> Rendered {
    let Evaluated {
        warnings,
        mut references,
        lines,
        ..
    } = evaluated;
    let (urls, found) = resolve::resolve(page_urls, site, targets);
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
