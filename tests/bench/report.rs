//! The page that the benchmark prints.

use std::{fmt::Write as _, process::Command};

use comfy_table::{CellAlignment, Table, presets::ASCII_MARKDOWN};

/// A Markdown page.
#[derive(Debug, Default)]
pub(crate) struct Report(String);

impl Report {
    pub(crate) fn heading(&mut self, text: &str) {
        let _ = write!(self.0, "\n## {text}\n\n");
    }

    pub(crate) fn paragraph(&mut self, text: &str) {
        let _ = write!(self.0, "{text}\n\n");
    }

    /// Adds a table. All columns but the first contain figures.
    pub(crate) fn table<H: Into<String>, R: IntoIterator<Item = String>>(
        &mut self,
        header: impl IntoIterator<Item = H>,
        rows: Vec<R>,
    ) {
        let mut table = Table::new();
        table
            .load_style(ASCII_MARKDOWN)
            .set_header(header.into_iter().map(Into::into).collect::<Vec<String>>());
        for row in rows {
            table.add_row(row.into_iter().collect::<Vec<_>>());
        }
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        let _ = writeln!(self.0, "{table}");
    }

    #[expect(
        clippy::print_stdout,
        reason = "the page is the output of the benchmark"
    )]
    pub(crate) fn print(&self) {
        println!("# Speed and memory\n\n{}\n{}", machine(), self.0.trim_end());
    }
}

/// Writes progress of long work to standard error, apart from the page.
#[expect(clippy::print_stderr, reason = "progress of long work")]
pub(crate) fn progress(what: &str) {
    eprintln!("{what}");
}

/// Describes the date, the machine and the compiler.
#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark has no injected clock"
)]
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
    let date = jiff::Timestamp::now().strftime("%F").to_string();
    format!(
        "Measured by `./scripts/bench` on {date}: {model}, {cores} cores, {}. The embedded engine keeps \
         its data in a file. Figures are medians, with the least and the greatest in brackets; CPU is \
         user and system time of the server.",
        rustc.unwrap_or_default()
    )
}
