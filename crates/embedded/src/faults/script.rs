//! The script of a wire, and how often each operation came by.

use std::collections::HashMap;
use std::fmt;

use super::{Call, Verdict};

type Judge = Box<dyn FnMut(&Call<'_>) -> Verdict + Send>;

/// Passes everything while it has no judge.
#[derive(Default)]
pub(super) struct Script {
    judge: Option<Judge>,
    /// Requests since the judge was installed, by operation.
    seen: HashMap<String, u64>,
}

impl Script {
    pub(super) fn new(judge: Judge) -> Self {
        Self {
            judge: Some(judge),
            seen: HashMap::new(),
        }
    }

    /// Counts a request, and says the how-manieth of its operation it is.
    pub(super) fn count(&mut self, operation: &str) -> u64 {
        let nth = self.seen.entry(operation.to_owned()).or_default();
        *nth += 1;
        *nth
    }

    pub(super) fn judge(&mut self, call: Call<'_>) -> Verdict {
        self.judge
            .as_mut()
            .map_or(Verdict::Pass, |judge| judge(&call))
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script")
            .field("seen", &self.seen)
            .finish_non_exhaustive()
    }
}
