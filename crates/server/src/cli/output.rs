//! Writes results to standard output and messages to standard error.

use std::io::{self, Write};

use anyhow::Context;
use clap::Args;
use comfy_table::{Table, presets};
use serde_json::Value;

use crate::CommandError;

/// The output format of a report.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct OutputArgs {
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// Prints a text, with a line break at the end. Ignores a closed pipe.
pub(super) fn print(text: &str) -> Result<(), CommandError> {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let mut out = io::stdout().lock();
    match write!(out, "{text}{end}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written.context("cannot write to standard output")?),
    }
}

/// Prints indented JSON.
pub(super) fn print_json(value: &Value) -> Result<(), CommandError> {
    print(&format!("{value:#}"))
}

/// Prints a message to standard error. There is no way to report a failure.
pub(super) fn print_message(text: &str) {
    drop(writeln!(io::stderr().lock(), "tintero: {text}"));
}

/// Formats rows as a table without borders.
pub(super) fn table<const N: usize>(
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(header);
    for row in rows {
        table.add_row(row);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.trim_fmt()
}
