//! Rendering of bodies, away from the threads that serve requests when it takes long, and not
//! twice.

use async_trait::async_trait;
use moka::future::Cache;
use tintero_domain::{
    posts::{Page, Rendered, Renderer},
    values::Digest,
};

/// Bodies up to this length, in bytes, take less time than handing them to another thread is worth.
const SHORT: usize = 16 * 1024;

/// Bytes of HTML and references that are remembered.
const REMEMBERED: u64 = 32 * 1024 * 1024;

/// Renders short bodies at once and long ones on the pool for work that blocks, and remembers what
/// came out: a body is read far more often than it changes.
#[derive(Debug, Clone)]
pub struct PooledRenderer {
    known: Cache<Digest, Rendered>,
}

impl Default for PooledRenderer {
    fn default() -> Self {
        let known = Cache::builder()
            .max_capacity(REMEMBERED)
            .weigher(|_, rendered| weight(rendered))
            .build();
        Self { known }
    }
}

#[async_trait]
impl Renderer for PooledRenderer {
    async fn render(&self, page: Page) -> Rendered {
        let digest = page.digest();
        if let Some(known) = self.known.get(&digest).await {
            return known;
        }
        let rendered = anew(page).await;
        self.known.insert(digest, rendered.clone()).await;
        rendered
    }
}

async fn anew(page: Page) -> Rendered {
    if page.size() <= SHORT {
        return page.render();
    }
    let task = tokio::task::spawn_blocking(move || page.render());
    match task.await {
        Ok(rendered) => rendered,
        // Nothing cancels the task, so it panicked: the fence around the request answers that.
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}

/// About how many bytes it takes.
fn weight(rendered: &Rendered) -> u32 {
    let references = rendered.references.iter().map(|reference| {
        size_of_val(reference)
            + reference.name.len()
            + reference.url.as_ref().map_or(0, String::len)
    });
    let bytes =
        rendered.html.len() + size_of_val(rendered.flags.as_slice()) + references.sum::<usize>();
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use tintero_domain::posts::Rendered;

    use super::*;

    #[test]
    fn a_rendition_weighs_what_it_says() {
        let rendered = Rendered {
            html: "x".repeat(1000),
            ..Rendered::default()
        };
        assert_eq!(weight(&rendered), 1000);
    }
}
