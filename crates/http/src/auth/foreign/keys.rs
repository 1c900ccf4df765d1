use std::{
    sync::{Arc, RwLock},
    time::Duration,
};

use tintero_domain::{clock::Clock, values::Timestamp};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::documents::{CodeEndpoints, IssuerDocuments, IssuerFacts, IssuerKey, fetch_facts};

/// The keys of one issuer.
///
/// At most one fetch runs at a time, and the next one begins no earlier than an interval later. So a token with
/// an unknown `kid` waits for at most one fetch, and any number of them causes one fetch per interval. A failed
/// fetch keeps the known keys.
pub(super) struct IssuerKeys(Arc<Inner>);

struct Inner {
    issuer: String,
    documents: Arc<dyn IssuerDocuments>,
    clock: Arc<dyn Clock>,
    known: RwLock<Option<KnownKeys>>,
    /// The earliest time of the next fetch. A fetch holds the lock.
    next: Arc<Mutex<Option<Timestamp>>>,
}

struct KnownKeys {
    facts: IssuerFacts,
    fetched_at: Timestamp,
}

/// The reason for which a key is not available.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyAbsence {
    /// The issuer has no such key, or no addresses for signing in.
    Unknown,
    /// No keys of the issuer are known, because it cannot be reached.
    Unreachable,
}

/// A known key, or that none is known.
enum Search<T> {
    Found { value: T, is_stale: bool },
    Missing(KeyAbsence),
}

impl IssuerKeys {
    /// Time between two fetches.
    pub(super) const INTERVAL: Duration = Duration::from_mins(1);
    /// Time after a failed fetch until the next one.
    pub(super) const RETRY: Duration = Duration::from_secs(10);
    /// Age of keys at which they are fetched again.
    pub(super) const STALE: Duration = Duration::from_hours(1);
    /// Age of keys at which they are not used any more.
    pub(super) const EXPIRED: Duration = Duration::from_hours(24);

    pub(super) fn new(
        issuer: &str,
        documents: Arc<dyn IssuerDocuments>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self(Arc::new(Inner {
            issuer: issuer.to_owned(),
            documents,
            clock,
            known: RwLock::default(),
            next: Arc::default(),
        }))
    }

    /// Calls `read` with the key `kid`. Fetches the keys if this one is not known.
    pub(super) async fn with<T>(
        &self,
        kid: &str,
        read: impl Fn(&IssuerKey) -> T,
    ) -> Result<T, KeyAbsence> {
        let read = |facts: &IssuerFacts| facts.keys.get(kid).map(&read);
        self.known(read).await
    }

    /// Returns the addresses for signing in. Fetches them if they are not known.
    pub(super) async fn endpoints(&self) -> Result<CodeEndpoints, KeyAbsence> {
        self.known(|facts| facts.endpoints.clone()).await
    }

    async fn known<T>(&self, read: impl Fn(&IssuerFacts) -> Option<T>) -> Result<T, KeyAbsence> {
        match self.0.search(&read) {
            Search::Found { value, is_stale } => {
                if is_stale && let Ok(turn) = Arc::clone(&self.0.next).try_lock_owned() {
                    self.fetch(turn);
                }
                return Ok(value);
            }
            Search::Missing(_) => {}
        }
        let turn = Arc::clone(&self.0.next).lock_owned().await;
        // The fetch goes on if the client of this request disconnects.
        if let Some(fetch) = self.fetch(turn) {
            drop(fetch.await);
        }
        match self.0.search(&read) {
            Search::Found { value, .. } => Ok(value),
            Search::Missing(absence) => Err(absence),
        }
    }

    /// Starts a fetch if it is time for one.
    fn fetch(
        &self,
        mut turn: OwnedMutexGuard<Option<Timestamp>>,
    ) -> Option<tokio::task::JoinHandle<()>> {
        let now = self.0.clock.now();
        if turn.is_some_and(|next| now < next) {
            return None;
        }
        let inner = Arc::clone(&self.0);
        Some(tokio::spawn(async move {
            let pause = inner.update(now).await;
            *turn = Some(now.after(pause));
        }))
    }
}

impl Inner {
    /// Fetches the keys. Returns the time until the next fetch.
    async fn update(&self, now: Timestamp) -> Duration {
        match fetch_facts(self.documents.as_ref(), &self.issuer).await {
            Ok(facts) => {
                let known = KnownKeys {
                    facts,
                    fetched_at: now,
                };
                *self.known.write().expect("no holder panics") = Some(known);
                IssuerKeys::INTERVAL
            }
            Err(reason) => {
                let issuer = &self.issuer;
                tracing::warn!(%issuer, %reason, "cannot fetch the keys of an issuer");
                IssuerKeys::RETRY
            }
        }
    }

    fn search<T>(&self, read: impl Fn(&IssuerFacts) -> Option<T>) -> Search<T> {
        let known = self.known.read().expect("no holder panics");
        let now = self.clock.now();
        let Some(known) = known
            .as_ref()
            .filter(|known| now < known.fetched_at.after(IssuerKeys::EXPIRED))
        else {
            return Search::Missing(KeyAbsence::Unreachable);
        };
        match read(&known.facts) {
            Some(value) => Search::Found {
                value,
                is_stale: known.fetched_at.after(IssuerKeys::STALE) <= now,
            },
            None => Search::Missing(KeyAbsence::Unknown),
        }
    }
}
