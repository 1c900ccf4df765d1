//! Changes blocks of a parsed document.

use std::collections::BTreeMap;

use comrak::nodes::{NodeHtmlBlock, NodeValue};
use comrak::{Arena, Node};

use crate::line_map::LineMap;

/// Puts an anchor before each block that has an id. Headings have theirs in their tags.
pub(super) fn place_ids<'a>(
    arena: &'a Arena<'a>,
    root: Node<'a>,
    ids: &BTreeMap<usize, String>,
    lines: &LineMap,
) {
    if ids.is_empty() {
        return;
    }
    let blocks: Vec<_> = root.children().collect();
    for node in blocks {
        let place = node.data().sourcepos;
        let is_heading = matches!(node.data().value, NodeValue::Heading(_));
        let given = [place.start.line, place.end.line].into_iter();
        let id = given
            .map(|line| ids.get(&lines.source(line)))
            .find_map(|id| id);
        if let Some(id) = id.filter(|_| !is_heading) {
            let anchor = NodeHtmlBlock {
                block_type: 0,
                literal: format!("<a id=\"{id}\"></a>\n"),
            };
            node.insert_before(arena.alloc(NodeValue::HtmlBlock(anchor).into()));
        }
    }
}

/// Removes the headers that only the Markdown library needs.
pub(super) fn remove_empty_headers(root: Node<'_>) {
    let is_empty_header = |node: &Node<'_>| {
        matches!(node.data().value, NodeValue::TableRow(true))
            && node.next_sibling().is_some()
            && node.children().all(|cell| cell.first_child().is_none())
    };
    let headers: Vec<_> = root.descendants().filter(is_empty_header).collect();
    for header in headers {
        header.detach();
    }
}
