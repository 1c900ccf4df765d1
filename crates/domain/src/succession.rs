//! What went, and what stands for it: chains of successors, and the lists that posts leave along
//! them.

/// Most steps of a chain. What went leads to what is there, so there is no circle; a bound keeps
/// damaged data from hanging a request.
const MOST: usize = 1000;

/// The end of the chain that begins here.
pub(crate) fn end<T>(first: T, next: impl Fn(&T) -> Option<T>) -> T {
    let mut end = first;
    for _ in 0..MOST {
        let Some(next) = next(&end) else { break };
        end = next;
    }
    end
}

/// Everything that leads to `target`, which is last: `sources` says what leads to something at
/// once, `holds_posts` in whose list posts may lie.
///
/// Posts move towards the end of this order and never back. So whoever reads the lists one after
/// the other in it, each as of now, misses no post that moves meanwhile; one that is seen twice
/// has the same place in both lists.
pub(crate) fn lists<T: Clone + PartialEq>(
    target: &T,
    sources: impl Fn(&T) -> Vec<T>,
    holds_posts: impl Fn(&T) -> bool,
) -> Vec<T> {
    let mut lists = vec![target.clone()];
    let mut level = 0;
    while let Some(list) = lists.get(level) {
        let more = sources(list);
        let more: Vec<_> = more
            .into_iter()
            .filter(|list| !lists.contains(list))
            .collect();
        lists.extend(more);
        level += 1;
    }
    // One that is empty may still be on the way from one that is not.
    lists.retain(|list| list == target || holds_posts(list));
    lists.reverse();
    lists
}
