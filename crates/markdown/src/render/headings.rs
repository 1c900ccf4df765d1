use std::collections::BTreeSet;
use std::fmt::{self, Write};
use std::sync::{Mutex, PoisonError};

use comrak::adapters::{HeadingAdapter, HeadingMeta};
use comrak::nodes::{NodeValue, Sourcepos};
use comrak::{Anchorizer, Node};

/// Gives each heading the id that GitHub would give it, unique in its document.
#[derive(Debug, Default)]
pub(super) struct HeadingIds {
    given: Mutex<Anchorizer>,
}

impl HeadingAdapter for HeadingIds {
    fn enter(
        &self,
        output: &mut dyn Write,
        heading: &HeadingMeta,
        _: Option<Sourcepos>,
    ) -> fmt::Result {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let id = given.anchorize(&heading.content);
        if id.is_empty() {
            return write!(output, "<h{}>", heading.level);
        }
        write!(output, "<h{} id=\"{id}\">", heading.level)
    }

    fn exit(&self, output: &mut dyn Write, heading: &HeadingMeta) -> fmt::Result {
        write!(output, "</h{}>", heading.level)
    }
}

/// Returns a nested list of links to the headings, except those with `.no_toc` on their line or the
/// next one.
pub(super) fn table_of_contents(root: Node<'_>, no_toc: &BTreeSet<usize>) -> String {
    // Gives the same ids as rendering, because the headings have the same order.
    let mut ids = Anchorizer::new();
    let mut list = NestedList::default();
    for node in root.descendants() {
        let (level, line) = match &node.data().value {
            NodeValue::Heading(heading) => (heading.level, node.data().sourcepos.end.line),
            _ => continue,
        };
        let text = node.collect_text();
        let id = ids.anchorize(&text);
        if !id.is_empty() && !no_toc.contains(&line) && !no_toc.contains(&(line + 1)) {
            list.add(level, &id, &text);
        }
    }
    list.closed()
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
