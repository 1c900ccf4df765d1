//! Renders Markdown bodies on the pool, with a cache.

use async_trait::async_trait;
use moka::future::Cache;
use tintero_domain::{
    Result,
    posts::{RenderInput, Rendered, Renderer},
    text_work::{TextJob, TextWorkers, WorkShare, on_workers},
    values::Digest,
};

use crate::text_pool::TextPool;

/// Capacity of the cache in bytes of HTML and references.
const CACHE_BYTES: u64 = 32 * 1024 * 1024;

/// Renders bodies and caches the results, because bodies are read far more often than they change.
#[derive(Debug, Clone)]
pub struct PooledRenderer {
    cache: Cache<Digest, Rendered>,
    pool: TextPool,
}

impl PooledRenderer {
    /// Creates a renderer that works on `pool`.
    #[must_use]
    pub(crate) fn new(pool: TextPool) -> Self {
        let cache = Cache::builder()
            .max_capacity(CACHE_BYTES)
            .weigher(|_, rendered| weight(rendered))
            .build();
        Self { cache, pool }
    }
}

#[async_trait]
impl TextWorkers for PooledRenderer {
    async fn run(&self, share: WorkShare, job: TextJob) -> Result<()> {
        self.pool.run(share, job).await
    }
}

#[async_trait]
impl Renderer for PooledRenderer {
    async fn render(&self, share: WorkShare, input: RenderInput) -> Result<Rendered> {
        let digest = input.digest();
        if let Some(rendered) = self.cache.get(&digest).await {
            return Ok(rendered);
        }
        let size = input.size();
        let rendering = on_workers(self, share, size, move |budget| input.render(budget));
        let rendered = rendering.await?;
        self.cache.insert(digest, rendered.clone()).await;
        Ok(rendered)
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
