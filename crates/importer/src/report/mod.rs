//! What a run did, for programs and for people.

mod entry;
mod part_tables;
mod parts;
mod tables;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::Serialize;

pub(crate) use entry::{Action, Entry};
pub(crate) use parts::{Part, Parts};

use crate::finding::{Finding, Located};

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
    /// How many things on the server were changed, or in a dry run would be.
    pub(crate) changes: usize,
    /// How many files had each outcome.
    pub(crate) totals: BTreeMap<Action, usize>,
    /// How many findings are warnings.
    pub(crate) warnings: usize,
    /// The files, sorted by path.
    pub(crate) files: Vec<Entry>,
    #[serde(flatten)]
    pub(crate) parts: Parts,
    /// What was odd about files that are no posts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) oddities: Vec<Located>,
    /// The zone in which people read dates.
    #[serde(skip)]
    pub(crate) zone: TimeZone,
}

/// Whose report it is.
#[derive(Debug)]
pub(crate) struct Subject {
    pub(crate) import: String,
    pub(crate) url: String,
    pub(crate) dry_run: bool,
    pub(crate) zone: TimeZone,
    pub(crate) oddities: Vec<Located>,
}

impl Report {
    pub(crate) fn new(
        subject: Subject,
        files: Vec<Entry>,
        parts: Parts,
        stopped: Option<String>,
    ) -> Self {
        let Subject {
            import,
            url,
            dry_run,
            zone,
            oddities,
        } = subject;
        let mut totals = BTreeMap::new();
        for entry in &files {
            *totals.entry(entry.action).or_default() += 1;
        }
        let actions = files.iter().map(|entry| entry.action);
        let actions = actions.chain(parts.all().map(|part| part.action));
        let in_files: usize = files.iter().map(|entry| entry.warnings.len()).sum();
        Self {
            import,
            url,
            dry_run,
            stopped,
            changes: actions.filter(|action| action.is_change()).count(),
            totals,
            warnings: in_files + oddities.len(),
            files,
            parts,
            oddities,
            zone,
        }
    }

    /// Everything that went wrong, with the path or name it is about.
    fn errors(&self) -> impl Iterator<Item = (&str, &Finding)> {
        let of_files = self
            .files
            .iter()
            .filter_map(|entry| Some((entry.path.as_str(), entry.error.as_ref()?)));
        let of_parts = self
            .parts
            .all()
            .filter_map(|part| Some((part.name(), part.error.as_ref()?)));
        of_files.chain(of_parts)
    }

    fn doubts(&self) -> impl Iterator<Item = (&str, &Finding)> {
        let of_files = self.files.iter().flat_map(|entry| {
            let warnings = entry.warnings.iter();
            warnings.map(|warning| (entry.path.as_str(), warning))
        });
        let others = self.oddities.iter();
        of_files.chain(others.map(|odd| (odd.path.as_str(), &odd.finding)))
    }

    /// Whether something is not as its author wants it.
    pub(crate) fn has_failures(&self) -> bool {
        self.errors().next().is_some()
    }

    /// Whether something was doubtful. A picture that is not there is a doubt about its post.
    pub(crate) fn has_doubts(&self) -> bool {
        self.warnings + self.parts.image_references.unresolved > 0
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
