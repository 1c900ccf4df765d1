//! Markdown and HTML bodies as HTML that is safe to serve.

mod headings;
mod kramdown;
pub(crate) mod markdown;
mod names;
mod nesting;
mod resolve;
mod sanitise;
mod tags;

use names::Named;

use crate::jekyll::file_name::Format;
use crate::jekyll::site::Site;
use crate::lines::Lines;
use crate::liquid::{self, Evaluated};
use crate::report::{Flag, Reference, push_flag};
use crate::targets::{NoTargets, Targets};

/// A body made ready to serve.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// Safe HTML: no script, no event handlers, no `javascript:` links.
    pub html: String,
    /// What could not be rendered as it was meant, in the order of the source.
    pub flags: Vec<Flag>,
    /// The images and posts the body names, each once, in the order of the source.
    pub references: Vec<Reference>,
}

/// Renders a Markdown body: Liquid first, as Jekyll does, then GitHub's Markdown with what can be
/// had of kramdown, then everything unsafe is taken out.
#[must_use]
pub fn render(source: &str, site: &Site, targets: &dyn Targets) -> Rendered {
    let evaluated = liquid::evaluate(source, Format::Markdown, site, targets);
    let prepared = kramdown::prepare(&evaluated.text);
    let page = markdown::to_page(&prepared.text, &prepared.no_toc);
    let later = prepared.flags.into_iter().chain(page.flags).collect();
    finished(&page.html, &page.named, evaluated, later, (site, targets))
}

/// Makes an HTML body safe, once its Liquid is evaluated.
#[must_use]
pub fn render_html(source: &str, site: &Site, targets: &dyn Targets) -> Rendered {
    let evaluated = liquid::evaluate(source, Format::Html, site, targets);
    let named = names::in_html(&evaluated.text, 1);
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
    render(source, &Site::default(), &NoTargets)
}

/// Resolves what the page names and makes it safe. `later` are flags whose lines are those of the
/// evaluated text.
fn finished(
    html: &str,
    named: &[Named],
    evaluated: Evaluated,
    later: Vec<Flag>,
    (site, targets): (&Site, &dyn Targets),
) -> Rendered {
    let Evaluated {
        mut flags,
        mut references,
        lines,
        ..
    } = evaluated;
    for flag in later {
        push_flag(
            &mut flags,
            Flag {
                line: lines.source(flag.line),
                ..flag
            },
        );
    }
    flags.sort_by_key(|flag| flag.line);
    let (urls, found) = resolve::resolve(named, site, targets);
    references.extend(
        found
            .into_iter()
            .map(|reference| in_source(reference, &lines)),
    );
    references.sort_by_key(|reference| reference.line);
    Rendered {
        html: sanitise::clean(&tags::limited(html), urls),
        flags,
        references,
    }
}

fn in_source(reference: Reference, lines: &Lines) -> Reference {
    Reference {
        line: lines.source(reference.line),
        ..reference
    }
}

#[cfg(test)]
mod tests;
