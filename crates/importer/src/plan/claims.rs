use std::collections::{BTreeMap, btree_map::Entry};

use super::{Item, Planned, Step, Verdict};
use crate::{finding::Finding, post::numbered_slug, text::shown};

/// Gives each new post a slug and old addresses that no other file of this run has: those that are
/// on the server keep theirs, then the first by path wins.
pub(super) fn settle(items: &mut [Item]) {
    let mut slugs = Slugs::new();
    let mut addresses: BTreeMap<String, String> = BTreeMap::new();
    for (path, planned) in posts(items) {
        let Some(handle) = planned.step.handle() else {
            continue;
        };
        slugs.insert(slug_key(planned, &handle.slug), 2);
        for alias in &planned.post.content.aliases {
            addresses
                .entry(alias.clone())
                .or_insert_with(|| path.clone());
        }
    }
    for (path, planned) in posts(items).filter(|(_, planned)| planned.step == Step::Create) {
        settle_slug(planned, &mut slugs);
        settle_aliases(path, planned, &mut addresses);
    }
}

fn posts(items: &mut [Item]) -> impl Iterator<Item = (&String, &mut Planned)> {
    items.iter_mut().filter_map(|item| match &mut item.verdict {
        Verdict::Planned(planned) => Some((&item.path, planned.as_mut())),
        Verdict::Ignored(_) | Verdict::Broken(_) => None,
    })
}

/// Slugs are unique within a language.
type SlugKey = (Option<String>, String);

fn slug_key(planned: &Planned, slug: &str) -> SlugKey {
    (planned.post.content.locale.clone(), slug.to_owned())
}

/// The slugs that are taken, and for each the number that its next namesake tries first.
type Slugs = BTreeMap<SlugKey, usize>;

fn settle_slug(planned: &mut Planned, taken: &mut Slugs) {
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
        "another file has the slug `{wanted}`, so this one has `{slug}`; write another as `slug:`"
    );
    planned
        .post
        .warnings
        .push(Finding::new("slug_numbered", reason));
    planned.post.content.slug = slug;
}

fn settle_aliases(path: &str, planned: &mut Planned, taken: &mut BTreeMap<String, String>) {
    let Planned { post, .. } = planned;
    post.content.aliases.retain(|alias| {
        let owner = taken
            .entry(alias.clone())
            .or_insert_with(|| path.to_owned());
        if owner == path {
            return true;
        }
        let reason = format!(
            "the old address {alias} is also that of {}, where it leads",
            shown(owner)
        );
        post.warnings.push(Finding::new("alias_shared", reason));
        false
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::{Content, Intent, Post};

    fn item(path: &str, slug: &str, alias: &str) -> Item {
        let content = Content {
            slug: slug.to_owned(),
            aliases: vec![alias.to_owned()],
            ..Content::default()
        };
        let post = Post {
            sha256: String::new(),
            content,
            intent: Intent::Draft,
            warnings: Vec::new(),
            categories: Vec::new(),
            credits: Vec::new(),
            all_terms: Vec::new(),
            mentions: Vec::new(),
        };
        Item {
            path: path.to_owned(),
            verdict: Verdict::Planned(Box::new(Planned {
                post,
                step: Step::Create,
            })),
        }
    }

    #[test]
    fn namesakes_are_numbered_and_only_one_keeps_an_address() {
        let mut items = [
            item("_posts/a", "hola", "/hola"),
            item("_posts/b", "hola", "/hola"),
            item("_posts/c", "hola", "/c"),
        ];
        settle(&mut items);
        let settled: Vec<_> = posts(&mut items)
            .map(|(_, planned)| {
                (
                    planned.post.content.slug.clone(),
                    planned.post.content.aliases.len(),
                    planned.post.warnings.len(),
                )
            })
            .collect();
        assert_eq!(
            settled,
            [
                ("hola".to_owned(), 1, 0),
                ("hola-2".to_owned(), 0, 2),
                ("hola-3".to_owned(), 1, 1)
            ]
        );
    }
}
