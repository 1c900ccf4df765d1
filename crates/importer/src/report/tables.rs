use std::fmt::Write as _;

use comfy_table::{ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};

use super::{Action, Entry, Report};
use crate::{finding::Finding, text::shown};

/// The report as a person reads it: the plan of a dry run, else how many files came to what; then
/// every warning and every error with its place.
pub(super) fn text(report: &Report) -> String {
    let mut text = if report.dry_run {
        plan(report)
    } else {
        counts(report)
    };
    list(&mut text, "Warnings", report, |entry| entry.warnings.iter());
    if report.unresolved_images > 0 {
        line(&mut text, &images(report));
    }
    list(&mut text, "Errors", report, |entry| entry.error.iter());
    line(&mut text, &format!("\n{}", sum(report)));
    text
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header.iter().copied());
    table
}

fn plan(report: &Report) -> String {
    let mut table = table(&["file", "action", "slug", "date", "notes"]);
    for entry in &report.files {
        let Entry {
            path,
            action,
            slug,
            date,
            ..
        } = entry;
        let day = date
            .as_deref()
            .and_then(|date| date.split('T').next())
            .unwrap_or_default();
        table.add_row([
            &shown(path),
            action.planned(),
            slug.as_deref().unwrap_or_default(),
            day,
            &notes(entry),
        ]);
    }
    format!("{table}\n")
}

fn notes(entry: &Entry) -> String {
    let some = |count: usize, one, many| (count > 0).then(|| counted(count, one, many));
    let notes = [
        entry.error.as_ref().map(|finding| finding.reason.clone()),
        entry.note.clone(),
        entry.aliases.first().cloned(),
        some(entry.images, "image", "images"),
        some(entry.warnings.len(), "warning", "warnings"),
    ];
    let notes: Vec<String> = notes
        .into_iter()
        .flatten()
        .map(|note| shown(&note))
        .collect();
    notes.join("; ")
}

fn counts(report: &Report) -> String {
    let mut table = table(&["outcome", "files"]);
    for (action, count) in &report.totals {
        table.add_row([action.done(), &count.to_string()]);
    }
    format!("{table}\n")
}

fn list<'a, I>(
    text: &mut String,
    title: &str,
    report: &'a Report,
    findings: impl Fn(&'a Entry) -> I,
) where
    I: Iterator<Item = &'a Finding>,
{
    let mut first = true;
    for entry in &report.files {
        for Finding {
            line: place,
            reason,
            ..
        } in findings(entry)
        {
            if first {
                line(text, &format!("\n{title}:"));
                first = false;
            }
            let place = place.map_or_else(String::new, |line| format!(":{line}"));
            line(
                text,
                &format!("  {}{place}: {}", shown(&entry.path), shown(reason)),
            );
        }
    }
}

fn images(report: &Report) -> String {
    let posts = report.files.iter().filter(|entry| entry.images > 0).count();
    format!(
        "\nImages named and not on the server, since images are not imported yet: {}, in {}.",
        counted(report.unresolved_images, "image", "images"),
        counted(posts, "post", "posts"),
    )
}

fn sum(report: &Report) -> String {
    let word = |action: Action| {
        if report.dry_run {
            action.planned()
        } else {
            action.done()
        }
    };
    let posts = report
        .totals
        .iter()
        .filter(|(action, _)| **action != Action::Ignored);
    let counts: Vec<String> = posts
        .map(|(action, count)| format!("{}: {count}", word(*action)))
        .collect();
    let sum = if counts.is_empty() {
        "nothing to import".to_owned()
    } else {
        counts.join(", ")
    };
    format!(
        "{}, {sum}.{}",
        report.import,
        if report.dry_run {
            " Nothing was written."
        } else {
            ""
        }
    )
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn line(text: &mut String, line: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{line}");
}
