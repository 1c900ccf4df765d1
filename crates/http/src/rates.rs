//! Limits of the rate of requests: one for each client network, and one for each user.

use std::{
    fmt::Write as _,
    hash::Hash,
    num::NonZeroU32,
    sync::{Arc, Mutex},
    time::Duration,
};

use http::{HeaderMap, HeaderName, HeaderValue, header};
use moka::sync::Cache;
use tintero_domain::{
    clock::Clock,
    values::{ClientNetwork, Timestamp, UserId},
};

use crate::problem::{Problem, ProblemType};

/// The policies ([draft-ietf-httpapi-ratelimit-headers](https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/)).
pub(crate) const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// What is left of the quotas.
pub(crate) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// The time that a quota is for.
const WINDOW: Duration = Duration::from_mins(1);

/// Maximum number of networks, and of users, whose requests are counted.
const CAPACITY: u64 = 20_000;

/// Quotas of requests in a minute. `None` does not limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RateQuotas {
    /// Requests from one IPv4 address, or from one /64 of IPv6.
    pub address: Option<NonZeroU32>,
    /// Requests of one user.
    pub user: Option<NonZeroU32>,
}

/// Counts requests in the memory of this process.
pub(crate) struct RequestRates {
    networks: Option<RateCounter<ClientNetwork>>,
    users: Option<RateCounter<UserId>>,
    clock: Arc<dyn Clock>,
}

/// The requests of each key in its current window.
struct RateCounter<K> {
    name: &'static str,
    quota: u32,
    windows: Cache<K, Arc<Mutex<RateWindow>>>,
}

struct RateWindow {
    begins: Timestamp,
    count: u32,
}

/// What is left of a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RateState {
    name: &'static str,
    quota: u32,
    remaining: u32,
    /// Seconds until the whole quota is available again.
    reset: u128,
    is_exceeded: bool,
}

impl RequestRates {
    pub(crate) fn new(quotas: RateQuotas, clock: Arc<dyn Clock>) -> Self {
        Self {
            networks: quotas
                .address
                .map(|quota| RateCounter::new("address", quota)),
            users: quotas.user.map(|quota| RateCounter::new("user", quota)),
            clock,
        }
    }

    /// Counts a request of a network.
    pub(crate) fn count_network(&self, network: ClientNetwork) -> Option<RateState> {
        let counter = self.networks.as_ref()?;
        Some(counter.count(network, self.clock.now()))
    }

    /// Counts a request of a user.
    ///
    /// # Errors
    /// [`ProblemType::RateLimited`].
    pub(crate) fn admit_user(&self, user: UserId) -> Result<(), Problem> {
        match &self.users {
            Some(counter) => counter.count(user, self.clock.now()).admit(),
            None => Ok(()),
        }
    }

    /// Returns what is left of the quota of a user.
    pub(crate) fn of_user(&self, user: UserId) -> Option<RateState> {
        let counter = self.users.as_ref()?;
        Some(counter.state(user, self.clock.now()))
    }
}

impl<K: Hash + Eq + Send + Sync + 'static> RateCounter<K> {
    fn new(name: &'static str, quota: NonZeroU32) -> Self {
        Self {
            name,
            quota: quota.get(),
            // The time of the cache only bounds the memory.
            windows: Cache::builder()
                .max_capacity(CAPACITY)
                .time_to_idle(2 * WINDOW)
                .build(),
        }
    }

    fn count(&self, key: K, now: Timestamp) -> RateState {
        self.with_window(key, now, |window| {
            let is_exceeded = window.count >= self.quota;
            window.count += u32::from(!is_exceeded);
            is_exceeded
        })
    }

    fn state(&self, key: K, now: Timestamp) -> RateState {
        self.with_window(key, now, |_| false)
    }

    fn with_window(
        &self,
        key: K,
        now: Timestamp,
        use_window: impl FnOnce(&mut RateWindow) -> bool,
    ) -> RateState {
        let new = || RateWindow {
            begins: now,
            count: 0,
        };
        let window = self.windows.get_with(key, || Arc::new(Mutex::new(new())));
        let mut window = window.lock().expect("no holder panics");
        if window.begins.after(WINDOW) <= now {
            *window = new();
        }
        let is_exceeded = use_window(&mut window);
        let left = window.begins.after(WINDOW).since(now);
        RateState {
            name: self.name,
            quota: self.quota,
            remaining: self.quota - window.count,
            reset: left.as_millis().div_ceil(1000),
            is_exceeded,
        }
    }
}

impl RateState {
    /// Fails if the quota was used up before the request.
    pub(crate) fn admit(self) -> Result<(), Problem> {
        if !self.is_exceeded {
            return Ok(());
        }
        let Self {
            name, quota, reset, ..
        } = self;
        let problem = Problem::new(ProblemType::RateLimited).detail(format!(
            "More than {quota} requests of this {name} in a minute. Wait for {reset} s."
        ));
        Err(problem.header(header::RETRY_AFTER, &reset.to_string()))
    }
}

/// Adds the headers of the draft.
pub(crate) fn describe(headers: &mut HeaderMap, states: &[RateState]) {
    let (mut policy, mut limit) = (String::new(), String::new());
    for state in states {
        let RateState {
            name,
            quota,
            remaining,
            reset,
            ..
        } = state;
        let comma = if policy.is_empty() { "" } else { ", " };
        let window = WINDOW.as_secs();
        write!(policy, "{comma}\"{name}\";q={quota};w={window}").expect("a String grows");
        write!(limit, "{comma}\"{name}\";r={remaining};t={reset}").expect("a String grows");
    }
    for (name, value) in [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, limit)] {
        if let Ok(value) = HeaderValue::try_from(value)
            && !value.is_empty()
        {
            headers.insert(name, value);
        }
    }
}
