use std::borrow::Cow;

use ammonia::Builder;

/// Removes from HTML whatever could run, restyle the page or load what nobody asked for.
pub(super) fn clean(html: &str) -> String {
    builder().clean(html).to_string()
}

fn builder() -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .add_tags(["audio", "input", "picture", "section", "source", "video"])
        .add_generic_attributes(["id", "class", "aria-label", "aria-describedby"])
        .add_tag_attributes("img", ["loading", "decoding", "sizes"])
        .add_tag_attributes("input", ["checked", "disabled"])
        .add_tag_attribute_values("input", "type", ["checkbox"])
        .add_tag_attributes("audio", ["controls", "src"])
        .add_tag_attributes("video", ["controls", "height", "poster", "src", "width"])
        .add_tag_attributes("source", ["src", "type", "media"])
        .add_tag_attributes("a", ["name"])
        // Links never name a window (`target` is not allowed), so none can reach back into ours.
        .link_rel(None)
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            (_, "class") => classes(element, value),
            _ => Some(Cow::Borrowed(value)),
        });
    builder
}

/// Classes that carry meaning: the language of code, footnotes, task lists, the table of contents.
/// Any other belongs to the page that shows the post, which a body must not restyle.
const MEANINGFUL: &[&str] = &[
    "footnotes",
    "footnote-ref",
    "footnote-backref",
    "contains-task-list",
    "task-list-item",
    "toc",
];

fn classes<'a>(element: &str, value: &'a str) -> Option<Cow<'a, str>> {
    let is_code = matches!(element, "code" | "pre");
    let is_kept =
        |class: &&str| MEANINGFUL.contains(class) || (is_code && class.starts_with("language-"));
    let kept: Vec<_> = value.split_ascii_whitespace().filter(is_kept).collect();
    (!kept.is_empty()).then(|| Cow::Owned(kept.join(" ")))
}
