//! Transactions that were made under a token, for a client that asks again.
//!
//! The engine would remember every token for ten minutes and look through all of them with each
//! transaction, which at hundreds of writes a second becomes most of its work. So it is shown
//! none, and the last transactions are remembered here.

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

/// How many transactions are remembered, with their items. Whoever asks again does so at once, and an
/// answer inside one process is hardly ever lost.
const REMEMBERED: usize = 64;

/// The last transactions of an engine.
#[derive(Default)]
pub(crate) struct Tokens(Mutex<VecDeque<Made>>);

struct Made {
    token: String,
    items: Vec<TransactWriteItem>,
    answer: TransactWriteItemsResponse,
}

impl Tokens {
    /// Makes a transaction, unless it was made under its token before: then its answer is told
    /// again. One that is refused does not use up its token.
    pub(crate) fn transact(
        &self,
        database: &Database,
        mut request: TransactWriteItemsRequest,
    ) -> dynoxide::Result<TransactWriteItemsResponse> {
        let Some(token) = request.client_request_token.take() else {
            return database.transact_write_items(request);
        };
        // Held until the answer is there, so that of two at once under one token the second waits.
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = made.iter().find(|before| before.token == token) {
            return before.repeated(&request.transact_items);
        }
        let items = request.transact_items.clone();
        let answer = database.transact_write_items(request)?;
        if made.len() == REMEMBERED {
            made.pop_front();
        }
        made.push_back(Made {
            token,
            items,
            answer: answer.clone(),
        });
        Ok(answer)
    }
}

impl Made {
    fn repeated(
        &self,
        items: &[TransactWriteItem],
    ) -> dynoxide::Result<TransactWriteItemsResponse> {
        if values(&self.items)? == values(items)? {
            return Ok(self.answer.clone());
        }
        let reason = "another request was made under this ClientRequestToken";
        Err(DynoxideError::IdempotentParameterMismatchException(
            reason.to_owned(),
        ))
    }
}

/// Comparable, whatever the order of the attributes.
fn values(items: &[TransactWriteItem]) -> dynoxide::Result<serde_json::Value> {
    serde_json::to_value(items)
        .map_err(|error| DynoxideError::InternalServerError(error.to_string()))
}
