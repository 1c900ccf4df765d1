use std::borrow::Cow;
use std::io::{self, Read, Write};

use ammonia::Builder;

use super::foreign::is_allowed_frame;
use super::page_urls::{UrlRole, candidates};
use super::resolve::ResolvedUrls;
use crate::budget::{Budget, Stopped};
use crate::targets::is_remote;

/// The longest attribute, in bytes. Writing one takes time quadratic in its length.
const MAX_ATTRIBUTE: usize = 8 * 1024;

/// What a player in a frame can do.
const SANDBOX: &str = "allow-popups allow-presentation allow-same-origin allow-scripts";

/// Removes scripts, styles and other unsafe content, and inserts the resolved URLs.
///
/// Parsing and writing count their steps. The pass between them only looks at the attributes, and at none after a
/// cancellation.
pub(super) fn clean(html: &str, urls: ResolvedUrls, budget: &Budget) -> Result<String, Stopped> {
    let cancellation = budget.cancellation();
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
        .add_tags(["iframe"])
        .add_tag_attributes(
            "iframe",
            ["allowfullscreen", "height", "loading", "src", "width"],
        )
        .set_tag_attribute_value("iframe", "sandbox", SANDBOX)
        // The library does not check these URLs, and browsers do not show them.
        .rm_tag_attributes("blockquote", ["cite"])
        .rm_tag_attributes("q", ["cite"])
        .rm_tag_attributes("del", ["cite"])
        .rm_tag_attributes("ins", ["cite"])
        // Without `target`, a link cannot access our window, so it needs no `rel`.
        .link_rel(None)
        .attribute_filter(
            move |element, attribute, value| match (element, attribute) {
                _ if value.len() > MAX_ATTRIBUTE || cancellation.is_cancelled() => None,
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
                ("iframe", "src") if !is_allowed_frame(value) => None,
                (_, "id") | ("a", "name") => Some(Cow::Owned(own_id(value))),
                (_, "aria-describedby" | "headers") => Some(Cow::Owned(own_ids(value))),
                _ => Some(Cow::Borrowed(value)),
            },
        );
    let mut input = CountedIo::new(html.as_bytes(), budget);
    let document = builder.clean_from_reader(&mut input);
    input.stopped.map_or(Ok(()), Err)?;
    let document = document.expect("reading from memory fails only if the budget ends");
    let mut output = CountedIo::new(Vec::with_capacity(html.len()), budget);
    let written = document.write_to(&mut output);
    output.stopped.map_or(Ok(()), Err)?;
    written.expect("writing to memory fails only if the budget ends");
    Ok(String::from_utf8(output.inner).expect("the library writes UTF-8"))
}

/// A reader or writer that counts its bytes as steps and fails when the budget ends.
struct CountedIo<'a, T> {
    inner: T,
    budget: &'a Budget,
    stopped: Option<Stopped>,
}

impl<'a, T> CountedIo<'a, T> {
    fn new(inner: T, budget: &'a Budget) -> Self {
        Self {
            inner,
            budget,
            stopped: None,
        }
    }

    fn count(&mut self, bytes: usize) -> io::Result<()> {
        self.budget.spend(bytes).map_err(|stopped| {
            self.stopped = Some(stopped);
            io::Error::other("the budget has ended")
        })
    }
}

impl Read for CountedIo<'_, &[u8]> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.inner.read(buffer)?;
        self.count(bytes)?;
        Ok(bytes)
    }
}

impl Write for CountedIo<'_, Vec<u8>> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.count(bytes.len())?;
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::CancelOnDrop;

    #[test]
    fn sanitising_stops_soon_after_a_cancellation() {
        let waiting = CancelOnDrop::default();
        let budget = Budget::new(waiting.cancellation());
        drop(waiting);
        let html = "<p>text</p>".repeat(100_000);
        let cleaned = clean(&html, ResolvedUrls::default(), &budget);
        assert_eq!(cleaned, Err(Stopped::Cancelled));
        assert!(budget.steps() < 100_000, "{} steps", budget.steps());
    }

    #[test]
    fn characters_at_the_borders_of_read_blocks_are_kept() {
        let html = format!("<p>{}</p>", "añ🚀".repeat(10_000));
        let cleaned = clean(&html, ResolvedUrls::default(), &Budget::default());
        assert_eq!(cleaned.unwrap(), html);
    }
}
