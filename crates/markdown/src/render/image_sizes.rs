//! Adds sizes and smaller copies to the images of a page, so that browsers reserve space and load images in
//! the shown size.

use std::{borrow::Cow, fmt::Write as _};

use comrak::html::escape;

use crate::budget::{Budget, Stopped};
use crate::targets::{ShownImage, Targets};

/// The start of an image. Sanitised HTML has a `<` at the start of tags only.
const IMAGE: &str = "<img ";

/// Number of images of a page that are completed. The attributes are up to ten times as long as a tag, so a page of
/// short tags would become too long.
const MAX_IMAGES: usize = 1000;

/// Adds `width`, `height`, `srcset`, `sizes` and `loading` to the images in sanitised HTML. Attributes that the author
/// wrote stay.
///
/// The first image is often the largest one in view, so only the others are loaded lazily.
pub(super) fn sized(
    html: String,
    targets: &dyn Targets,
    budget: &Budget,
) -> Result<String, Stopped> {
    let mut sized = String::new();
    let mut rest = html.as_str();
    for place in 0..MAX_IMAGES {
        let Some(start) = rest.find(IMAGE) else {
            break;
        };
        let Some(length) = rest[start..].find('>') else {
            break;
        };
        let end = start + length;
        let attributes = Attributes(&rest[start + IMAGE.len()..end]);
        budget.spend(length)?;
        sized.push_str(&rest[..end]);
        let source = attributes.get("src").map(unescaped);
        if let Some(shown) = source.and_then(|source| targets.shown_image(&source)) {
            attributes.complete(&shown, place == 0, &mut sized);
        }
        rest = &rest[end..];
    }
    if sized.is_empty() {
        return Ok(html);
    }
    sized.push_str(rest);
    Ok(sized)
}

/// The attributes of a tag: `name="value"`, with a space between two.
struct Attributes<'a>(&'a str);

impl<'a> Attributes<'a> {
    fn get(&self, wanted: &str) -> Option<&'a str> {
        let mut rest = self.0;
        while let Some((name, value)) = rest.split_once("=\"") {
            let (value, after) = value.split_once('"')?;
            if name.trim_start() == wanted {
                return Some(value);
            }
            rest = after;
        }
        None
    }

    /// Writes the missing attributes.
    fn complete(&self, shown: &ShownImage, is_first: bool, to: &mut String) {
        let ShownImage {
            width,
            height,
            smaller,
        } = shown;
        let is_lazy = match self.get("loading") {
            Some(loading) => loading == "lazy",
            None => !is_first,
        };
        if is_lazy && self.get("loading").is_none() {
            to.push_str(" loading=\"lazy\"");
        }
        let own_width = self.get("width");
        if own_width.is_none() && self.get("height").is_none() {
            let _ = write!(to, " width=\"{width}\" height=\"{height}\"");
        }
        if smaller.is_empty() || self.get("srcset").is_some() {
            return;
        }
        to.push_str(" srcset=\"");
        for (place, (url, width)) in smaller.iter().enumerate() {
            to.push_str(if place == 0 { "" } else { ", " });
            let _ = escape(to, url);
            let _ = write!(to, " {width}w");
        }
        to.push('"');
        if self.get("sizes").is_none() {
            let widest = own_width.and_then(|own| own.parse().ok()).unwrap_or(*width);
            let auto = if is_lazy { "auto, " } else { "" };
            let _ = write!(
                to,
                " sizes=\"{auto}(max-width: {widest}px) 100vw, {widest}px\""
            );
        }
    }
}

/// The value of an attribute without the escapes that the sanitiser writes.
fn unescaped(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return Cow::Borrowed(value);
    }
    Cow::Owned(
        value
            .replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&nbsp;", "\u{a0}")
            .replace("&amp;", "&"),
    )
}

#[cfg(test)]
mod tests {
    use crate::{
        jekyll::site::SiteConfig,
        render::{render, render_html},
        targets::{ShownImage, Targets},
    };

    struct Site;

    impl Targets for Site {
        fn image(&self, path: &str) -> Option<String> {
            path.starts_with("own")
                .then(|| format!("/media/{path}?a&b"))
        }

        fn shown_image(&self, url: &str) -> Option<ShownImage> {
            url.contains("own").then(|| ShownImage {
                width: 800,
                height: 600,
                smaller: vec![("/s/320?a&b".to_owned(), 320), ("/s/480".to_owned(), 480)],
            })
        }
    }

    fn page(markdown: &str) -> String {
        render(markdown, &SiteConfig::default(), &Site).html
    }

    #[test]
    fn images_of_the_site_get_their_size_and_smaller_copies() {
        assert_eq!(
            page("![uno](own1.jpg) ![dos](own2.jpg)"),
            "<p><img src=\"/media/own1.jpg?a&amp;b\" alt=\"uno\" width=\"800\" height=\"600\" \
             srcset=\"/s/320?a&amp;b 320w, /s/480 480w\" sizes=\"(max-width: 800px) 100vw, 800px\"> \
             <img src=\"/media/own2.jpg?a&amp;b\" alt=\"dos\" loading=\"lazy\" width=\"800\" height=\"600\" \
             srcset=\"/s/320?a&amp;b 320w, /s/480 480w\" sizes=\"auto, (max-width: 800px) 100vw, 800px\"></p>\n"
        );
    }

    #[test]
    fn other_images_stay_as_they_are() {
        let html = page("![a](https://example.org/x.jpg) ![b](other.jpg)");
        let expected = "<p><img src=\"https://example.org/x.jpg\" alt=\"a\"> <img src=\"other.jpg\" alt=\"b\"></p>\n";
        assert_eq!(html, expected);
    }

    #[test]
    fn attributes_of_the_author_stay() {
        for (written, added) in [
            (
                "width=\"200\"",
                "loading=\"lazy\" srcset=\"/s/320?a&amp;b 320w, /s/480 480w\" sizes=\"auto, (max-width: 200px) 100vw, 200px\"",
            ),
            (
                "loading=\"eager\" height=\"9\"",
                "srcset=\"/s/320?a&amp;b 320w, /s/480 480w\" sizes=\"(max-width: 800px) 100vw, 800px\"",
            ),
            ("srcset=\"/x 1x\" width=\"1\"", "loading=\"lazy\""),
            (
                "sizes=\"50vw\" width=\"1\"",
                "loading=\"lazy\" srcset=\"/s/320?a&amp;b 320w, /s/480 480w\"",
            ),
        ] {
            let source = format!("<img src=\"/first.png\"><img src=\"own.jpg\" {written}>");
            let html = render_html(&source, &SiteConfig::default(), &Site).html;
            let expected = format!("<img src=\"/media/own.jpg?a&amp;b\" {written} {added}>");
            assert!(html.ends_with(&expected), "{html}");
        }
    }

    #[test]
    fn a_page_of_many_images_stays_short() {
        let source = "<img src=\"own.jpg\">\n".repeat(20_000);
        let html = render_html(&source, &SiteConfig::default(), &Site).html;
        assert_eq!(html.matches("<img ").count(), 20_000);
        assert_eq!(html.matches("srcset=").count(), 1000);
    }

    #[test]
    fn texts_that_look_like_images_stay() {
        for source in [
            "`<img src=\"own.jpg\">`",
            "a <a title='<img src=\"own.jpg\">' href=\"/x\">b</a>",
            "\\<img src=\"own.jpg\"\\>",
        ] {
            let html = page(source);
            assert!(!html.contains("srcset"), "{html}");
        }
        let html = page("![<img src=\"own.jpg\" width=\"1\">](own.jpg)");
        assert_eq!(html.matches("srcset=").count(), 1, "{html}");
        assert!(html.contains(" width=\"800\""), "{html}");
    }
}
