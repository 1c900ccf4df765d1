//! The table.

use std::{process::Command, time::Duration};

use comfy_table::{CellAlignment, Table, presets::ASCII_MARKDOWN};

use crate::load::Operation;

/// Measurements so far.
pub(crate) struct Report {
    posts: usize,
    facts: Vec<(String, String)>,
    rounds: Vec<Round>,
}

/// One operation at one concurrency in one round.
struct Round {
    operation: Operation,
    concurrency: usize,
    /// CPU time per request, in microseconds.
    cpu: f64,
    /// Median latency, in milliseconds.
    p50: f64,
    /// 99th percentile of the latency, in milliseconds.
    p99: f64,
    /// Requests per second.
    rate: f64,
}

impl Report {
    pub(crate) fn new(posts: usize) -> Self {
        Self {
            posts,
            facts: Vec::new(),
            rounds: Vec::new(),
        }
    }

    pub(crate) fn starts(&mut self, starts: &mut [Duration]) {
        starts.sort();
        let millis: Vec<f64> = starts
            .iter()
            .map(|start| start.as_secs_f64() * 1e3)
            .collect();
        self.facts.push((
            "start of the process to the first 200".to_owned(),
            format!("{} ms", spread(&millis, 1)),
        ));
    }

    pub(crate) fn resident(&mut self, what: &str, mib: f64) {
        self.facts.push((what.to_owned(), format!("{mib:.1} MiB")));
    }

    pub(crate) fn round(
        &mut self,
        operation: Operation,
        concurrency: usize,
        cpu: f64,
        mut latencies: Vec<Duration>,
    ) {
        latencies.sort();
        let count = latencies.len().max(1);
        let at = |share: usize| {
            latencies
                .get((count * share / 100).min(count - 1))
                .map_or(0.0, |time| time.as_secs_f64() * 1e3)
        };
        let busy: f64 =
            latencies.iter().map(Duration::as_secs_f64).sum::<f64>() / precise(concurrency);
        self.rounds.push(Round {
            operation,
            concurrency,
            cpu: cpu * 1e6 / precise(count),
            p50: at(50),
            p99: at(99),
            rate: precise(count) / busy.max(f64::EPSILON),
        });
    }

    #[expect(
        clippy::print_stdout,
        reason = "the table is the output of the benchmark"
    )]
    pub(crate) fn print(&self) {
        println!(
            "{} posts, embedded engine in a file, {}.\n",
            self.posts,
            machine()
        );
        for (what, figure) in &self.facts {
            println!("- {what}: {figure}");
        }
        println!(
            "\nMedian of the rounds, least to most in brackets.\n\n{}",
            self.table()
        );
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(ASCII_MARKDOWN).set_header([
            "request",
            "at once",
            "CPU µs",
            "CPU / healthz",
            "p50 ms",
            "p99 ms",
            "requests/s",
        ]);
        for operation in Operation::ALL {
            for concurrency in [1, 32] {
                let figures =
                    |figure: fn(&Round) -> f64| self.figures(operation, concurrency, figure);
                let cpu = figures(|round| round.cpu);
                let base = median(&self.figures(Operation::Health, concurrency, |round| round.cpu));
                table.add_row([
                    operation.name().to_owned(),
                    concurrency.to_string(),
                    spread(&cpu, 0),
                    format!("{:.1}", median(&cpu) / base.max(f64::EPSILON)),
                    spread(&figures(|round| round.p50), 2),
                    spread(&figures(|round| round.p99), 2),
                    spread(&figures(|round| round.rate), 0),
                ]);
            }
        }
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        table
    }

    fn figures(
        &self,
        operation: Operation,
        concurrency: usize,
        figure: fn(&Round) -> f64,
    ) -> Vec<f64> {
        let rounds = self
            .rounds
            .iter()
            .filter(|round| round.operation == operation && round.concurrency == concurrency);
        let mut figures: Vec<f64> = rounds.map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of a benchmark are far below 2^52"
)]
fn precise(count: usize) -> f64 {
    count as f64
}

/// Median of sorted figures.
fn median(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

fn spread(sorted: &[f64], digits: usize) -> String {
    let [least, .., most] = sorted else {
        return format!("{:.digits$}", median(sorted));
    };
    format!(
        "{:.digits$} ({least:.digits$}–{most:.digits$})",
        median(sorted)
    )
}

/// Describes the machine and the compiler.
fn machine() -> String {
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo
        .lines()
        .find_map(|line| line.strip_prefix("model name\t: "))
        .unwrap_or("unknown processor");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let rustc = Command::new("rustc")
        .arg("--version")
        .output()
        .map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned());
    format!("{model}, {cores} cores, {}", rustc.unwrap_or_default())
}
