//! Replays transactions with the same `ClientRequestToken`.
//!
//! The engine keeps every token for ten minutes and searches all of them in each transaction, which
//! dominates its work at hundreds of writes a second. This module removes the token from the request
//! and keeps the last transactions itself.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use dynoxide::{
    Database, DynoxideError,
    actions::transact_write_items::{
        TransactWriteItem, TransactWriteItemsRequest, TransactWriteItemsResponse,
    },
};

/// Number of transactions that are kept with their items. Retries follow at once, and a response is
/// rarely lost inside one process.
const CAPACITY: usize = 64;

/// The last transactions of an engine, by token.
#[derive(Default)]
pub(crate) struct TransactionTokens(Mutex<VecDeque<CompletedTransaction>>);

struct CompletedTransaction {
    token: String,
    items: Vec<TransactWriteItem>,
    response: TransactWriteItemsResponse,
}

impl TransactionTokens {
    /// Executes a transaction, or returns the response of the previous one with the same token. A
    /// transaction that fails does not use up its token.
    pub(crate) fn transact(
        &self,
        database: &Database,
        mut request: TransactWriteItemsRequest,
    ) -> dynoxide::Result<TransactWriteItemsResponse> {
        let Some(token) = request.client_request_token.take() else {
            return database.transact_write_items(request);
        };
        // Held during the transaction, so that a concurrent request with the same token waits.
        let mut completed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(previous) = completed.iter().find(|one| one.token == token) {
            return previous.replay(&request.transact_items);
        }
        let items = request.transact_items.clone();
        let response = database.transact_write_items(request)?;
        if completed.len() == CAPACITY {
            completed.pop_front();
        }
        completed.push_back(CompletedTransaction {
            token,
            items,
            response: response.clone(),
        });
        Ok(response)
    }
}

impl CompletedTransaction {
    fn replay(&self, items: &[TransactWriteItem]) -> dynoxide::Result<TransactWriteItemsResponse> {
        if comparable(&self.items)? == comparable(items)? {
            return Ok(self.response.clone());
        }
        let reason = "another request was executed with this ClientRequestToken";
        Err(DynoxideError::IdempotentParameterMismatchException(
            reason.to_owned(),
        ))
    }
}

/// Converts items to a form that compares equal in any order of attributes.
fn comparable(items: &[TransactWriteItem]) -> dynoxide::Result<serde_json::Value> {
    serde_json::to_value(items)
        .map_err(|error| DynoxideError::InternalServerError(error.to_string()))
}
