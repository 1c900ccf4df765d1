use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Side;
use crate::answer::Answer;

/// The embedded engine: the example `json_lines` of its crate, in a process of its own.
pub(crate) struct Ours {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

#[derive(Deserialize)]
struct Line {
    status: u16,
    body: Value,
}

impl Ours {
    /// Starts the program with the database in memory or in `file`.
    pub(crate) fn start(program: &Path, file: Option<&Path>) -> Result<Self> {
        let mut child = Command::new(program)
            .args(file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let requests = child.stdin.take().context("the program has an input")?;
        let answers = child.stdout.take().context("the program has an output")?;
        Ok(Self {
            child,
            requests,
            answers: BufReader::new(answers),
        })
    }
}

impl Side for Ours {
    fn name(&self) -> &'static str {
        "ours"
    }

    fn send(&mut self, operation: &str, body: &str) -> Result<Answer> {
        let request = json!({ "operation": operation, "body": body });
        writeln!(self.requests, "{request}")?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        ensure!(
            !line.is_empty(),
            "our engine ended during {operation} {body}"
        );
        let Line { status, body } = serde_json::from_str(&line)?;
        Ok(Answer { status, body })
    }
}

impl Drop for Ours {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
