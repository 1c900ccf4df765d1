//! The report of a run, as JSON and as text.

mod file_report;
mod formatting;
mod resource_tables;
mod resources;
mod tables;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::Serialize;

pub(crate) use file_report::{FileReport, ImportAction};
pub(crate) use formatting::{line, table};
pub(crate) use resources::{ResourceReport, ResourceReports};

use crate::{
    diagnostic::{Diagnostic, FileDiagnostic},
    error::ImportError,
    plan::ImportPlan,
};

/// The result of a run, planned or applied.
pub(crate) struct ImportResult {
    pub(crate) files: Vec<FileReport>,
    pub(crate) resources: ResourceReports,
    /// The error that ended the run early.
    pub(crate) stopped: Option<ImportError>,
}

impl ImportResult {
    pub(crate) fn planned(plan: &ImportPlan) -> Self {
        Self {
            files: plan.files.iter().map(FileReport::planned).collect(),
            resources: ResourceReports::planned(plan),
            stopped: None,
        }
    }
}

/// The report of a run. The same folder and server state give the same report.
#[derive(Debug, Serialize)]
pub(crate) struct ImportReport {
    #[serde(flatten)]
    header: ReportHeader,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stopped: Option<String>,
    /// The number of changes on the server, planned or done.
    pub(crate) changes: usize,
    pub(crate) totals: BTreeMap<ImportAction, usize>,
    pub(crate) warnings: usize,
    /// Sorted by path.
    pub(crate) files: Vec<FileReport>,
    #[serde(flatten)]
    pub(crate) resources: ResourceReports,
    /// Warnings about files that are not posts.
    #[serde(rename = "oddities", skip_serializing_if = "Vec::is_empty")]
    pub(crate) site_warnings: Vec<FileDiagnostic>,
}

/// The settings of the run that its report shows.
#[derive(Debug, Serialize)]
pub(crate) struct ReportHeader {
    pub(crate) import: String,
    pub(crate) url: String,
    pub(crate) dry_run: bool,
    /// The time zone of dates in the text report.
    #[serde(skip)]
    pub(crate) zone: TimeZone,
}

impl ImportReport {
    /// Creates the report. Also returns the error that ended the run early.
    pub(crate) fn new(
        header: ReportHeader,
        site_warnings: Vec<FileDiagnostic>,
        result: ImportResult,
    ) -> (Self, Option<ImportError>) {
        let ImportResult {
            files,
            resources,
            stopped,
        } = result;
        let mut totals = BTreeMap::new();
        for file in &files {
            *totals.entry(file.action).or_default() += 1;
        }
        let actions = files.iter().map(|file| file.action);
        let actions = actions.chain(resources.all().map(|resource| resource.action));
        let in_files: usize = files.iter().map(|file| file.warnings.len()).sum();
        let report = Self {
            header,
            stopped: stopped.as_ref().map(ToString::to_string),
            changes: actions.filter(|action| action.is_change()).count(),
            totals,
            warnings: in_files + site_warnings.len(),
            files,
            resources,
            site_warnings,
        };
        (report, stopped)
    }

    /// All errors, each with the path or the name it is about.
    fn errors(&self) -> impl Iterator<Item = (&str, &Diagnostic)> {
        let files = self.files.iter();
        let of_files = files.filter_map(|file| Some((file.path.as_str(), file.error.as_ref()?)));
        let resources = self.resources.all();
        let of_resources =
            resources.filter_map(|resource| Some((resource.name(), resource.error.as_ref()?)));
        of_files.chain(of_resources)
    }

    /// All warnings, each with its path.
    fn all_warnings(&self) -> impl Iterator<Item = (&str, &Diagnostic)> {
        let of_files = self.files.iter().flat_map(|file| {
            let warnings = file.warnings.iter();
            warnings.map(|warning| (file.path.as_str(), warning))
        });
        let others = self.site_warnings.iter();
        of_files.chain(others.map(|warning| (warning.path.as_str(), &warning.diagnostic)))
    }

    pub(crate) fn has_failures(&self) -> bool {
        self.errors().next().is_some()
    }

    /// Whether there are warnings or references to missing images.
    pub(crate) fn has_warnings(&self) -> bool {
        self.warnings + self.resources.image_references.unresolved > 0
    }

    pub(crate) fn to_json(&self) -> String {
        // Cannot fail: all keys are text and all values serialise.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    pub(crate) fn to_text(&self) -> String {
        tables::text(self)
    }
}
