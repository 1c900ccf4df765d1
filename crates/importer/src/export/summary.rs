use crate::{
    diagnostic::Diagnostic,
    report::{line, table},
    text::escape_control,
};

/// The outcome of an export.
#[derive(Debug, Default)]
pub(super) struct ExportSummary {
    /// Files that are byte for byte those of an import.
    original: usize,
    changed: usize,
    images: usize,
    pub(super) redirects: usize,
    failures: Vec<(String, Diagnostic)>,
}

impl ExportSummary {
    pub(super) fn add_post(&mut self, slug: &str, written: Result<(String, bool), Diagnostic>) {
        match written {
            Ok((_, true)) => self.original += 1,
            Ok((_, false)) => self.changed += 1,
            Err(diagnostic) => self.failures.push((slug.to_owned(), diagnostic)),
        }
    }

    pub(super) fn add_image(&mut self, path: &str, written: Result<(), Diagnostic>) {
        match written {
            Ok(()) => self.images += 1,
            Err(diagnostic) => self.failures.push((path.to_owned(), diagnostic)),
        }
    }

    pub(super) fn add_collection(&mut self, path: &str, written: Result<(), Diagnostic>) {
        if let Err(diagnostic) = written {
            self.failures.push((path.to_owned(), diagnostic));
        }
    }

    pub(super) fn has_failures(&self) -> bool {
        !self.failures.is_empty()
    }

    pub(super) fn to_text(&self) -> String {
        let mut text = String::new();
        for (path, diagnostic) in &self.failures {
            let path = escape_control(path);
            line(&mut text, &format!("{path}: {}", diagnostic.reason));
        }
        let mut table = table(&["exported", "count"]);
        for (name, count) in [
            ("posts as they were imported", self.original),
            ("posts that were edited or written here", self.changed),
            ("images", self.images),
            ("redirects", self.redirects),
            ("failed", self.failures.len()),
        ] {
            if count > 0 {
                table.add_row([name, &count.to_string()]);
            }
        }
        format!("{text}{table}")
    }
}
