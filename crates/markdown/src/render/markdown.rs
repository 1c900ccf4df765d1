use comrak::{Arena, Options, format_html_with_plugins, options, parse_document};

use super::headings::HeadingIds;
use super::nesting;

/// Renders Markdown as HTML that is **not** safe yet: raw HTML stands as it was written.
pub(super) fn to_html(source: &str) -> String {
    let options = github();
    let headings = HeadingIds::default();
    let mut plugins = options::Plugins::default();
    plugins.render.heading_adapter = Some(&headings);
    let arena = Arena::new();
    let root = parse_document(&arena, source, &options);
    nesting::limit(root);
    let mut html = String::with_capacity(source.len() + source.len() / 4);
    format_html_with_plugins(root, &options, &mut html, &plugins)
        .expect("a string takes all that is written");
    html
}

/// GitHub's Markdown, which is what Jekyll reads by default, with the extensions of kramdown that
/// the library knows.
fn github() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.description_lists = true;
    // Sanitised right after.
    options.render.r#unsafe = true;
    options
}
