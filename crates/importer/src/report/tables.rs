use std::fmt::Write as _;

use comfy_table::{ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};
use jiff::{Timestamp, tz::TimeZone};

use super::{Action, Entry, Report, part_tables};
use crate::{finding::Finding, text::shown};

/// The report as a person reads it: the plan of a dry run, else how many files came to what; then
/// what the posts lead to, and every warning and every error with its place.
pub(super) fn text(report: &Report) -> String {
    let mut text = if report.dry_run {
        plan(report)
    } else {
        counts(report)
    };
    part_tables::write(&mut text, report);
    list(&mut text, "Warnings", report.doubts());
    part_tables::unresolved(&mut text, &report.parts);
    part_tables::not_posts(&mut text, &report.parts);
    list(&mut text, "Errors", report.errors());
    line(&mut text, &format!("\n{}", sum(report)));
    text
}

pub(super) fn table(header: &[&str]) -> Table {
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
        let day = date.as_deref().and_then(|date| day(date, &report.zone));
        table.add_row([
            &shown(path),
            action.planned(),
            slug.as_deref().unwrap_or_default(),
            &day.unwrap_or_default(),
            &notes(entry),
        ]);
    }
    format!("{table}\n")
}

/// The day of a moment as the people of the site count it.
fn day(moment: &str, zone: &TimeZone) -> Option<String> {
    let at: Timestamp = moment.parse().ok()?;
    Some(at.to_zoned(zone.clone()).date().to_string())
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

fn list<'a>(
    text: &mut String,
    title: &str,
    findings: impl Iterator<Item = (&'a str, &'a Finding)>,
) {
    for (count, (path, finding)) in findings.enumerate() {
        if count == 0 {
            line(text, &format!("\n{title}:"));
        }
        let place = finding
            .line
            .map_or_else(String::new, |line| format!(":{line}"));
        let reason = shown(&finding.reason);
        line(text, &format!("  {}{place}: {reason}", shown(path)));
    }
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
    let end = match (report.dry_run, report.changes) {
        (true, _) => "Nothing was written.",
        (false, 0) => "0 changes.",
        (false, _) => "",
    };
    format!("{}, {sum}. {end}", report.import)
        .trim_end()
        .to_owned()
}

pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

pub(super) fn line(text: &mut String, line: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_that_of_the_site() {
        let madrid = TimeZone::get("Europe/Madrid").unwrap();
        assert_eq!(
            day("2022-10-09T22:00:00.000Z", &madrid).as_deref(),
            Some("2022-10-10")
        );
        assert_eq!(day("soon", &TimeZone::UTC), None);
    }
}
