use std::collections::BTreeMap;

use super::{
    ImportAction, ImportReport, ResourceReport, ResourceReports,
    formatting::{counted, line, table},
};
use crate::text::escape_control;

/// Writes the tables of categories, bylines and images: all changes of a dry run, otherwise totals.
pub(super) fn write(text: &mut String, report: &ImportReport) {
    let ResourceReports {
        categories,
        bylines,
        images,
        ..
    } = &report.resources;
    if report.header.dry_run {
        name_table(text, "category", categories);
        name_table(text, "byline", bylines);
        image_table(text, images);
    } else {
        totals_table(text, report);
    }
    image_summary(text, report);
}

fn name_table(text: &mut String, kind: &str, resources: &[ResourceReport]) {
    if resources.is_empty() {
        return;
    }
    let has_notes = resources.iter().any(|resource| resource.note.is_some());
    let columns = [kind, "action", "slug", "notes"];
    let count = if has_notes { 4 } else { 3 };
    let mut table = table(&columns[..count]);
    for resource in resources {
        let row = [
            &escape_control(resource.name()),
            resource.action.planned(),
            resource.slug.as_deref().unwrap_or_default(),
            resource.note.as_deref().unwrap_or_default(),
        ];
        table.add_row(&row[..count]);
    }
    line(text, &format!("\n{table}"));
}

fn image_table(text: &mut String, images: &[ResourceReport]) {
    let is_changed = |image: &&ResourceReport| image.action != ImportAction::Unchanged;
    let mut images = images.iter().filter(is_changed).peekable();
    if images.peek().is_none() {
        return;
    }
    let mut table = table(&["image", "action", "size"]);
    for resource in images {
        let bytes = size(resource.bytes.unwrap_or_default());
        table.add_row([
            &escape_control(resource.name()),
            resource.action.planned(),
            &bytes,
        ]);
    }
    line(text, &format!("\n{table}"));
}

fn totals_table(text: &mut String, report: &ImportReport) {
    let ResourceReports {
        categories,
        bylines,
        images,
        ..
    } = &report.resources;
    let kinds = [
        ("categories", categories),
        ("bylines", bylines),
        ("images", images),
    ];
    let mut table = table(&["resource", "outcome", "count"]);
    let mut is_empty = true;
    for (kind, resources) in kinds {
        let mut counts = BTreeMap::<ImportAction, usize>::new();
        for resource in resources {
            *counts.entry(resource.action).or_default() += 1;
        }
        for (action, count) in counts {
            is_empty = false;
            table.add_row([kind, action.done(), &count.to_string()]);
        }
    }
    if !is_empty {
        line(text, &format!("\n{table}"));
    }
}

fn image_summary(text: &mut String, report: &ImportReport) {
    let resources = &report.resources;
    let named = resources.image_references;
    let all = named.resolved + named.unresolved;
    if all == 0 && resources.unreferenced_images == 0 {
        return;
    }
    let new = resources
        .images
        .iter()
        .filter(|resource| resource.action == ImportAction::Create);
    let (count, bytes) = new.fold((0, 0), |(count, bytes), resource| {
        (count + 1, bytes + resource.bytes.unwrap_or_default())
    });
    let done = if report.header.dry_run {
        "to upload"
    } else {
        "uploaded"
    };
    let (found, all) = (named.resolved, counted(all, "reference", "references"));
    let (size, unreferenced) = (size(bytes), resources.unreferenced_images);
    line(
        text,
        &format!(
            "\nImages: {found} of {all} found; {count} {done} ({size}); {unreferenced} unreferenced, so not uploaded."
        ),
    );
}

/// Lists references to missing images.
pub(super) fn unresolved(text: &mut String, resources: &ResourceReports) {
    for (count, named) in resources.unresolved.iter().enumerate() {
        if count == 0 {
            line(text, "\nMissing images:");
        }
        let (path, image) = (escape_control(&named.path), escape_control(&named.image));
        let several = if named.candidates.is_empty() {
            String::new()
        } else {
            format!(
                " matches several images: {}",
                escape_control(&named.candidates.join(", "))
            )
        };
        line(text, &format!("  {path}:{}: {image}{several}", named.line));
    }
}

/// Lists content that Jekyll publishes and the import skips.
pub(super) fn skipped(text: &mut String, resources: &ResourceReports) {
    for (count, skipped) in resources.skipped.iter().enumerate() {
        if count == 0 {
            line(text, "\nSkipped, because they are not posts:");
        }
        let files = counted(skipped.files, "file", "files");
        line(
            text,
            &format!("  {} ({files})", escape_control(&skipped.path)),
        );
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KiB", bytes.div_ceil(1024)),
        _ => format!(
            "{}.{} MiB",
            bytes / 1_048_576,
            bytes % 1_048_576 * 10 / 1_048_576
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_readable_units() {
        let sizes = [12, 2000, 5_500_000].map(size);
        assert_eq!(sizes, ["12 B", "2 KiB", "5.2 MiB"]);
    }
}
