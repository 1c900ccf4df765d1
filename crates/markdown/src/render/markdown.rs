use comrak::nodes::NodeValue;
use comrak::{Arena, Node, format_html_with_plugins, options};

use super::bounded_html::BoundedHtml;
use super::document;
use super::headings::HeadingIds;
use super::kramdown::{Prepared, TOC_MARK};
use super::page_urls::{PageUrl, in_html};
use super::structure::Arranged;
use super::{abbreviations, blocks, losses};
use crate::budget::{Budget, Stopped};
use crate::report::RenderWarning;

/// HTML that is **not** safe yet, with its URLs. Their lines are those of the source.
#[derive(Debug, Default)]
pub(super) struct UnsafePage {
    pub(super) html: String,
    pub(super) named: Vec<PageUrl>,
    /// What readers do not see.
    pub(super) lost: Vec<RenderWarning>,
}

/// Renders arranged Markdown and keeps raw HTML.
pub(super) fn to_page(
    prepared: &Prepared,
    arranged: &Arranged,
    budget: &Budget,
) -> Result<UnsafePage, Stopped> {
    let source = arranged.text.as_str();
    let arena = Arena::new();
    let options = document::options(source, budget);
    let root = document::parse(&arena, source, &options, budget)?;
    let lines = &arranged.lines;
    blocks::place_ids(&arena, root, &prepared.ids, lines);
    blocks::remove_empty_headers(root);
    let headings = HeadingIds::new(root, &prepared.ids, lines);
    let mut plugins = options::Plugins::default();
    plugins.render.heading_adapter = Some(&headings);
    place_table_of_contents(root, &headings.contents(root, &prepared.no_toc, lines));
    let (mut named, mut lost) = (Vec::new(), Vec::new());
    for node in root.descendants() {
        budget.spend(1)?;
        let urls = urls_of(node).into_iter();
        named.extend(urls.map(|url| PageUrl {
            line: lines.source(url.line),
            ..url
        }));
        lost.extend(losses_of(node).into_iter().map(|loss| RenderWarning {
            line: lines.source(loss.line),
            ..loss
        }));
        restore_formula(node);
        abbreviations::mark(node, &arranged.abbreviations, budget)?;
    }
    let mut page = BoundedHtml::new(source.len(), budget);
    let written = format_html_with_plugins(root, &options, &mut page, &plugins);
    let html = page.finish(written)?;
    Ok(UnsafePage { html, named, lost })
}

/// Returns the plain text of the first paragraph with text.
pub(crate) fn first_paragraph(source: &str) -> Option<String> {
    let (arena, budget) = (Arena::new(), Budget::default());
    let options = document::options(source, &budget);
    let root = document::parse(&arena, source, &options, &budget).ok()?;
    let is_paragraph = |node: &Node<'_>| matches!(node.data().value, NodeValue::Paragraph);
    root.children()
        .filter(is_paragraph)
        .map(plain_text)
        .find(|text| !text.trim().is_empty())
}

/// Returns the plain text of the whole body, or nothing if it exceeds a limit.
pub(crate) fn all_text(source: &str) -> String {
    let (arena, budget) = (Arena::new(), Budget::default());
    let options = document::options(source, &budget);
    document::parse(&arena, source, &options, &budget).map_or_else(|_| String::new(), plain_text)
}

fn plain_text(node: Node<'_>) -> String {
    let mut text = String::new();
    for inner in node.descendants() {
        match &inner.data().value {
            // The alternative text of an image is not part of the text.
            NodeValue::Text(literal) if !is_in_image(inner) => text.push_str(literal),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::Math(math) => text.push_str(&math.literal),
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

fn losses_of(node: Node<'_>) -> Vec<RenderWarning> {
    let data = node.data();
    let line = data.sourcepos.start.line;
    match &data.value {
        NodeValue::Image(target) => losses::of_image(&target.url, line).into_iter().collect(),
        NodeValue::HtmlBlock(block) => losses::in_html(&block.literal, line),
        NodeValue::HtmlInline(literal) if literal.starts_with("<s") => {
            losses::in_html(&with_next(node, literal), line)
                .into_iter()
                .take(1)
                .collect()
        }
        NodeValue::HtmlInline(literal) => losses::in_html(literal, line),
        _ => Vec::new(),
    }
}

/// The literal of inline HTML and the text after it, which tells an element from its name in prose.
fn with_next(node: Node<'_>, literal: &str) -> String {
    let mut html = literal.to_owned();
    for next in node.following_siblings().skip(1).take(32) {
        match &next.data().value {
            NodeValue::Text(text) => html.push_str(&text[..text.floor_char_boundary(1024)]),
            NodeValue::HtmlInline(next) => html.push_str(&next[..next.floor_char_boundary(1024)]),
            _ => {}
        }
    }
    html
}

/// Shows a formula as its source, which a script of the page renders.
fn restore_formula(node: Node<'_>) {
    let mut data = node.data_mut();
    if let NodeValue::Math(math) = &data.value {
        let mark = if math.display_math { "$$" } else { "$" };
        let text = format!("{mark}{}{mark}", math.literal);
        data.value = NodeValue::Text(text.into());
    }
}

fn place_table_of_contents(root: Node<'_>, contents: &str) {
    let is_mark = |node: &Node<'_>| match &node.data().value {
        NodeValue::HtmlBlock(block) => block.literal.trim() == TOC_MARK,
        _ => false,
    };
    let marks: Vec<_> = root.descendants().filter(is_mark).collect();
    let Some((first, others)) = marks.split_first() else {
        return;
    };
    if let NodeValue::HtmlBlock(block) = &mut first.data_mut().value {
        contents.clone_into(&mut block.literal);
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
