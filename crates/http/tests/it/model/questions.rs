//! Strategies for list queries: every list with every combination of filters.

use proptest::{collection, option, prelude::*, sample};

use super::{
    content::rarely,
    deeds::{actor, naming, offset},
    generate::MOST_POSTS,
    operations::LOCALES,
    query::{Facets, Query, Rows, Under},
    walks::STATUSES,
    words::TAG_NAMES,
};

pub(super) fn query() -> BoxedStrategy<Query> {
    let narrowed = (rows(), facets()).prop_map(|(rows, mut facets)| {
        if !matches!(rows, Rows::Public { .. }) {
            facets.locales.truncate(1);
        }
        Query { rows, facets }
    });
    let these = (collection::vec(0..MOST_POSTS + 2, 1..5), any::<bool>());
    prop_oneof![
        8 => narrowed,
        1 => these.prop_map(|(nths, public)| Query::of(Rows::These { nths, public })),
    ]
    .boxed()
}

fn rows() -> BoxedStrategy<Rows> {
    let owner = || rarely(actor());
    prop_oneof![
        5 => (rarely(offset()), rarely(offset()))
            .prop_map(|(after, before)| Rows::Public { after, before }),
        3 => (sample::select(&STATUSES), owner())
            .prop_map(|(status, owner)| Rows::InStatus(status, owner)),
        1 => owner().prop_map(Rows::Planned),
        1 => owner().prop_map(Rows::Changed),
        1 => (offset(), owner()).prop_map(|(since, owner)| Rows::Since(since, owner)),
    ]
    .boxed()
}

fn facets() -> BoxedStrategy<Facets> {
    let under = (naming(), any::<bool>()).prop_map(|(category, descendants)| Under {
        category,
        descendants,
    });
    let parts = (
        option::of(under),
        some(&TAG_NAMES),
        rarely(0..2_usize),
        some(&LOCALES),
    );
    parts
        .prop_map(|(category, tags, byline, locales)| Facets {
            category,
            tags,
            byline,
            locales,
        })
        .boxed()
}

/// Mostly none of the names, else up to two in any order.
fn some(names: &'static [&'static str]) -> BoxedStrategy<Vec<&'static str>> {
    let some = sample::subsequence(names, 0..=2).prop_shuffle();
    rarely(some).prop_map(Option::unwrap_or_default).boxed()
}
