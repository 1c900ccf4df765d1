//! The path below which clients reach the API, if a proxy serves it below a path.

use std::{fmt::Display, sync::Arc};

tokio::task_local! {
    static BASE_PATH: Arc<str>;
}

/// Runs `work`, in which [`prefixed`] puts `base_path` in front of every path.
pub(crate) async fn scope<F: Future>(base_path: Arc<str>, work: F) -> F::Output {
    BASE_PATH.scope(base_path, work).await
}

/// Returns `path` below the path of the public URL. All paths of the API in responses are made by this
/// function, except for those of images in rendered bodies.
pub(crate) fn prefixed(path: impl Display) -> String {
    // The OpenAPI document is built outside of requests.
    BASE_PATH
        .try_with(|base_path| format!("{base_path}{path}"))
        .unwrap_or_else(|_| path.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn paths_are_below_the_base_path() {
        let path = "/v1/posts";
        assert_eq!(prefixed(path), path);
        assert_eq!(scope("".into(), async { prefixed(path) }).await, path);
        let below = scope("/cms".into(), async { prefixed(path) }).await;
        assert_eq!(below, "/cms/v1/posts");
    }
}
