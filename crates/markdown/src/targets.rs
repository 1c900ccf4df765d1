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

/// Knows no target at all: everything stays as it was written.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoTargets;

impl Targets for NoTargets {
    fn image(&self, _path: &str) -> Option<String> {
        None
    }
}
