use std::borrow::Cow;

use ammonia::Builder;

use super::page_urls::{UrlRole, candidates};
use super::resolve::ResolvedUrls;
use crate::targets::is_remote;

/// The longest attribute, in bytes. Writing one takes time quadratic in its length.
const MAX_ATTRIBUTE: usize = 8 * 1024;

/// Removes scripts, styles and other unsafe content, and inserts the resolved URLs.
pub(super) fn clean(html: &str, urls: ResolvedUrls) -> String {
    let mut builder = Builder::default();
    builder
        .add_tags(["audio", "input", "picture", "section", "source", "video"])
        .add_generic_attributes(["id", "class", "aria-label", "aria-describedby"])
        .add_tag_attributes("img", ["loading", "decoding", "sizes", "srcset"])
        .add_tag_attributes("input", ["checked", "disabled"])
        .add_tag_attribute_values("input", "type", ["checkbox"])
        .add_tag_attributes("audio", ["controls", "src"])
        .add_tag_attributes("video", ["controls", "height", "poster", "src", "width"])
        .add_tag_attributes("source", ["media", "sizes", "src", "srcset", "type"])
        .add_tag_attributes("a", ["name"])
        // The library does not check these URLs, and browsers do not show them.
        .rm_tag_attributes("blockquote", ["cite"])
        .rm_tag_attributes("q", ["cite"])
        .rm_tag_attributes("del", ["cite"])
        .rm_tag_attributes("ins", ["cite"])
        // Without `target`, a link cannot access our window, so it needs no `rel`.
        .link_rel(None)
        .attribute_filter(
            move |element, attribute, value| match (element, attribute) {
                _ if value.len() > MAX_ATTRIBUTE => None,
                (_, "class") => classes(element, value),
                (_, "srcset") => srcset(value, &urls),
                ("img", "src") | ("video", "poster") => {
                    Some(resolved(UrlRole::Image, value, &urls))
                }
                ("a", "href") => Some(match urls.get(UrlRole::Link, value) {
                    Some(url) => Cow::Owned(with_own_fragment(url)),
                    None if value.starts_with('#') => Cow::Owned(with_own_fragment(value)),
                    None => Cow::Borrowed(value),
                }),
                (_, "id") | ("a", "name") => Some(Cow::Owned(own_id(value))),
                (_, "aria-describedby" | "headers") => Some(Cow::Owned(own_ids(value))),
                _ => Some(Cow::Borrowed(value)),
            },
        );
    builder.clean(html).to_string()
}

/// The prefix of all ids in a body. Without it, an id such as `cookie` or `getElementById` would replace
/// a property of the `document` of the page around the body.
const ID_PREFIX: &str = "user-content-";

fn own_id(id: &str) -> String {
    if id.starts_with(ID_PREFIX) {
        return id.to_owned();
    }
    format!("{ID_PREFIX}{id}")
}

fn own_ids(ids: &str) -> String {
    let ids = ids.split_ascii_whitespace().map(own_id);
    ids.collect::<Vec<_>>().join(" ")
}

/// A link within the site, whose fragment names an element of a body.
fn with_own_fragment(url: &str) -> String {
    match url.split_once('#') {
        Some((page, id)) if !id.is_empty() && id != "top" => format!("{page}#{}", own_id(id)),
        _ => url.to_owned(),
    }
}

fn resolved<'a>(role: UrlRole, value: &'a str, urls: &ResolvedUrls) -> Cow<'a, str> {
    urls.get(role, value)
        .map_or(Cow::Borrowed(value), |url| Cow::Owned(url.to_owned()))
}

/// Keeps only paths and web URLs, because the library does not check the URLs of a `srcset`.
fn srcset<'a>(value: &str, urls: &ResolvedUrls) -> Option<Cow<'a, str>> {
    let is_safe = |address: &str| {
        let address = address.trim_start().to_ascii_lowercase();
        !is_remote(&address)
            || ["https:", "http:", "//"]
                .iter()
                .any(|lead| address.starts_with(lead))
    };
    let safe = candidates(value).filter(|(address, _)| is_safe(address));
    let written = safe.map(|(address, size)| {
        let address = urls
            .get(UrlRole::Image, address)
            .unwrap_or(address)
            .replace(' ', "%20");
        if size.is_empty() {
            address
        } else {
            format!("{address} {size}")
        }
    });
    let written = written.collect::<Vec<_>>().join(", ");
    (!written.is_empty()).then_some(Cow::Owned(written))
}

/// The classes that a body can use. Others belong to the page around it, which a body must not
/// restyle.
const ALLOWED_CLASSES: &[&str] = &[
    "footnotes",
    "footnote-ref",
    "footnote-backref",
    "contains-task-list",
    "task-list-item",
    "toc",
];

fn classes<'a>(element: &str, value: &'a str) -> Option<Cow<'a, str>> {
    let is_code = matches!(element, "code" | "pre");
    let is_kept = |class: &&str| {
        ALLOWED_CLASSES.contains(class) || (is_code && class.starts_with("language-"))
    };
    let kept: Vec<_> = value.split_ascii_whitespace().filter(is_kept).collect();
    (!kept.is_empty()).then(|| Cow::Owned(kept.join(" ")))
}
