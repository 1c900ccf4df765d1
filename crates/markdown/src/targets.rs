//! What the images and links of a body lead to, which only its caller can know.

/// Answers where the things a body names are served from.
pub trait Targets {
    /// The URL of an image. `path` is what the source says, once as it was written and, when that
    /// is unknown, once percent-decoded.
    fn image(&self, path: &str) -> Option<String>;

    /// The URL of a post, by the name `{% post_url %}` gives it: a path below `_posts` without
    /// extension, such as `2018-02-06-hello`.
    fn post(&self, name: &str) -> Option<String> {
        let _ = name;
        None
    }

    /// The URL of a file of the source, by the path `{% link %}` gives it.
    fn file(&self, path: &str) -> Option<String> {
        let _ = path;
        None
    }

    /// The URL that an ordinary link should lead to, when `href` is an old address of a post.
    fn link(&self, href: &str) -> Option<String> {
        let _ = href;
        None
    }
}

/// Whether an address leads to another place than the site: it names a host or has a scheme.
#[must_use]
pub fn is_remote(address: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
    address.starts_with("//")
        || address
            .split_once(':')
            .is_some_and(|(scheme, _)| scheme.chars().all(is_part))
}

/// Knows no target at all: everything stays as it was written.
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
    fn hosts_and_schemes_lead_elsewhere() {
        assert!(is_remote("https://o.org/a") && is_remote("//o.org/a") && !is_remote("/a:b"));
    }
}
