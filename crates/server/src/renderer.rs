//! Rendering of bodies, away from the threads that serve requests when it takes long.

use async_trait::async_trait;
use tintero_domain::posts::{Page, Rendered, Renderer};

/// Bodies up to this length, in bytes, take less time than handing them to another thread is worth.
const SHORT: usize = 16 * 1024;

/// Renders short bodies at once and long ones on the pool for work that blocks.
#[derive(Debug, Clone, Copy, Default)]
pub struct PooledRenderer;

#[async_trait]
impl Renderer for PooledRenderer {
    async fn render(&self, page: Page) -> Rendered {
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
}
