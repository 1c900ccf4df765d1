use std::fmt::Write as _;

use comrak::{Options, html::escape, markdown_to_html};

/// Writes an element attribute by attribute.
pub(super) struct Tag(String);

impl Tag {
    pub(super) fn new(name: &str) -> Self {
        Self(format!("<{name}"))
    }

    /// Adds an attribute that has a value.
    pub(super) fn with(mut self, name: &str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            write!(self.0, " {name}=\"{}\"", escaped(value))
                .expect("writing to a string does not fail");
        }
        self
    }

    pub(super) fn end(self) -> String {
        format!("{}>", self.0)
    }
}

/// Escapes a text. The result has no line breaks, which could end a block of HTML in Markdown.
pub(super) fn escaped(text: &str) -> String {
    let mut html = String::new();
    escape(&mut html, text).expect("writing to a string does not fail");
    html.replace(['\n', '\r'], " ")
}

pub(super) fn link(url: &str, text: &str) -> String {
    let tag = Tag::new("a").with("href", Some(url)).end();
    format!("{tag}{}</a>", escaped(text))
}

/// Renders a line of Markdown without a paragraph around it.
pub(super) fn inline(markdown: &str) -> String {
    let html = markdown_to_html(&markdown.replace(['\n', '\r'], " "), &Options::default());
    let html = html.trim();
    let inner = html
        .strip_prefix("<p>")
        .and_then(|html| html.strip_suffix("</p>"));
    inner.map_or_else(|| escaped(markdown), str::to_owned)
}
