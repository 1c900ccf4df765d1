//! Counts of attempts at secrets: one item for each account and network, each network, and each account.
//!
//! They are no part of the audit trail, so that a guesser cannot fill it.

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use moka::future::Cache;
use serde::{Deserialize, Serialize};
use tintero_domain::{
    Result,
    accounts::{AttemptCount, AttemptHistory, Guess, GuessAdmission, GuessStore},
    values::Timestamp,
    writes::WriteOutcome,
};

use crate::{
    dynamo::{Consistency, Dynamo},
    item::{Attributes, EntityType, Item, decode, encode, key_of},
    keys::{self, ItemKey, Table},
};

/// Rounds of reading and counting for one attempt. Only attempts from one network at one account compete.
const ROUNDS: usize = 3;

/// The wait of an attempt that lost in every round.
const CONTENDED: Duration = Duration::from_secs(1);

/// Number of remembered waits.
const MAX_WAITS: u64 = 4096;

/// Stores the counts in DynamoDB.
#[derive(Debug, Clone)]
pub struct DynamoGuessStore {
    dynamo: Dynamo,
    waits: KnownWaits,
}

/// Waits that were read from the store and have not ended. Nothing ends a wait early, so a client that does not wait
/// costs no request.
#[derive(Debug, Clone)]
struct KnownWaits(Cache<Guess, Timestamp>);

impl KnownWaits {
    fn new() -> Self {
        let hour = Duration::from_hours(1);
        let waits = Cache::builder().max_capacity(MAX_WAITS);
        Self(waits.time_to_live(hour).build())
    }

    /// The key of the waits of a network, which hold for all accounts.
    fn of_network(guess: &Guess) -> Guess {
        Guess {
            account: String::new(),
            ..guess.clone()
        }
    }

    async fn get(&self, guess: &Guess, now: Timestamp) -> Option<Duration> {
        let pair = self.0.get(guess).await;
        let network = self.0.get(&Self::of_network(guess)).await;
        let until = pair.max(network)?;
        Some(until.since(now)).filter(|wait| !wait.is_zero())
    }

    async fn insert(&self, guess: &Guess, history: &AttemptHistory) {
        if let Some(until) = history.pair.blocked_until {
            self.0.insert(guess.clone(), until).await;
        }
        if let Some(until) = history.network.blocked_until {
            self.0.insert(Self::of_network(guess), until).await;
        }
    }
}

/// The attributes of a count.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct AttemptRecord {
    attempts: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    blocked_until: Option<Timestamp>,
    /// Seconds since the Unix epoch. Until then the network is known for the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    known_until: Option<i64>,
    /// Seconds since the Unix epoch at which the attempts are forgotten, if the item stays longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    counted_until: Option<i64>,
    /// Seconds since the Unix epoch, for the TTL of DynamoDB.
    expires_at: i64,
}

impl AttemptRecord {
    /// A count that follows the stored one.
    fn next(read: Option<&Self>, next: AttemptCount, now: Timestamp) -> Self {
        let counted_until = next.forgotten_at(now).as_seconds();
        let known_until = read.and_then(|read| read.known_until);
        let known_until = known_until.filter(|until| *until > counted_until);
        Self {
            attempts: next.attempts,
            blocked_until: next.blocked_until,
            known_until,
            counted_until: known_until.is_some().then_some(counted_until),
            expires_at: known_until.unwrap_or(counted_until),
        }
    }

    /// No attempt, from a known network.
    fn known(now: Timestamp) -> Self {
        let until = now.after(AttemptHistory::KNOWN_FOR).as_seconds();
        Self {
            known_until: Some(until),
            expires_at: until,
            ..Self::default()
        }
    }

    fn count(self, now: Timestamp) -> AttemptCount {
        // DynamoDB deletes expired items with a delay.
        if self.counted_until.unwrap_or(self.expires_at) <= now.as_seconds() {
            return AttemptCount::default();
        }
        AttemptCount {
            attempts: self.attempts,
            blocked_until: self.blocked_until,
        }
    }
}

/// The stored counts, which may have expired.
#[derive(Debug, Default)]
struct StoredHistory {
    pair: Option<AttemptRecord>,
    network: Option<AttemptRecord>,
    account: Option<AttemptRecord>,
}

impl StoredHistory {
    fn of(guess: &Guess, items: Vec<Attributes>) -> Result<Self> {
        let mut stored = Self::default();
        for item in items {
            let key = key_of(&item);
            let record = Some(decode::<Item<AttemptRecord>>(item)?.body);
            if key == Some(keys::guess_pair(guess)) {
                stored.pair = record;
            } else if key == Some(keys::guess_network(guess)) {
                stored.network = record;
            } else {
                stored.account = record;
            }
        }
        Ok(stored)
    }

    fn at(&self, now: Timestamp) -> AttemptHistory {
        let count = |record: Option<AttemptRecord>| {
            record.map_or_else(AttemptCount::default, |record| record.count(now))
        };
        let known_until = self.pair.and_then(|record| record.known_until);
        AttemptHistory {
            is_known: known_until.is_some_and(|until| until > now.as_seconds()),
            pair: count(self.pair),
            network: count(self.network),
            account: count(self.account),
        }
    }
}

impl DynamoGuessStore {
    /// A store for the tables of `dynamo`.
    #[must_use]
    pub fn new(dynamo: Dynamo) -> Self {
        Self {
            dynamo,
            waits: KnownWaits::new(),
        }
    }

    async fn stored(&self, guess: &Guess) -> Result<StoredHistory> {
        let keys = vec![
            keys::guess_pair(guess),
            keys::guess_network(guess),
            keys::guess_account(guess),
        ];
        let items = self
            .dynamo
            .get_many(Table::Tokens, keys, Consistency::Strong)
            .await?;
        StoredHistory::of(guess, items)
    }

    /// Stores a count in place of the one that was read.
    async fn replace(
        &self,
        key: ItemKey,
        read: Option<AttemptRecord>,
        next: AttemptCount,
        now: Timestamp,
    ) -> Result<WriteOutcome> {
        let (unchanged, values) = match read {
            None => ("attribute_not_exists(pk)", vec![]),
            Some(read) => (
                "attempts = :read AND expires_at = :end",
                vec![
                    (":read", number(read.attempts.into())),
                    (":end", number(read.expires_at)),
                ],
            ),
        };
        let record = AttemptRecord::next(read.as_ref(), next, now);
        let item = Item::new(key, EntityType::Attempts, record);
        self.dynamo
            .put_if(Table::Tokens, item, unchanged, values)
            .await
    }

    /// Adds one to a count that concurrent failures change, too. A lost wait or expiry is harmless.
    async fn add(&self, key: ItemKey, next: AttemptCount, now: Timestamp) -> Result<()> {
        let end = next.forgotten_at(now).as_seconds();
        let mut set = "SET et = :et, sv = :sv, expires_at = :end".to_owned();
        let mut values = vec![
            (":et", EntityType::Attempts.attribute()?),
            (":sv", number(1)),
            (":end", number(end)),
        ];
        if let Some(until) = next.blocked_until {
            set.push_str(", blocked_until = :until");
            values.push((":until", AttributeValue::S(until.to_string())));
        }
        if next.attempts == 1 {
            // The stored count is absent or has expired.
            set.push_str(", attempts = :one");
        } else {
            set.push_str(" ADD attempts :one");
        }
        values.push((":one", number(1)));
        self.dynamo.update(Table::Tokens, key, &set, values).await
    }
}

#[async_trait]
impl GuessStore for DynamoGuessStore {
    async fn admit(&self, guess: &Guess, now: Timestamp) -> Result<GuessAdmission> {
        if let Some(wait) = self.waits.get(guess, now).await {
            return Ok(GuessAdmission::Wait(wait));
        }
        for _ in 0..ROUNDS {
            let stored = self.stored(guess).await?;
            let history = stored.at(now);
            let wait = history.wait(now);
            if !wait.is_zero() {
                self.waits.insert(guess, &history).await;
                return Ok(GuessAdmission::Wait(wait));
            }
            let (key, next) = (
                keys::guess_pair(guess),
                history.next_pair(guess.target, now),
            );
            match self.replace(key, stored.pair, next, now).await? {
                WriteOutcome::Applied => return Ok(GuessAdmission::Admitted(history)),
                WriteOutcome::Conflict => {}
            }
        }
        Ok(GuessAdmission::Wait(CONTENDED))
    }

    async fn count_failure(
        &self,
        guess: &Guess,
        earlier: &AttemptHistory,
        now: Timestamp,
    ) -> Result<()> {
        let network = earlier.next_network(guess.target, now);
        self.add(keys::guess_network(guess), network, now).await?;
        let account = earlier.next_account(now);
        self.add(keys::guess_account(guess), account, now).await
    }

    async fn forget(&self, guess: &Guess) -> Result<()> {
        let key = keys::guess_pair(guess);
        self.dynamo.remove(Table::Tokens, key).await
    }

    async fn remember(&self, guess: &Guess, now: Timestamp) -> Result<()> {
        let record = AttemptRecord::known(now);
        let item = Item::new(keys::guess_pair(guess), EntityType::Attempts, record);
        self.dynamo.put(Table::Tokens, encode(item)?).await
    }
}

fn number(number: i64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}
