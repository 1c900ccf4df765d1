use std::collections::BTreeSet;

use crate::{
    folder::{FolderEntry, FolderEntryKind},
    rules::SiteRules,
};

/// Selects the files that can be posts: not the pages of sections and not the pages outside of sections,
/// which are listed elsewhere. Files in the folder of a page belong to it.
pub(super) fn select(rules: &SiteRules, entries: Vec<FolderEntry>) -> Vec<FolderEntry> {
    let bundles: BTreeSet<String> = entries
        .iter()
        .filter(|entry| {
            let page = rules.locate(&entry.path);
            page.is_some_and(|page| page.is_bundle)
        })
        .filter_map(|entry| Some(entry.path.rsplit_once('/')?.0.to_owned()))
        .collect();
    entries
        .into_iter()
        .filter_map(|entry| selected(rules, &bundles, entry))
        .collect()
}

fn selected(
    rules: &SiteRules,
    bundles: &BTreeSet<String>,
    entry: FolderEntry,
) -> Option<FolderEntry> {
    let page = rules.locate(&entry.path)?;
    let is_file = entry.kind == FolderEntryKind::Post;
    let is_outside = page.section().is_none() && !rules.has_posts_outside_sections();
    if is_file && (page.is_section || is_outside) {
        return None;
    }
    let mut above = entry.path.as_str();
    while let Some((folder, _)) = above.rsplit_once('/') {
        above = folder;
        let is_own =
            page.is_bundle && entry.path.rsplit_once('/').map(|(folder, _)| folder) == Some(above);
        if is_file && !is_own && bundles.contains(above) {
            let kind = FolderEntryKind::Ignored("belongs to the page of its folder");
            return Some(FolderEntry { kind, ..entry });
        }
    }
    Some(entry)
}
