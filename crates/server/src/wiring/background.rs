//! The work of a server besides requests.

use tintero_domain::{images::Images, posts::Posts, redirects::Redirects};
use tintero_embedded::Engine;

use super::{cleanup, error_chain, operations::OperationsRunner};

/// The work of a server besides requests. A server runs it periodically, a Lambda function on events.
pub(crate) struct Background {
    pub(super) operations: OperationsRunner,
    pub(super) posts: Posts,
    pub(super) images: Images,
    pub(super) redirects: Redirects,
    /// The embedded engine, if there is one. DynamoDB deletes expired items itself.
    pub(super) engine: Option<Engine>,
}

impl Background {
    /// Runs the work until the process ends.
    pub(crate) fn spawn(self) {
        self.operations.spawn();
        cleanup::record_image_uses(self.posts.clone());
        cleanup::follow_links(self.posts.clone());
        cleanup::clean_up_posts(self.posts);
        cleanup::empty_trash(self.images);
        cleanup::store_unknown_addresses(self.redirects);
        if let Some(engine) = self.engine {
            cleanup::delete_expired_items(engine);
        }
    }

    /// Runs the work that is due, as far as time is left. Returns the failures.
    pub(crate) async fn run(&self, is_time_left: impl Fn() -> bool) -> Vec<String> {
        self.operations.run(&is_time_left).await;
        let recorded = self.posts.record_earlier_uses(&is_time_left).await;
        let cleaned = self.posts.run_cleanup().await;
        let followed = self.posts.follow_links(&is_time_left).await;
        let emptied = self.images.empty_trash().await;
        let stored = self.redirects.store_unknown_addresses().await;
        let failures = [
            recorded.err().map(error_chain),
            emptied.err().map(error_chain),
            cleaned.err().map(error_chain),
            followed.err().map(error_chain),
            stored.err().map(error_chain),
        ];
        failures.into_iter().flatten().collect()
    }
}
