//! Generates the page and compares it with the stored one.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use super::{
    runs::{FAULTS, FaultOutcome, outcomes},
    writes::CASES,
};

const PREAMBLE: &str = "# Faults

A test ([`faults`](../crates/storage/tests/it/faults/mod.rs)) injects every fault into every request of every write, from the first
request that writes. It generates this page. After the fault, the client repeats its request. The write is then applied exactly once,
except for writes of sign-ins and of secrets that are returned once. With an `Idempotency-Key`, the repetition returns the first answer. A
write that does not support a key returns an error that confirms the first attempt. Neither readers nor `tintero doctor` ever see a partial
write.

- **applied**: the client receives success. The server has retried the failed request.
- **not applied**: the client receives a 503 or no response. Nothing was written. The repetition applies the write.
- **unconfirmed**: the client receives no response. The write was applied. The repetition confirms it.
- **completed**: the client receives a 503 or no response. A part without effect was written. The repetition completes the write.
- **applied twice**: the client receives no response. The response contains a secret that is not stored, so the repetition creates
  another one. The first API key and the first session are in the lists and can be ended; the first invitation and the first secret of an
  authenticator are not valid any more; the others expire. Counts of requests for unknown addresses are added again.
- **not recorded**: the client receives success, although the use of a cookie was not recorded. The next use is.
- **session ended**: the client receives no response. The session was refreshed. The repetition sends a used token, which may be stolen, so
  the session ends and the user signs in again.
- An empty cell means that the fault cannot occur.

No write of these depends on an index, so a stale index cannot affect one. The test also checks this. Writes that end the role of an
administrator (change of role, disabling, deletion) find another one by an index, and the transaction checks that user; a stale index can only
refuse them with `last_administrator`.

";

impl FaultOutcome {
    fn word(self) -> &'static str {
        match self {
            Self::Done => "applied",
            Self::NotDone => "not applied",
            Self::ResponseLost => "unconfirmed",
            Self::Repaired => "completed",
            Self::DoneAgain => "applied twice",
            Self::Unrecorded => "not recorded",
            Self::Ended => "session ended",
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_with_a_fault_is_applied_once_or_not_at_all() {
    let runs: Vec<_> = CASES
        .iter()
        .map(|row| tokio::spawn(async move { outcomes(row).await }))
        .collect();
    let mut page = PREAMBLE.to_owned();
    line(&mut page, "Write", FAULTS.map(|(name, _)| name.to_owned()));
    line(&mut page, "---", FAULTS.map(|_| "---".to_owned()));
    for ((name, ..), run) in CASES.iter().zip(runs) {
        let cells = run.await.unwrap();
        line(&mut page, name, cells.iter().map(cell));
    }
    compare(&page);
}

fn cell(outcomes: &BTreeSet<FaultOutcome>) -> String {
    let words: Vec<_> = outcomes.iter().map(|outcome| outcome.word()).collect();
    words.join(", ")
}

fn line(page: &mut String, head: &str, cells: impl IntoIterator<Item = String>) {
    let cells: Vec<_> = cells.into_iter().map(|cell| format!(" {cell} |")).collect();
    writeln!(page, "| {head} |{}", cells.concat()).unwrap();
}

/// Asserts that the stored page is current. Writes it instead if `UPDATE_DOCS` is set.
fn compare(expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/fault-matrix.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, expected).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        written, expected,
        "docs/fault-matrix.md is outdated. Run UPDATE_DOCS=1 cargo test -p tintero-storage --test it faults"
    );
}
