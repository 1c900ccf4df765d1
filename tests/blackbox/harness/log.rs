//! The log of a server: JSON lines on standard error.

use std::{
    io::{BufRead, BufReader, Read},
    sync::{Arc, Condvar, Mutex},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

/// Prevents a test from hanging. No test asserts it.
const PATIENCE: Duration = Duration::from_mins(1);

/// Lines that a process has written so far.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<(Mutex<Lines>, Condvar)>);

#[derive(Default)]
struct Lines {
    lines: Vec<Value>,
    ended: bool,
}

impl Log {
    /// Reads until the process closes the stream.
    pub(crate) fn follow(output: impl Read + Send + 'static) -> Self {
        let log = Self::default();
        let writer = log.clone();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                writer.change(|lines| lines.push(parsed(&line)));
            }
            writer.0.0.lock().unwrap().ended = true;
            writer.0.1.notify_all();
        });
        log
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Value>)) {
        change(&mut self.0.0.lock().unwrap().lines);
        self.0.1.notify_all();
    }

    /// Waits for the first matching line. Returns `None` if the process ends before.
    pub(crate) fn wait_for(&self, wanted: impl Fn(&Value) -> bool) -> Option<Value> {
        let find = || {
            let (lines, changed) = &*self.0;
            let mut found = None;
            let guard = lines.lock().unwrap();
            let (_held, result) = changed
                .wait_timeout_while(guard, PATIENCE, |lines| {
                    found = lines.lines.iter().find(|line| wanted(line)).cloned();
                    found.is_none() && !lines.ended
                })
                .unwrap();
            assert!(!result.timed_out(), "the line was never written");
            found
        };
        tokio::task::block_in_place(find)
    }

    /// Number of matching lines so far.
    pub(crate) fn count(&self, wanted: impl Fn(&Value) -> bool) -> usize {
        self.0
            .0
            .lock()
            .unwrap()
            .lines
            .iter()
            .filter(|line| wanted(line))
            .count()
    }

    /// All lines so far, for failure messages.
    pub(crate) fn text(&self) -> String {
        let lines = &self.0.0.lock().unwrap().lines;
        let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
        lines.join(
            "
",
        )
    }
}

/// Whether a line is the access line of a request.
pub(crate) fn is_access(line: &Value, request_id: &str) -> bool {
    line["target"] == "http"
        && line["message"] == "request completed"
        && line["request_id"] == request_id
}

fn parsed(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|_| json!({ "text": line }))
}
