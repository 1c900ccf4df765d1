//! Counts the DynamoDB requests and capacity units of one piece of work, such as an HTTP request.

use std::{
    cell::RefCell,
    fmt,
    sync::{Mutex, PoisonError},
};

use aws_sdk_dynamodb::types::ConsumedCapacity;

/// Requests and capacity units of one piece of work.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RequestCost {
    /// Requests to DynamoDB, without retries of the SDK.
    pub requests: u32,
    /// Read capacity units.
    pub read_units: f64,
    /// Write capacity units.
    pub write_units: f64,
}

impl fmt::Display for RequestCost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "requests={}, rcu={}, wcu={}",
            self.requests, self.read_units, self.write_units
        )
    }
}

tokio::task_local! {
    static METER: RefCell<RequestCost>;
}

/// Runs `work` and returns its cost. Tasks that it spawns are not counted.
pub async fn measured<T>(work: impl Future<Output = T>) -> (T, RequestCost) {
    METER
        .scope(RefCell::default(), async {
            let result = work.await;
            (result, METER.with(|meter| *meter.borrow()))
        })
        .await
}

/// The requests of this process and their cost.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CostTotals {
    /// Requests that read.
    pub reads: u64,
    /// Requests that write.
    pub writes: u64,
    /// Read capacity units.
    pub read_units: f64,
    /// Write capacity units.
    pub write_units: f64,
}

/// A lock suffices: it is held for some additions, beside a request of many microseconds.
static TOTALS: Mutex<CostTotals> = Mutex::new(CostTotals {
    reads: 0,
    writes: 0,
    read_units: 0.0,
    write_units: 0.0,
});

/// Returns the requests of this process since its start.
#[must_use]
pub fn totals() -> CostTotals {
    *TOTALS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether a request reads or writes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Direction {
    Read,
    Write,
}

/// Records one request. Does nothing outside of [`measured`].
pub(crate) fn note(direction: Direction, consumed: &[ConsumedCapacity]) {
    let units: f64 = consumed
        .iter()
        .filter_map(ConsumedCapacity::capacity_units)
        .sum();
    add_to_totals(direction, units);
    // An error means that nothing is being measured.
    let _ = METER.try_with(|meter| {
        let mut cost = meter.borrow_mut();
        cost.requests += 1;
        match direction {
            Direction::Read => cost.read_units += units,
            Direction::Write => cost.write_units += units,
        }
    });
}

fn add_to_totals(direction: Direction, units: f64) {
    let mut totals = TOTALS.lock().unwrap_or_else(PoisonError::into_inner);
    match direction {
        Direction::Read => {
            totals.reads += 1;
            totals.read_units += units;
        }
        Direction::Write => {
            totals.writes += 1;
            totals.write_units += units;
        }
    }
}
