use std::collections::BTreeMap;

/// Numbers of published posts in the lists of tags, by the tag in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagCounts {
    /// Values of the stored counters.
    pub counters: BTreeMap<String, i64>,
    /// Changes by scheduled publications that are due and not counted yet.
    pub due: BTreeMap<String, i64>,
}

impl TagCounts {
    /// Returns the number of posts in these lists together.
    #[must_use]
    pub fn posts(&self, lists: &[String]) -> u64 {
        let of = |list| {
            let counts = [self.counters.get(list), self.due.get(list)];
            counts.into_iter().flatten().sum::<i64>()
        };
        u64::try_from(lists.iter().map(of).sum::<i64>()).unwrap_or_default()
    }

    /// Whether the stored counter of a list is positive.
    #[must_use]
    pub fn is_counted(&self, list: &str) -> bool {
        self.counters.get(list).is_some_and(|posts| *posts > 0)
    }
}
