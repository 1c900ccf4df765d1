//! Stored results of writes with an idempotency key.

use std::time::Duration;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tintero_domain::{
    Result,
    values::{Timestamp, UserId},
    writes::WriteContext,
};

use crate::{
    dynamo::{Consistency, Dynamo},
    item::{Attributes, EntityType, Item, encode},
    keys::{self, Table},
};

/// Time for which a result is kept.
const LIFETIME: Duration = Duration::from_hours(24);

#[derive(Serialize, Deserialize)]
struct Expiring<T> {
    /// Seconds since the epoch.
    expires_at: i64,
    #[serde(flatten)]
    record: T,
}

/// The item that stores `record`. `None` if the write has no idempotency key or no user.
pub(crate) fn item(context: &WriteContext, record: impl Serialize) -> Result<Option<Attributes>> {
    let (Some(request), Some(user)) = (&context.idempotency, context.actor) else {
        return Ok(None);
    };
    let body = Expiring {
        expires_at: context.at.after(LIFETIME).as_seconds(),
        record,
    };
    let key = keys::idempotency(user, &request.key);
    encode(Item::new(key, EntityType::IdempotencyRecord, body)).map(Some)
}

/// Returns the record of a user's key, unless it has expired at `now`.
pub(crate) async fn find<T: DeserializeOwned>(
    dynamo: &Dynamo,
    user: UserId,
    key: &str,
    now: Timestamp,
) -> Result<Option<T>> {
    let key = keys::idempotency(user, key);
    let read = dynamo.find(Table::Idempotency, key, Consistency::Strong);
    let found: Option<Expiring<T>> = read.await?;
    // DynamoDB deletes expired items late.
    let live = found.filter(|found| found.expires_at > now.as_seconds());
    Ok(live.map(|found| found.record))
}
