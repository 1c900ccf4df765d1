//! What a request costs at DynamoDB: counted where the calls are made, readable by whoever
//! serves the request.

use std::{cell::RefCell, fmt};

use aws_sdk_dynamodb::types::ConsumedCapacity;

/// Calls and capacity units of one piece of work.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Cost {
    /// Calls to DynamoDB, not counting the SDK's own retries.
    pub requests: u32,
    /// Read capacity units.
    pub read_units: f64,
    /// Write capacity units.
    pub write_units: f64,
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "requests={}, rcu={}, wcu={}",
            self.requests, self.read_units, self.write_units
        )
    }
}

tokio::task_local! {
    static METER: RefCell<Cost>;
}

/// Runs `work` and tells what it cost. Work that it hands to other tasks is not counted.
pub async fn measured<T>(work: impl Future<Output = T>) -> (T, Cost) {
    METER
        .scope(RefCell::default(), async {
            let result = work.await;
            (result, METER.with(|meter| *meter.borrow()))
        })
        .await
}

/// Whether a call read or wrote.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Direction {
    Read,
    Write,
}

/// Notes one call. Outside of [`measured`] nothing is noted.
pub(crate) fn note(direction: Direction, consumed: &[ConsumedCapacity]) {
    let units: f64 = consumed
        .iter()
        .filter_map(ConsumedCapacity::capacity_units)
        .sum();
    let _ = METER.try_with(|meter| {
        let mut cost = meter.borrow_mut();
        cost.requests += 1;
        match direction {
            Direction::Read => cost.read_units += units,
            Direction::Write => cost.write_units += units,
        }
    });
}
