//! Strategies for writes, their callers and concurrent events.

use proptest::{option, prelude::*, sample, strategy::Union};

use super::{
    content::{changes, rarely, slight_changes, slug},
    generate::{MOST_POSTS, base},
    operations::{Actor, Base, CategoryDeed, Company, Deed, Naming, Offset, Operation, TagDeed},
    words::TAG_NAMES,
    world::World,
};

pub(super) const CATEGORIES: usize = 6;

/// Times that coincide: schedules and clock changes use the same ones.
pub(super) const OFFSETS: [Offset; 7] = [-60_000, -1, 0, 1, 1_000, 2_000, 60_000];

pub(super) fn actor() -> impl Strategy<Value = Actor> {
    prop_oneof![
        7 => Just(Actor::Administrator),
        2 => Just(Actor::Editor),
        1 => Just(Actor::Author),
    ]
}

pub(super) fn company(world: &World) -> BoxedStrategy<Company> {
    let rival = (rival(world), actor());
    prop_oneof![
        14 => Just(Company::Alone),
        2 => Just(Company::Twin),
        4 => rival.prop_map(|(operation, by)| Company::Rival(Box::new(operation), by)),
        2 => Just(Company::Housekeeper),
        2 => Just(Company::Runner),
    ]
    .boxed()
}

/// A concurrent event: a write to a post or to a category.
fn rival(world: &World) -> BoxedStrategy<Operation> {
    prop_oneof![
        2 => any_deed(),
        4 => legal_deed(world),
        2 => category_deed(),
        2 => legal_retirement(world),
        1 => legal_tag_deed(world),
    ]
    .boxed()
}

/// A write that often fails.
pub(super) fn any_deed() -> BoxedStrategy<Operation> {
    let parts = (0..MOST_POSTS + 2, base(), deed());
    parts
        .prop_map(|(nth, base, deed)| Operation::Post { nth, base, deed })
        .boxed()
}

/// A transition that the status allows.
pub(super) fn legal_deed(world: &World) -> BoxedStrategy<Operation> {
    let posts = world.posts.iter().enumerate();
    let there = posts.filter(|(_, post)| !post.purged);
    let deeds: Vec<_> = there
        .map(|(nth, post)| {
            let status = post.status(world.now);
            let legal = deed().prop_filter("legal", move |deed| deed.is_legal(status));
            let post = (base(), legal);
            post.prop_map(move |(base, deed)| Operation::Post { nth, base, deed })
                .boxed()
        })
        .collect();
    if deeds.is_empty() {
        return any_deed();
    }
    prop_oneof![6 => Union::new(deeds), 1 => late_deed()].boxed()
}

/// A patch of an outdated version with `merge=auto`.
fn late_deed() -> BoxedStrategy<Operation> {
    let parts = (0..MOST_POSTS, 1..4_u64, slight_changes());
    parts
        .prop_map(|(nth, back, changes)| Operation::Post {
            nth,
            base: Base::Back(back),
            deed: Deed::Merge(Box::new(changes)),
        })
        .boxed()
}

fn deed() -> BoxedStrategy<Deed> {
    prop_oneof![
        6 => changes().prop_map(|changes| Deed::Edit(Box::new(changes))),
        1 => changes().prop_map(|changes| Deed::Merge(Box::new(changes))),
        1 => (0..8_usize).prop_map(|revision| Deed::Restore { revision }),
        12 => rarely(offset()).prop_map(|date| Deed::Publish { date }),
        6 => (option::of(offset()), option::of(offset()))
            .prop_map(|(publish, unpublish)| Deed::Schedule { publish, unpublish }),
        2 => Just(Deed::Unschedule),
        1 => Just(Deed::Archive),
        1 => Just(Deed::Unpublish),
        1 => Just(Deed::Trash),
        2 => Just(Deed::Untrash),
        1 => Just(Deed::Purge),
    ]
    .boxed()
}

pub(super) fn category_deed() -> BoxedStrategy<Operation> {
    let slug = option::of(slug());
    let parent = option::of(option::of(0..CATEGORIES));
    let merge = (naming(), any::<bool>());
    let deed = prop_oneof![
        3 => (slug, parent).prop_map(|(slug, parent)| CategoryDeed::Change { slug, parent }),
        4 => merge.prop_map(|(into, deleting)| CategoryDeed::Merge { into, deleting }),
        2 => Just(CategoryDeed::Delete),
    ];
    let parts = (0..CATEGORIES, base(), deed);
    parts
        .prop_map(|(nth, base, deed)| Operation::Category { nth, base, deed })
        .boxed()
}

/// Deletes a category if there are several, preferably one with posts.
pub(super) fn legal_retirement(world: &World) -> BoxedStrategy<Operation> {
    let here = world.tree.here();
    if here.len() < 2 {
        return category_deed();
    }
    let mut used = here.clone();
    used.retain(|nth| world.is_used(*nth));
    let leaving = if used.is_empty() { here.clone() } else { used };
    let parts = (sample::select(leaving), sample::select(here.clone()));
    let pair = parts.prop_filter("two", |(nth, into)| nth != into);
    let ways = (any::<bool>(), any::<bool>());
    let merge = (pair, ways).prop_map(|((nth, into), (by_slug, deleting))| {
        let into = named(into, by_slug);
        (nth, CategoryDeed::Merge { into, deleting })
    });
    let delete = sample::select(here).prop_map(|nth| (nth, CategoryDeed::Delete));
    prop_oneof![5 => merge, 1 => delete]
        .prop_map(|(nth, deed)| Operation::Category {
            nth,
            base: Base::Latest,
            deed,
        })
        .boxed()
}

pub(super) fn tag_deed() -> BoxedStrategy<Operation> {
    replaced_tag(&TAG_NAMES)
}

/// Renames or merges a used tag, if any.
pub(super) fn legal_tag_deed(world: &World) -> BoxedStrategy<Operation> {
    let mut used = TAG_NAMES.to_vec();
    used.retain(|tag| world.tagged(tag) > 0);
    if used.is_empty() {
        return tag_deed();
    }
    replaced_tag(&used)
}

fn replaced_tag(leaving: &[&'static str]) -> BoxedStrategy<Operation> {
    let other = || sample::select(&TAG_NAMES);
    let deed = prop_oneof![
        other().prop_map(TagDeed::Rename),
        other().prop_map(TagDeed::Merge)
    ];
    let parts = (sample::select(leaving.to_vec()), deed);
    parts
        .prop_map(|(tag, deed)| Operation::Tag { tag, deed })
        .boxed()
}

pub(super) fn naming() -> impl Strategy<Value = Naming> {
    (0..CATEGORIES, any::<bool>()).prop_map(|(nth, by_slug)| named(nth, by_slug))
}

fn named(nth: usize, by_slug: bool) -> Naming {
    if by_slug {
        Naming::SlugOf(nth)
    } else {
        Naming::Id(nth)
    }
}

pub(super) fn offset() -> impl Strategy<Value = Offset> {
    sample::select(&OFFSETS)
}

impl Operation {
    /// Batches support no restores and no outdated versions.
    pub(super) fn fits_a_batch(&self) -> bool {
        let Self::Post { deed, .. } = self else {
            return true;
        };
        !matches!(deed, Deed::Merge(_) | Deed::Restore { .. })
    }
}
