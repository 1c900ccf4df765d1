//! Checks of the Markdown pages in the root folder and `docs/`.

use std::{fs, path::PathBuf};

use walkdir::WalkDir;

use crate::dependencies::root;

#[test]
fn no_link_between_pages_is_broken() {
    let broken: Vec<_> = pages().iter().flat_map(broken_links).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn paths_in_pages_exist() {
    let missing: Vec<_> = pages().iter().flat_map(missing_paths).collect();
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn table_cells_are_short() {
    let long: Vec<_> = pages().iter().flat_map(long_cells).collect();
    assert!(
        long.is_empty(),
        "move these to the text:\n{}",
        long.join("\n")
    );
}

fn pages() -> Vec<PathBuf> {
    let walks = [
        WalkDir::new(root()).max_depth(1),
        WalkDir::new(root().join("docs")),
    ];
    let files = walks.into_iter().flatten();
    let paths = files.map(|entry| entry.expect("the folder can be read").into_path());
    let pages: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .collect();
    assert!(
        pages.contains(&root().join("README.md")),
        "README.md was not found"
    );
    pages
}

fn broken_links(page: &PathBuf) -> Vec<String> {
    let text = fs::read_to_string(page).expect("a page is text");
    let folder = page.parent().expect("a page has a parent folder");
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#']).next())
        .filter(|target| !target.is_empty() && !target.contains("://"))
        .filter(|target| !folder.join(target).exists())
        .map(|target| format!("{}: {target}", page.display()))
        .collect()
}

/// Table cells of more than 200 characters.
fn long_cells(page: &PathBuf) -> Vec<String> {
    let text = fs::read_to_string(page).expect("a page is text");
    let rows = text
        .lines()
        .zip(1..)
        .filter(|(line, _)| line.starts_with('|'));
    rows.filter(|(row, _)| row.split('|').any(|cell| cell.trim().chars().count() > 200))
        .map(|(_, number)| format!("{}:{number}", page.display()))
        .collect()
}

/// Paths in code spans that start with a folder of the repository and do not exist. Spans with
/// placeholders are skipped.
fn missing_paths(page: &PathBuf) -> Vec<String> {
    const FOLDERS: [&str; 4] = ["crates/", "docs/", "scripts/", "tests/"];
    let text = fs::read_to_string(page).expect("a page is text");
    let spans = text.split('`').skip(1).step_by(2);
    spans
        .filter(|span| FOLDERS.iter().any(|folder| span.starts_with(folder)))
        .filter(|span| !span.contains(['{', '<', '*', ' ']))
        .filter(|span| !root().join(span).exists())
        .map(|span| format!("{}: {span}", page.display()))
        .collect()
}
