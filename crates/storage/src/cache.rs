//! Caches of items that change rarely and are read with most requests.

use std::{hash::Hash, time::Duration};

use moka::future::Cache;

/// Maximum age of an entry: the delay until a server uses the change of another server.
const MAX_AGE: Duration = Duration::from_secs(5);

/// Maximum number of entries.
const CAPACITY: u64 = 10_000;

/// Creates a cache whose entries expire after five seconds.
pub(crate) fn recent<K, V>() -> Cache<K, V>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    Cache::builder()
        .max_capacity(CAPACITY)
        .time_to_live(MAX_AGE)
        .build()
}
