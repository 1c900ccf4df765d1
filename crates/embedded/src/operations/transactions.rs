use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::ExecuteWrite;
use super::body::ResponseBody;
use super::capacity::{CapacityAxis, TableUnits, consumed_by_table, read_units};
use super::item_write::{Change, Expressions, ItemWrite, NewItem, PreparedWrite};
use crate::api_error::{CancellationReason, ErrorKind, RequestError};
use crate::item::Item;
use crate::requests::{
    ReturnConsumedCapacity, TransactAction, TransactKey, TransactWriteItemsRequest,
};
use crate::store::{CompletedTransaction, RequestFailure, SqlSession};

/// Maximum number of items of a transaction.
const MAX_ITEMS: usize = 100;
/// Maximum total size of the items of a transaction, in bytes.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Maximum length of a token.
const MAX_TOKEN: usize = 36;

/// `TransactWriteItems`.
pub(super) struct Transaction {
    writes: Vec<ItemWrite>,
    token: Option<ExpressionToken>,
    capacity: ReturnConsumedCapacity,
}

/// The token of a request and the digest of its items.
struct ExpressionToken {
    token: String,
    digest: u64,
}

impl Transaction {
    pub(super) fn new(request: TransactWriteItemsRequest) -> Result<Self, RequestError> {
        let count = request.transact_items.len();
        if !(1..=MAX_ITEMS).contains(&count) {
            return Err(RequestError::validation(format!(
                "1 validation error detected: Value at 'transactItems' failed to satisfy \
                 constraint: Member must have length less than or equal to {MAX_ITEMS}, and greater \
                 than or equal to 1"
            )));
        }
        if let Some(token) = &request.client_request_token {
            check_token(token)?;
        }
        let token = request.client_request_token.map(|token| {
            let mut hasher = DefaultHasher::new();
            request.transact_items.hash(&mut hasher);
            let digest = hasher.finish();
            ExpressionToken { token, digest }
        });
        let writes = request.transact_items.into_iter().map(item_write);
        Ok(Self {
            writes: writes.collect::<Result<_, _>>()?,
            token,
            capacity: request.return_consumed_capacity,
        })
    }

    /// Prepares all writes. If one fails, the error has a reason for each of them.
    fn prepare(
        writes: Vec<ItemWrite>,
        session: &SqlSession,
    ) -> Result<Vec<PreparedWrite>, RequestFailure> {
        let targets: Vec<_> = writes.iter().map(|it| it.target(session)).collect();
        let valid = targets.iter().flatten();
        let distinct: BTreeSet<_> = valid.map(|(table, key)| (&table.name, key)).collect();
        if distinct.len() < targets.iter().flatten().count() {
            let reason = "Transaction request cannot include multiple operations on one item";
            return Err(RequestError::validation(reason).into());
        }
        let mut prepared = Vec::with_capacity(targets.len());
        let mut reasons = Vec::with_capacity(targets.len());
        for (write, target) in writes.into_iter().zip(targets) {
            match target.and_then(|target| write.prepare(session, target)) {
                Ok(write) => {
                    prepared.push(write);
                    reasons.push(NO_REASON);
                }
                Err(failure) => reasons.push(reason(failure)?),
            }
        }
        if prepared.len() == reasons.len() {
            return Ok(prepared);
        }
        Err(canceled(reasons).into())
    }

    /// Makes all writes and returns what they consumed.
    fn write(
        writes: Vec<ItemWrite>,
        session: &SqlSession,
    ) -> Result<TransactionUnits, RequestFailure> {
        let prepared = Self::prepare(writes, session)?;
        if prepared.iter().map(PreparedWrite::size).sum::<usize>() > MAX_BYTES {
            let reason = "Collection size of items exceeded, which can also be caused by the \
                          aggregate size of the items in the transaction exceeding the 4MB limit";
            return Err(RequestError::validation(reason).into());
        }
        let mut units = TransactionUnits::default();
        for write in prepared {
            let table = || write.table.name.clone();
            let mut consumed = write.apply(session)?;
            // A transaction writes each item twice, but each index entry once.
            consumed.table *= 2.0;
            units.writes.entry(table()).or_default().add(consumed);
            *units.replay.entry(table()).or_default() += 2.0 * read_units(write.size(), true);
        }
        Ok(units)
    }

    fn body(
        units: &BTreeMap<String, TableUnits>,
        capacity: ReturnConsumedCapacity,
        axis: CapacityAxis,
    ) -> Result<String, RequestFailure> {
        let mut body = ResponseBody::new();
        let consumed = consumed_by_table(units, capacity, axis);
        body.optional("ConsumedCapacity", consumed.as_ref())?;
        Ok(body.finish())
    }
}

/// The units of each table.
#[derive(Default)]
struct TransactionUnits {
    writes: BTreeMap<String, TableUnits>,
    /// The read units of a repetition with the same token.
    replay: BTreeMap<String, f64>,
}

impl ExecuteWrite for Transaction {
    fn run(self: Box<Self>, session: &SqlSession) -> Result<String, RequestFailure> {
        let capacity = self.capacity;
        let Some(token) = self.token else {
            let units = Self::write(self.writes, session)?;
            return Self::body(&units.writes, capacity, CapacityAxis::Write);
        };
        let mut tokens = session.transactions();
        if let Some(previous) = tokens.find(&token.token) {
            if previous.digest != token.digest {
                let reason = "another request was executed with this ClientRequestToken";
                return Err(
                    RequestError::new(ErrorKind::IdempotentParameterMismatch, reason).into(),
                );
            }
            let units = previous.replay.iter();
            let units = units.map(|(table, units)| (table.clone(), TableUnits::of_table(*units)));
            return Self::body(&units.collect(), capacity, CapacityAxis::Read);
        }
        let units = Self::write(self.writes, session)?;
        let body = Self::body(&units.writes, capacity, CapacityAxis::Write)?;
        tokens.remember(CompletedTransaction {
            token: token.token,
            digest: token.digest,
            replay: units.replay,
        });
        Ok(body)
    }
}

fn check_token(token: &str) -> Result<(), RequestError> {
    let bound = match token.chars().count() {
        0 => "greater than or equal to 1",
        1..=MAX_TOKEN => return Ok(()),
        _ => "less than or equal to 36",
    };
    Err(RequestError::validation(format!(
        "1 validation error detected: Value '{token}' at 'clientRequestToken' failed to satisfy \
         constraint: Member must have length {bound}"
    )))
}

const NO_REASON: CancellationReason = CancellationReason {
    code: "None",
    message: None,
    item: None,
};

/// Converts the failure of one item to a reason. Other failures end the request.
fn reason(failure: RequestFailure) -> Result<CancellationReason, RequestFailure> {
    let RequestFailure::Refused(error) = failure else {
        return Err(failure);
    };
    match error.kind {
        ErrorKind::ConditionalCheckFailed { item } => Ok(CancellationReason {
            code: "ConditionalCheckFailed",
            message: Some(error.message),
            item,
        }),
        ErrorKind::Validation => Ok(CancellationReason {
            code: "ValidationError",
            message: Some(error.message),
            item: None,
        }),
        _ => Err(error.into()),
    }
}

fn canceled(reasons: Vec<CancellationReason>) -> RequestError {
    let codes: Vec<_> = reasons.iter().map(|reason| reason.code).collect();
    let message = format!(
        "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
        codes.join(", ")
    );
    RequestError::new(ErrorKind::TransactionCanceled { reasons }, message)
}

fn item_write(action: TransactAction) -> Result<ItemWrite, RequestError> {
    Ok(match action {
        TransactAction::Put(put) => {
            let expressions = Expressions {
                condition: put.condition_expression,
                names: put.expression_attribute_names,
                values: put.expression_attribute_values,
            };
            ItemWrite {
                table: put.table_name,
                change: Change::Put(NewItem::new(put.item)?),
                condition: expressions.parse()?,
                on_failure: put.return_values_on_condition_check_failure,
            }
        }
        TransactAction::Update(update) => {
            let expressions = Expressions {
                condition: update.condition_expression,
                names: update.expression_attribute_names,
                values: update.expression_attribute_values,
            };
            let (parsed, condition) = expressions.parse_update(&update.update_expression)?;
            ItemWrite {
                table: update.table_name,
                change: Change::Update {
                    key: update.key,
                    update: parsed,
                },
                condition,
                on_failure: update.return_values_on_condition_check_failure,
            }
        }
        TransactAction::Delete(delete) => of_key(delete, Change::Delete)?,
        TransactAction::ConditionCheck(check) if check.condition_expression.is_none() => {
            return Err(RequestError::validation(
                "1 validation error detected: Value null at 'conditionExpression' failed to satisfy \
                 constraint: Member must not be null",
            ));
        }
        TransactAction::ConditionCheck(check) => of_key(check, Change::Check)?,
    })
}

fn of_key(
    request: TransactKey,
    change: impl FnOnce(Item) -> Change,
) -> Result<ItemWrite, RequestError> {
    let expressions = Expressions {
        condition: request.condition_expression,
        names: request.expression_attribute_names,
        values: request.expression_attribute_values,
    };
    Ok(ItemWrite {
        table: request.table_name,
        change: change(request.key),
        condition: expressions.parse()?,
        on_failure: request.return_values_on_condition_check_failure,
    })
}
