//! Measures what DynamoDB calls of the shapes that Tintero sends cost on the embedded engine, and what
//! the same rows cost when they are inserted into SQLite by hand, with one fsync per transaction.
//!
//! Prints a JSON object: the CPU time of each call in microseconds, one number for each round.

mod by_hand;
mod sdk;
mod shapes;

use std::{collections::BTreeMap, io::Write as _, time::Duration};

/// Number of measured rounds.
const ROUNDS: usize = 3;

/// Least duration of a measurement. The kernel counts CPU time in ticks of 10 ms.
const LEAST: Duration = Duration::from_millis(1500);

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let mut figures: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for _ in 0..ROUNDS {
        let mut add = |call: String, cpu: f64| figures.entry(call).or_default().push(cpu);
        runtime.block_on(sdk::measure(&mut add))?;
        by_hand::measure(&mut add)?;
    }
    let mut output = std::io::stdout();
    serde_json::to_writer(&mut output, &figures)?;
    writeln!(output)?;
    Ok(())
}

/// CPU time of this process in seconds, in ticks of 10 ms.
fn cpu() -> Result<f64, Failure> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    let mut ticks = 0.0;
    for field in fields.skip(11).take(2) {
        ticks += field.parse::<f64>()?;
    }
    Ok(ticks / 100.0)
}
