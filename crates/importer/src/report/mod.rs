//! What a run did, for programs and for people.

mod entry;
mod tables;

use std::collections::BTreeMap;

use serde::Serialize;

pub(crate) use entry::{Action, Entry};

/// What a run did, file by file. Equal folders and servers give equal reports.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// The name under which the posts are found again.
    pub(crate) import: String,
    /// The server.
    pub(crate) url: String,
    /// Whether nothing was written.
    pub(crate) dry_run: bool,
    /// Why the run stopped before its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stopped: Option<String>,
    /// How many files had each outcome.
    pub(crate) totals: BTreeMap<Action, usize>,
    /// How many findings are warnings.
    pub(crate) warnings: usize,
    /// How often the posts name images of their own site. None of these is imported yet.
    pub(crate) unresolved_images: usize,
    /// The files, sorted by path.
    pub(crate) files: Vec<Entry>,
}

impl Report {
    pub(crate) fn new(
        import: String,
        url: String,
        dry_run: bool,
        files: Vec<Entry>,
        stopped: Option<String>,
    ) -> Self {
        let mut totals = BTreeMap::new();
        for entry in &files {
            *totals.entry(entry.action).or_default() += 1;
        }
        let warnings = files.iter().map(|entry| entry.warnings.len()).sum();
        let unresolved_images = files.iter().map(|entry| entry.images).sum();
        Self {
            import,
            url,
            dry_run,
            stopped,
            totals,
            warnings,
            unresolved_images,
            files,
        }
    }

    /// Whether some file is not as its author wants it.
    pub(crate) fn has_failures(&self) -> bool {
        self.files.iter().any(|entry| entry.error.is_some())
    }

    /// Whether something was doubtful. An image that is not there is a doubt about its post.
    pub(crate) fn has_doubts(&self) -> bool {
        self.warnings + self.unresolved_images > 0
    }

    /// The report for programs.
    pub(crate) fn to_json(&self) -> String {
        // All keys are text and nothing here refuses to be written.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// The report for people.
    pub(crate) fn to_text(&self) -> String {
        tables::text(self)
    }
}
