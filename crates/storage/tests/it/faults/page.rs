//! The outcomes as a page, which is held equal to what happens.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use super::{
    deeds::ROWS,
    trial::{FAULTS, Outcome, outcomes},
};

const PREAMBLE: &str = "# Faults

Every write meets every fault, at each of its requests to DynamoDB in turn from the first on that writes; a test does all of it
([`faults`](../crates/storage/tests/it/faults/mod.rs)) and holds this page equal to what came of it. After each fault the client
repeats its request as it was, and then the write is done, and but for secrets once: under the same `Idempotency-Key` with the answer of the
first time, and where none is taken, with a refusal that says so. Neither readers nor `tintero doctor` ever find half of one.

- **done**: the client was told so; whatever went wrong was tried again without it.
- **not done**: the client got a 503 or nothing, nothing happened, and the repetition does it.
- **unheard**: the client got no answer, and it is done; the repetition tells.
- **repaired**: the client got a 503 or nothing, something of it is there and does no harm, and the repetition does the rest.
- **done anew**: the client got no answer, which was a secret that nobody keeps, so the repetition makes another one; the first
  is in the list of keys, to be revoked.
- Where a cell is empty, none of the requests can meet that fault.

No write reads an index, so none can meet a late one; the test holds that, too.

";

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::NotDone => "not done",
            Self::DoneUnheard => "unheard",
            Self::Repaired => "repaired",
            Self::DoneAnew => "done anew",
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_that_meets_a_fault_happens_once_or_not_at_all() {
    let trials: Vec<_> = ROWS
        .iter()
        .map(|row| tokio::spawn(async move { outcomes(row).await }))
        .collect();
    let mut page = PREAMBLE.to_owned();
    line(&mut page, "Write", FAULTS.map(|(name, _)| name.to_owned()));
    line(&mut page, "---", FAULTS.map(|_| "---".to_owned()));
    for ((name, ..), trial) in ROWS.iter().zip(trials) {
        let cells = trial.await.unwrap();
        line(&mut page, name, cells.iter().map(cell));
    }
    hold(&page);
}

fn cell(outcomes: &BTreeSet<Outcome>) -> String {
    let words: Vec<_> = outcomes.iter().map(|outcome| outcome.word()).collect();
    words.join(", ")
}

fn line(page: &mut String, head: &str, cells: impl IntoIterator<Item = String>) {
    let cells: Vec<_> = cells.into_iter().map(|cell| format!(" {cell} |")).collect();
    writeln!(page, "| {head} |{}", cells.concat()).unwrap();
}

/// Fails unless the page says so; with `UPDATE_DOCS` set it is written instead.
fn hold(expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/fault-matrix.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, expected).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        written, expected,
        "docs/fault-matrix.md is not what happens; UPDATE_DOCS=1 cargo test -p tintero-storage --test it \
         faults rewrites it"
    );
}
