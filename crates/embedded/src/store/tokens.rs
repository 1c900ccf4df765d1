//! Recognises transactions that are sent again with the same `ClientRequestToken`.

use std::collections::{BTreeMap, VecDeque};

/// Number of transactions that are kept. Retries follow at once, and a response is rarely lost inside
/// one process.
const CAPACITY: usize = 64;

/// The last transactions of a session, in order.
#[derive(Debug, Default)]
pub(crate) struct TransactionTokens {
    completed: VecDeque<CompletedTransaction>,
}

/// A transaction that was executed.
#[derive(Debug)]
pub(crate) struct CompletedTransaction {
    pub(crate) token: String,
    /// Digest of its items.
    pub(crate) digest: u64,
    /// The read units that a repetition consumes, by table.
    pub(crate) replay: BTreeMap<String, f64>,
}

impl TransactionTokens {
    pub(crate) fn find(&self, token: &str) -> Option<&CompletedTransaction> {
        self.completed.iter().find(|one| one.token == token)
    }

    pub(crate) fn remember(&mut self, transaction: CompletedTransaction) {
        if self.completed.len() == CAPACITY {
            self.completed.pop_front();
        }
        self.completed.push_back(transaction);
    }

    /// Forgets all transactions, because some of them were not committed.
    pub(super) fn clear(&mut self) {
        self.completed.clear();
    }
}
