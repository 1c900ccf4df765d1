use jiff::{Timestamp, tz::TimeZone};

use super::{
    FileReport, ImportAction, ImportReport,
    formatting::{counted, line, table},
    resource_tables,
};
use crate::{diagnostic::Diagnostic, text::escape_control};

/// Formats the report: the plan of a dry run or the totals, then resources, warnings and errors.
pub(super) fn text(report: &ImportReport) -> String {
    let mut text = if report.header.dry_run {
        plan_table(report)
    } else {
        totals_table(report)
    };
    resource_tables::write(&mut text, report);
    list(&mut text, "Warnings", report.all_warnings());
    resource_tables::unresolved(&mut text, &report.resources);
    resource_tables::skipped(&mut text, &report.resources);
    list(&mut text, "Errors", report.errors());
    line(&mut text, &format!("\n{}", summary(report)));
    text
}

fn plan_table(report: &ImportReport) -> String {
    let mut table = table(&["file", "action", "slug", "date", "notes"]);
    for file in &report.files {
        let FileReport {
            path,
            action,
            slug,
            date,
            ..
        } = file;
        let day = date
            .as_deref()
            .and_then(|date| day(date, &report.header.zone));
        table.add_row([
            &escape_control(path),
            action.planned(),
            slug.as_deref().unwrap_or_default(),
            &day.unwrap_or_default(),
            &notes(file),
        ]);
    }
    format!("{table}\n")
}

/// The day of a time in the time zone of the site.
fn day(moment: &str, zone: &TimeZone) -> Option<String> {
    let at: Timestamp = moment.parse().ok()?;
    Some(at.to_zoned(zone.clone()).date().to_string())
}

fn notes(file: &FileReport) -> String {
    let some = |count: usize, one, many| (count > 0).then(|| counted(count, one, many));
    let notes = [
        file.error
            .as_ref()
            .map(|diagnostic| diagnostic.reason.clone()),
        file.note.clone(),
        file.aliases.first().cloned(),
        some(file.images, "image", "images"),
        some(file.warnings.len(), "warning", "warnings"),
    ];
    let notes: Vec<String> = notes
        .into_iter()
        .flatten()
        .map(|note| escape_control(&note))
        .collect();
    notes.join("; ")
}

fn totals_table(report: &ImportReport) -> String {
    let mut table = table(&["outcome", "files"]);
    for (action, count) in &report.totals {
        table.add_row([action.done(), &count.to_string()]);
    }
    format!("{table}\n")
}

fn list<'a>(
    text: &mut String,
    title: &str,
    diagnostics: impl Iterator<Item = (&'a str, &'a Diagnostic)>,
) {
    for (count, (path, diagnostic)) in diagnostics.enumerate() {
        if count == 0 {
            line(text, &format!("\n{title}:"));
        }
        let place = diagnostic
            .line
            .map_or_else(String::new, |line| format!(":{line}"));
        let reason = escape_control(&diagnostic.reason);
        line(
            text,
            &format!("  {}{place}: {reason}", escape_control(path)),
        );
    }
}

fn summary(report: &ImportReport) -> String {
    let word = |action: ImportAction| {
        if report.header.dry_run {
            action.planned()
        } else {
            action.done()
        }
    };
    let posts = report
        .totals
        .iter()
        .filter(|(action, _)| **action != ImportAction::Ignored);
    let counts: Vec<String> = posts
        .map(|(action, count)| format!("{}: {count}", word(*action)))
        .collect();
    let counts = if counts.is_empty() {
        "nothing to import".to_owned()
    } else {
        counts.join(", ")
    };
    let end = match (report.header.dry_run, report.changes) {
        (true, _) => "Nothing was written.",
        (false, 0) => "0 changes.",
        (false, _) => "",
    };
    format!("{}, {counts}. {end}", report.header.import)
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_use_the_time_zone_of_the_site() {
        let madrid = TimeZone::get("Europe/Madrid").unwrap();
        assert_eq!(
            day("2022-10-09T22:00:00.000Z", &madrid).as_deref(),
            Some("2022-10-10")
        );
        assert_eq!(day("soon", &TimeZone::UTC), None);
    }
}
