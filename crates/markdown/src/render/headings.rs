use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

use comrak::adapters::{HeadingAdapter, HeadingMeta};
use comrak::nodes::{NodeValue, Sourcepos};
use comrak::{Anchorizer, Node};

use crate::line_map::LineMap;

/// The ids of all headings in order: those that the text gives, otherwise those that GitHub would give,
/// unique in their document.
#[derive(Debug)]
pub(super) struct HeadingIds {
    ids: Vec<String>,
    next: AtomicUsize,
}

impl HeadingIds {
    pub(super) fn new(root: Node<'_>, given: &BTreeMap<usize, String>, lines: &LineMap) -> Self {
        let mut anchors = Anchorizer::new();
        let id = |node: Node<'_>| {
            let place = node.data().sourcepos;
            let own = [place.start.line, place.end.line]
                .into_iter()
                .find_map(|line| given.get(&lines.source(line)));
            own.cloned()
                .unwrap_or_else(|| anchors.anchorize(&node.collect_text()))
        };
        Self {
            ids: headings(root).map(id).collect(),
            next: AtomicUsize::new(0),
        }
    }

    /// Returns a nested list of links to the headings, except those with `.no_toc` on their line or the
    /// next one.
    pub(super) fn contents(
        &self,
        root: Node<'_>,
        no_toc: &BTreeSet<usize>,
        lines: &LineMap,
    ) -> String {
        let mut list = NestedList::default();
        for (node, id) in headings(root).zip(&self.ids) {
            let (level, end) = match &node.data().value {
                NodeValue::Heading(heading) => (heading.level, node.data().sourcepos.end.line),
                _ => continue,
            };
            let line = lines.source(end);
            if !id.is_empty() && !no_toc.contains(&line) && !no_toc.contains(&(line + 1)) {
                list.add(level, id, &node.collect_text());
            }
        }
        list.closed()
    }
}

fn headings(root: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let is_heading = |node: &Node<'_>| matches!(node.data().value, NodeValue::Heading(_));
    root.descendants().filter(is_heading)
}

impl HeadingAdapter for HeadingIds {
    fn enter(
        &self,
        output: &mut dyn Write,
        heading: &HeadingMeta,
        _: Option<Sourcepos>,
    ) -> fmt::Result {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        match self.ids.get(next).filter(|id| !id.is_empty()) {
            Some(id) => write!(output, "<h{} id=\"{id}\">", heading.level),
            None => write!(output, "<h{}>", heading.level),
        }
    }

    fn exit(&self, output: &mut dyn Write, heading: &HeadingMeta) -> fmt::Result {
        write!(output, "</h{}>", heading.level)
    }
}

#[derive(Debug, Default)]
struct NestedList {
    html: String,
    open: Vec<u8>,
}

impl NestedList {
    fn add(&mut self, level: u8, id: &str, text: &str) {
        while self.open.last().is_some_and(|open| *open > level) && self.open.len() > 1 {
            self.html.push_str("</li></ul>");
            self.open.pop();
        }
        match self.open.last() {
            Some(open) if *open >= level => self.html.push_str("</li>"),
            None => self.begin(level, "<ul class=\"toc\">"),
            Some(_) => self.begin(level, "<ul>"),
        }
        write!(self.html, "<li><a href=\"#{id}\">")
            .and_then(|()| comrak::html::escape(&mut self.html, text))
            .expect("writing to a string does not fail");
        self.html.push_str("</a>");
    }

    fn begin(&mut self, level: u8, tag: &str) {
        self.html.push_str(tag);
        self.open.push(level);
    }

    fn closed(mut self) -> String {
        self.html.push_str(&"</li></ul>".repeat(self.open.len()));
        self.html.push('\n');
        self.html
    }
}
