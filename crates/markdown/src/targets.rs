//! Resolves the images and links of a body, which only the caller knows.

/// Resolves references of a body to URLs.
pub trait Targets {
    /// The URL of an image. `path` is first the written path and, if that is unknown, the
    /// percent-decoded path.
    fn image(&self, path: &str) -> Option<String>;

    /// How the image with this URL is shown, if it is an image of the site.
    fn shown_image(&self, _url: &str) -> Option<ShownImage> {
        None
    }

    /// The URL of the post with this name in `{% post_url %}`: a path below `_posts` without
    /// extension, such as `2018-02-06-hello`.
    fn post(&self, _name: &str) -> Option<String> {
        None
    }

    /// The URL of the file with this path in `{% link %}`.
    fn file(&self, _path: &str) -> Option<String> {
        None
    }

    /// The URL for a link to a post: `href` is its decoded URL without query and fragment.
    fn link(&self, _href: &str) -> Option<String> {
        None
    }

    /// Whether a link is among the references of the body: it leads to a post, or could.
    fn lists_link(&self, href: &str) -> bool {
        self.link(href).is_some()
    }
}

/// How an image is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownImage {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The URLs of smaller copies and their widths in pixels, the smallest first.
    pub smaller: Vec<(String, u32)>,
}

/// Whether a URL has a host or a scheme.
#[must_use]
pub fn is_remote(url: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
    url.starts_with("//")
        || url
            .split_once(':')
            .is_some_and(|(scheme, _)| scheme.chars().all(is_part))
}

/// Resolves nothing, so that all references stay as written.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoTargets;

impl Targets for NoTargets {
    fn image(&self, _path: &str) -> Option<String> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_with_host_or_scheme_are_remote() {
        assert!(is_remote("https://o.org/a") && is_remote("//o.org/a") && !is_remote("/a:b"));
    }
}
