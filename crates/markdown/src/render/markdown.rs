use std::collections::BTreeSet;

use comrak::nodes::NodeValue;
use comrak::{Arena, Node, Options, format_html_with_plugins, options, parse_document};

use super::headings::{HeadingIds, table_of_contents};
use super::kramdown::TOC_MARK;
use super::nesting;
use super::page_urls::{PageUrl, in_html};

/// A text with more footnotes is rendered without: each one adds some hundred bytes of HTML.
const MAX_FOOTNOTES: usize = 2000;

/// HTML that is **not** safe yet, with its URLs. Their lines are those of the source.
#[derive(Debug, Default)]
pub(super) struct UnsafePage {
    pub(super) html: String,
    pub(super) named: Vec<PageUrl>,
}

/// Renders Markdown and keeps raw HTML.
pub(super) fn to_page(source: &str, no_toc: &BTreeSet<usize>) -> UnsafePage {
    let options = github(source);
    let headings = HeadingIds::default();
    let mut plugins = options::Plugins::default();
    plugins.render.heading_adapter = Some(&headings);
    let arena = Arena::new();
    let root = parse_document(&arena, source, &options);
    nesting::limit(root);
    place_table_of_contents(root, no_toc);
    let named = root.descendants().flat_map(urls_of).collect();
    let mut html = String::with_capacity(source.len() + source.len() / 4);
    format_html_with_plugins(root, &options, &mut html, &plugins)
        .expect("writing to a string does not fail");
    UnsafePage { html, named }
}

/// Returns the plain text of the first paragraph with text.
pub(crate) fn first_paragraph(source: &str) -> Option<String> {
    let arena = Arena::new();
    let root = parse_document(&arena, source, &github(source));
    nesting::limit(root);
    let is_paragraph = |node: &Node<'_>| matches!(node.data().value, NodeValue::Paragraph);
    root.children()
        .filter(is_paragraph)
        .map(plain_text)
        .find(|text| !text.trim().is_empty())
}

/// Returns the plain text of the whole body.
pub(crate) fn all_text(source: &str) -> String {
    let arena = Arena::new();
    let root = parse_document(&arena, source, &github(source));
    nesting::limit(root);
    plain_text(root)
}

fn plain_text(node: Node<'_>) -> String {
    let mut text = String::new();
    for inner in node.descendants() {
        match &inner.data().value {
            // The alternative text of an image is not part of the text.
            NodeValue::Text(literal) if !is_in_image(inner) => text.push_str(literal),
            NodeValue::Code(code) => text.push_str(&code.literal),
            value if value.block() => text.push(' '),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

fn is_in_image(node: Node<'_>) -> bool {
    node.parent()
        .is_some_and(|parent| matches!(parent.data().value, NodeValue::Image(_)))
}

fn place_table_of_contents(root: Node<'_>, no_toc: &BTreeSet<usize>) {
    let is_mark = |node: &Node<'_>| match &node.data().value {
        NodeValue::HtmlBlock(block) => block.literal.trim() == TOC_MARK,
        _ => false,
    };
    let marks: Vec<_> = root.descendants().filter(is_mark).collect();
    let Some((first, others)) = marks.split_first() else {
        return;
    };
    let contents = table_of_contents(root, no_toc);
    if let NodeValue::HtmlBlock(block) = &mut first.data_mut().value {
        block.literal = contents;
    }
    // Several tables of contents could make the page much longer than its source.
    for mark in others {
        mark.detach();
    }
}

fn urls_of(node: Node<'_>) -> Vec<PageUrl> {
    let data = node.data();
    let line = data.sourcepos.start.line;
    match &data.value {
        NodeValue::Image(target) => {
            let alt = node.collect_text();
            vec![PageUrl::image(&target.url, line, Some(&alt))]
        }
        NodeValue::Link(target) => vec![PageUrl::link(&target.url, line)],
        NodeValue::HtmlBlock(block) => in_html(&block.literal, line),
        NodeValue::HtmlInline(literal) => in_html(literal, line),
        _ => Vec::new(),
    }
}

/// Counts notes and references to notes. The result can be too high.
fn footnotes(source: &str) -> usize {
    source.matches("[^").count()
}

/// Returns the options of GitHub's Markdown, the default of Jekyll, with the supported extensions of
/// kramdown.
fn github(source: &str) -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.autolink = true;
    options.extension.footnotes = footnotes(source) <= MAX_FOOTNOTES;
    options.extension.description_lists = true;
    // The page is sanitised afterwards.
    options.render.r#unsafe = true;
    options
}
