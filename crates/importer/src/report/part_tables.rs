use std::collections::BTreeMap;

use super::{
    Action, Part, Parts, Report,
    tables::{counted, line, table},
};
use crate::text::shown;

/// Tables of what the posts lead to: in a dry run each part that is going to be made, else how many
/// were.
pub(super) fn write(text: &mut String, report: &Report) {
    let Parts {
        categories,
        bylines,
        images,
        ..
    } = &report.parts;
    if report.dry_run {
        names(text, "category", categories);
        names(text, "byline", bylines);
        pictures(text, images);
    } else {
        made(text, report);
    }
    references(text, report);
}

fn names(text: &mut String, kind: &str, parts: &[Part]) {
    if parts.is_empty() {
        return;
    }
    let mut table = table(&[kind, "action", "slug"]);
    for part in parts {
        let slug = part.slug.as_deref().unwrap_or_default();
        table.add_row([&shown(part.name()), part.action.planned(), slug]);
    }
    line(text, &format!("\n{table}"));
}

/// The pictures that change something; the others are counted.
fn pictures(text: &mut String, parts: &[Part]) {
    let shown_parts: Vec<&Part> = of_interest(parts).collect();
    if shown_parts.is_empty() {
        return;
    }
    let mut table = table(&["image", "action", "size"]);
    for part in shown_parts {
        let bytes = size(part.bytes.unwrap_or_default());
        table.add_row([&shown(part.name()), part.action.planned(), &bytes]);
    }
    line(text, &format!("\n{table}"));
}

fn of_interest(parts: &[Part]) -> impl Iterator<Item = &Part> {
    parts.iter().filter(|part| part.action != Action::Unchanged)
}

fn made(text: &mut String, report: &Report) {
    let Parts {
        categories,
        bylines,
        images,
        ..
    } = &report.parts;
    let kinds = [
        ("categories", categories),
        ("bylines", bylines),
        ("images", images),
    ];
    let mut table = table(&["besides", "outcome", "count"]);
    let mut is_empty = true;
    for (kind, parts) in kinds {
        let mut counts = BTreeMap::<Action, usize>::new();
        for part in parts {
            *counts.entry(part.action).or_default() += 1;
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

fn references(text: &mut String, report: &Report) {
    let parts = &report.parts;
    let named = parts.image_references;
    let all = named.resolved + named.unresolved;
    if all == 0 && parts.unreferenced_images == 0 {
        return;
    }
    let new = parts
        .images
        .iter()
        .filter(|part| part.action == Action::Create);
    let (count, bytes) = new.fold((0, 0), |(count, bytes), part| {
        (count + 1, bytes + part.bytes.unwrap_or_default())
    });
    let done = if report.dry_run {
        "to upload"
    } else {
        "uploaded"
    };
    let (found, all) = (named.resolved, counted(all, "reference", "references"));
    let (size, unnamed) = (size(bytes), parts.unreferenced_images);
    line(
        text,
        &format!(
            "\nImages: {found} of {all} found; {count} {done} ({size}); {unnamed} named nowhere, so left out."
        ),
    );
}

/// Every image that is named and not there.
pub(super) fn unresolved(text: &mut String, parts: &Parts) {
    for (count, named) in parts.unresolved.iter().enumerate() {
        if count == 0 {
            line(text, "\nImages that are not there:");
        }
        let (path, image) = (shown(&named.path), shown(&named.image));
        let several = if named.candidates.is_empty() {
            String::new()
        } else {
            format!(" could be any of: {}", shown(&named.candidates.join(", ")))
        };
        line(text, &format!("  {path}:{}: {image}{several}", named.line));
    }
}

/// What is not imported though Jekyll publishes it.
pub(super) fn not_posts(text: &mut String, parts: &Parts) {
    for (count, not_posts) in parts.not_posts.iter().enumerate() {
        if count == 0 {
            line(text, "\nNot posts, so not imported:");
        }
        let files = counted(not_posts.files, "file", "files");
        line(text, &format!("  {} ({files})", shown(&not_posts.path)));
    }
}

/// A size as people read it.
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
    fn sizes_are_told_in_units_that_people_read() {
        let sizes = [12, 2000, 5_500_000].map(size);
        assert_eq!(sizes, ["12 B", "2 KiB", "5.2 MiB"]);
    }
}
