//! The system clock, id generation and random numbers.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::rand;
use tintero_domain::{
    clock::{Clock, Entropy, Ids},
    values::Timestamp,
};
use uuid::{ContextV7, Uuid};

/// The clock of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(
            clippy::disallowed_methods,
            reason = "the only place that reads the system clock"
        )]
        let now = SystemTime::now();
        let millis = now
            .duration_since(UNIX_EPOCH)
            .map_or(0, |time| time.as_millis());
        Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
    }
}

/// Generates UUIDs of version 7 with the time of a clock. The ids of one process always ascend.
pub struct TimeOrderedIds {
    clock: Arc<dyn Clock>,
    counter: Mutex<ContextV7>,
}

impl TimeOrderedIds {
    /// Creates a generator with the time of `clock`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            counter: Mutex::new(ContextV7::new()),
        }
    }
}

impl Ids for TimeOrderedIds {
    fn next(&self) -> Uuid {
        let millis = u64::try_from(self.clock.now().as_millis()).unwrap_or(0);
        let nanos = u32::try_from(millis % 1000 * 1_000_000).expect("below one second");
        // The counter is always valid, so a poisoned lock can be ignored.
        let counter = self.counter.lock().unwrap_or_else(PoisonError::into_inner);
        Uuid::new_v7(uuid::Timestamp::from_unix(&*counter, millis / 1000, nanos))
    }
}

/// The random number generator of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        rand::fill(&mut secret)
            .expect("the random number generator of the operating system is available");
        secret
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct FixedClock;

    impl Clock for FixedClock {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(1_700_000_000_123)
        }
    }

    #[test]
    fn ids_of_one_millisecond_ascend_and_contain_its_time() {
        let ids = TimeOrderedIds::new(Arc::new(FixedClock));
        let generated: Vec<Uuid> = (0..1000).map(|_| ids.next()).collect();
        assert!(generated.is_sorted_by(|a, b| a < b));
        assert_eq!(
            generated[0].get_timestamp().unwrap().to_unix(),
            (1_700_000_000, 123_000_000)
        );
    }
}
