//! Renders Markdown bodies with a cache, and long bodies on the blocking pool.

use async_trait::async_trait;
use moka::future::Cache;
use tintero_domain::{
    posts::{RenderInput, Rendered, Renderer},
    values::Digest,
};

/// Maximum length in bytes of bodies that are rendered on the calling thread, where they take less time
/// than a change of threads.
const MAX_INLINE_BYTES: usize = 16 * 1024;

/// Capacity of the cache in bytes of HTML and references.
const CACHE_BYTES: u64 = 32 * 1024 * 1024;

/// Renders bodies and caches the results, because bodies are read far more often than they change.
#[derive(Debug, Clone)]
pub struct PooledRenderer {
    cache: Cache<Digest, Rendered>,
}

impl Default for PooledRenderer {
    fn default() -> Self {
        let cache = Cache::builder()
            .max_capacity(CACHE_BYTES)
            .weigher(|_, rendered| weight(rendered))
            .build();
        Self { cache }
    }
}

#[async_trait]
impl Renderer for PooledRenderer {
    async fn render(&self, page: RenderInput) -> Rendered {
        let digest = page.digest();
        if let Some(rendered) = self.cache.get(&digest).await {
            return rendered;
        }
        let rendered = render(page).await;
        self.cache.insert(digest, rendered.clone()).await;
        rendered
    }
}

async fn render(page: RenderInput) -> Rendered {
    if page.size() <= MAX_INLINE_BYTES {
        return page.render();
    }
    let task = tokio::task::spawn_blocking(move || page.render());
    match task.await {
        Ok(rendered) => rendered,
        // The task is never cancelled, so it panicked. The middleware handles the panic.
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}

/// Approximate size in bytes.
fn weight(rendered: &Rendered) -> u32 {
    let references = rendered.references.iter().map(|reference| {
        size_of_val(reference)
            + reference.name.len()
            + reference.url.as_ref().map_or(0, String::len)
    });
    let bytes =
        rendered.html.len() + size_of_val(rendered.warnings.as_slice()) + references.sum::<usize>();
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use tintero_domain::posts::Rendered;

    use super::*;

    #[test]
    fn the_weight_of_html_is_its_length() {
        let rendered = Rendered {
            html: "x".repeat(1000),
            ..Rendered::default()
        };
        assert_eq!(weight(&rendered), 1000);
    }
}
