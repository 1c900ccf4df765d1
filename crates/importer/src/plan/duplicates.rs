use std::collections::{BTreeMap, btree_map::Entry};

use super::{FilePlan, PlannedFile, PlannedPost, PostDecision};
use crate::{diagnostic::Diagnostic, post::Intent, slug::numbered_slug, text::escape_control};

/// Makes slugs and aliases of new posts unique within the run. Posts on the server keep theirs;
/// among new posts a published one wins over a draft, then the first by path.
pub(super) fn resolve(files: &mut [PlannedFile]) {
    let mut slugs = TakenSlugs::new();
    let mut aliases: BTreeMap<String, String> = BTreeMap::new();
    for (path, planned) in posts(files) {
        let Some(handle) = planned.decision.handle() else {
            continue;
        };
        slugs.insert(slug_key(planned, &handle.slug), 2);
        for alias in &planned.post.content.aliases {
            let owner = aliases.entry(alias.clone());
            owner.or_insert_with(|| path.clone());
        }
    }
    for is_draft in [false, true] {
        for (path, planned) in posts(files) {
            let is_new = planned.decision == PostDecision::Create;
            if is_new && (planned.post.intent == Intent::Draft) == is_draft {
                resolve_slug(planned, &mut slugs);
                resolve_aliases(path, planned, &mut aliases);
            }
        }
    }
}

fn posts(files: &mut [PlannedFile]) -> impl Iterator<Item = (&String, &mut PlannedPost)> {
    files.iter_mut().filter_map(|file| match &mut file.plan {
        FilePlan::Planned(planned) => Some((&file.path, planned.as_mut())),
        FilePlan::Ignored(_) | FilePlan::Invalid(_) => None,
    })
}

/// Slugs are unique within a locale.
type SlugKey = (Option<String>, String);

fn slug_key(planned: &PlannedPost, slug: &str) -> SlugKey {
    (planned.post.content.locale.clone(), slug.to_owned())
}

/// The slugs in use, each with the next number to try for a duplicate.
type TakenSlugs = BTreeMap<SlugKey, usize>;

fn resolve_slug(planned: &mut PlannedPost, taken: &mut TakenSlugs) {
    let wanted = planned.post.content.slug.clone();
    let key = slug_key(planned, &wanted);
    let Some(mut number) = taken.get(&key).copied() else {
        taken.insert(key, 2);
        return;
    };
    let slug = loop {
        let slug = numbered_slug(&wanted, number);
        number += 1;
        if let Entry::Vacant(free) = taken.entry(slug_key(planned, &slug)) {
            free.insert(2);
            break slug;
        }
    };
    taken.insert(key, number);
    let reason = format!(
        "another file has the slug `{wanted}`, so this one gets `{slug}`; set another with `slug:`"
    );
    let warning = Diagnostic::new("slug_numbered", reason);
    planned.post.warnings.push(warning);
    planned.post.content.slug = slug;
}

fn resolve_aliases(path: &str, planned: &mut PlannedPost, taken: &mut BTreeMap<String, String>) {
    let PlannedPost { post, .. } = planned;
    post.content.aliases.retain(|alias| {
        let owner = taken
            .entry(alias.clone())
            .or_insert_with(|| path.to_owned());
        if owner == path {
            return true;
        }
        let owner = escape_control(owner);
        let reason = format!("the old URL {alias} also belongs to {owner} and redirects there");
        post.warnings.push(Diagnostic::new("alias_shared", reason));
        false
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::{ParsedPost, PostContent};

    fn new_post(path: &str, slug: &str, alias: &str) -> PlannedFile {
        let content = PostContent {
            slug: slug.to_owned(),
            aliases: vec![alias.to_owned()],
            ..PostContent::default()
        };
        let post = ParsedPost {
            content,
            ..ParsedPost::default()
        };
        let decision = PostDecision::Create;
        PlannedFile {
            path: path.to_owned(),
            plan: FilePlan::Planned(Box::new(PlannedPost::new(post, decision))),
        }
    }

    #[test]
    fn a_published_post_wins_over_a_draft() {
        let mut files = [
            new_post("_drafts/a", "hola", "/hola"),
            new_post("_posts/b", "hola", "/hola"),
        ];
        let time = crate::post::PublicationTime {
            at: "2024-01-02T00:00:00.000Z".to_owned(),
            is_future: false,
        };
        for (path, planned) in posts(&mut files) {
            if path.starts_with("_posts") {
                planned.post.intent = Intent::Publish(time.clone());
            }
        }
        resolve(&mut files);
        let slugs: Vec<_> = posts(&mut files)
            .map(|(_, planned)| {
                (
                    planned.post.content.slug.clone(),
                    planned.post.content.aliases.len(),
                )
            })
            .collect();
        assert_eq!(slugs, [("hola-2".to_owned(), 0), ("hola".to_owned(), 1)]);
    }

    #[test]
    fn duplicate_slugs_are_numbered_and_one_post_keeps_a_shared_alias() {
        let mut files = [
            new_post("_posts/a", "hola", "/hola"),
            new_post("_posts/b", "hola", "/hola"),
            new_post("_posts/c", "hola", "/c"),
        ];
        resolve(&mut files);
        let expected = [("hola", 1, 0), ("hola-2", 0, 2), ("hola-3", 1, 1)];
        for ((_, PlannedPost { post, .. }), expected) in posts(&mut files).zip(expected) {
            let (slug, aliases) = (&post.content.slug, &post.content.aliases);
            let resolved = (slug.as_str(), aliases.len(), post.warnings.len());
            assert_eq!(resolved, expected);
        }
    }
}
