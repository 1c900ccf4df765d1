use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::extract::Request;
use moka::{future::Cache, policy::EvictionPolicy};
use tintero_domain::{clock::Clock, freshness::PublicWrites, values::Timestamp};
use tokio::time::Instant;

use super::{
    answer::{LoadTime, MAX_AGE, StoredAnswer},
    key::AnswerKey,
};
use crate::coding::Coding;

/// A larger answer is not stored, so that one answer does not replace many.
const LARGEST_PART: usize = 8;

/// Stores answers to anonymous reads, up to a number of bytes.
///
/// An answer is used for at most five seconds, until a public write of this process, and until a schedule
/// changes it, whichever is first. Clones share the answers.
#[derive(Clone)]
pub struct AnswerCache {
    answers: Option<Answers>,
    largest: usize,
    writes: PublicWrites,
    clock: Arc<dyn Clock>,
    counts: Arc<Counts>,
}

type Answers = Cache<AnswerKey, Arc<StoredAnswer>>;

#[derive(Debug, Default)]
struct Counts {
    hits: AtomicU64,
    misses: AtomicU64,
}

/// The use of the cache since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheStatistics {
    /// Reads that were answered by the cache.
    pub hits: u64,
    /// Reads that loaded an answer, or waited for another read that did.
    pub misses: u64,
    /// Stored answers.
    pub entries: u64,
    /// Bytes of the stored answers.
    pub bytes: u64,
}

impl AnswerCache {
    /// Creates a cache of at most `bytes`; 0 switches it off. `writes` counts the public writes of this
    /// process, and `clock` decides when schedules take effect.
    #[must_use]
    pub fn new(bytes: usize, writes: PublicWrites, clock: Arc<dyn Clock>) -> Self {
        let answers = (bytes > 0).then(|| {
            Cache::builder()
                .max_capacity(u64::try_from(bytes).unwrap_or(u64::MAX))
                .weigher(|key: &AnswerKey, answer: &Arc<StoredAnswer>| {
                    u32::try_from(key.len() + answer.len()).unwrap_or(u32::MAX)
                })
                // Answers before the last write are never used again, however often they were before.
                .eviction_policy(EvictionPolicy::lru())
                .time_to_live(MAX_AGE)
                .build()
        });
        Self {
            answers,
            largest: bytes / LARGEST_PART,
            writes,
            clock,
            counts: Arc::default(),
        }
    }

    /// Returns the use of the cache since the start.
    #[must_use]
    pub fn statistics(&self) -> CacheStatistics {
        let (entries, bytes) = self.answers.as_ref().map_or((0, 0), |answers| {
            (answers.entry_count(), answers.weighted_size())
        });
        CacheStatistics {
            hits: self.counts.hits.load(Ordering::Relaxed),
            misses: self.counts.misses.load(Ordering::Relaxed),
            entries,
            bytes,
        }
    }

    /// Returns the key of a request, if its answer can be stored.
    pub(super) fn key(&self, request: &Request, coding: Option<Coding>) -> Option<AnswerKey> {
        self.answers.as_ref()?;
        AnswerKey::of(request, coding, self.writes.count())
    }

    pub(super) fn answers(&self) -> Option<&Answers> {
        self.answers.as_ref()
    }

    /// Returns the size of the largest body that is stored.
    pub(super) fn largest(&self) -> usize {
        self.largest
    }

    pub(super) async fn remove(&self, key: &AnswerKey) {
        if let Some(answers) = &self.answers {
            answers.invalidate(key).await;
        }
    }

    pub(super) fn writes(&self) -> &PublicWrites {
        &self.writes
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn load_time(&self) -> LoadTime {
        LoadTime {
            clock: self.now(),
            monotonic: Instant::now(),
        }
    }

    /// Returns the stored answer if it is fresh, and otherwise removes it.
    pub(super) async fn fresh(&self, key: &AnswerKey) -> Option<Arc<StoredAnswer>> {
        let answers = self.answers.as_ref()?;
        let answer = answers.get(key).await?;
        if answer.is_fresh(self.now()) {
            return Some(answer);
        }
        self.remove(key).await;
        None
    }

    pub(super) fn count_hit(&self) {
        self.counts.hits.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_miss(&self) {
        self.counts.misses.fetch_add(1, Ordering::Relaxed);
    }
}
