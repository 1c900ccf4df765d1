//! Aliases of retired categories, tags and bylines, the chains that they form, and their grace period.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::values::OperationId;

/// Time between a merge and the first relocation of a post. Servers use cached aliases for up to
/// [`Freshness::Recent`](crate::freshness::Freshness::Recent); a server that does not know the
/// alias yet reads only one of the two lists.
pub(super) const GRACE_PERIOD: Duration = Duration::from_secs(10);

/// Maximum length of a chain. Valid data has no cycles; the limit ends the search in damaged data.
const MAX_CHAIN: usize = 1000;

/// Reference from a retired category or tag to its replacement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias<T> {
    /// The replacement, which may have been retired since.
    pub into: T,
    /// Whether the retired list has no posts and cannot get any. Until then, it is read as part of
    /// the replacement's list.
    pub drained: bool,
    /// The operation that relocates the posts.
    pub operation: OperationId,
}

impl<T> Alias<T> {
    pub(crate) fn new(into: T, operation: OperationId) -> Self {
        Self {
            into,
            drained: false,
            operation,
        }
    }
}

/// Follows a chain of aliases to its end.
pub(super) fn resolve<T>(first: T, next: impl Fn(&T) -> Option<T>) -> T {
    let mut end = first;
    for _ in 0..MAX_CHAIN {
        let Some(next) = next(&end) else { break };
        end = next;
    }
    end
}

/// Returns the lists that together contain the posts of `target`: those of its aliases, then its
/// own. `sources` returns the direct aliases of a name; `holds_posts` returns whether a retired list may
/// have posts.
///
/// Posts are relocated only towards the end of this order. A reader that reads the lists in this
/// order, each with its current content, misses no post that is relocated meanwhile. A post that
/// it reads twice has the same position in both lists.
pub(super) fn lists<T: Clone + PartialEq>(
    target: &T,
    sources: impl Fn(&T) -> Vec<T>,
    holds_posts: impl Fn(&T) -> bool,
) -> Vec<T> {
    let mut lists = vec![target.clone()];
    let mut next = 0;
    while let Some(list) = lists.get(next) {
        let mut sources = sources(list);
        sources.retain(|list| !lists.contains(list));
        lists.extend(sources);
        next += 1;
    }
    // Drained lists are removed last: they may connect a list with posts to the target.
    lists.retain(|list| list == target || holds_posts(list));
    lists.reverse();
    lists
}
