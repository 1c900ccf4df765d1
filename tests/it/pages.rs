//! The pages for people: README and what lies in `docs/`.

use std::{fs, path::PathBuf};

use walkdir::WalkDir;

use crate::dependencies::root;

#[test]
fn no_link_between_pages_is_dead() {
    let dead: Vec<_> = pages().iter().flat_map(dead_links).collect();
    assert!(dead.is_empty(), "{}", dead.join("\n"));
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
        "the pages were looked for in the wrong place"
    );
    pages
}

fn dead_links(page: &PathBuf) -> Vec<String> {
    let text = fs::read_to_string(page).expect("a page is text");
    let folder = page.parent().expect("a page lies in a folder");
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#']).next())
        .filter(|target| !target.is_empty() && !target.contains("://"))
        .filter(|target| !folder.join(target).exists())
        .map(|target| format!("{}: {target}", page.display()))
        .collect()
}
