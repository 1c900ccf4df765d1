//! Strategies for the content of posts.

use proptest::{collection, option, prelude::*, sample};

use super::{
    deeds::{CATEGORIES, offset},
    operations::{LOCALES, Offset, PATHS, SLUGS},
    words::{Body, Changes, TAGS, Words},
};

/// Paths for aliases and redirects. Some collide.
const ALIASES: [&[&str]; 4] = [&[], &[PATHS[0]], &[PATHS[1], PATHS[0]], &[PATHS[2]]];

/// Number of variants of a paragraph.
const VERSES: u8 = 6;

pub(super) fn words() -> BoxedStrategy<Words> {
    let body = proptest::array::uniform(0..VERSES).prop_map(Body);
    let parts = (
        0..9_u8,
        body,
        slug(),
        locale(),
        tags(),
        few(CATEGORIES),
        few(2),
        aliases(),
    );
    parts
        .prop_map(
            |(title, body, slug, locale, tags, categories, bylines, aliases)| Words {
                title,
                body,
                slug,
                locale,
                tags: tags.to_vec(),
                categories,
                bylines,
                aliases,
            },
        )
        .boxed()
}

pub(super) fn slight_changes() -> BoxedStrategy<Changes> {
    let parts = (changes(), any::<bool>(), any::<bool>());
    parts
        .prop_map(|(changes, title, filing)| Changes {
            title: changes.title.filter(|_| title),
            body: changes.body.into_iter().take(1).collect(),
            slug: None,
            locale: None,
            categories: changes.categories.filter(|_| filing),
            date: None,
            ..changes
        })
        .boxed()
}

pub(super) fn changes() -> BoxedStrategy<Changes> {
    let title = option::of(0..9_u8);
    let body = collection::vec((0..Body::STANZAS, 0..VERSES), 0..3);
    let date = rarely(option::of(offset()));
    let parts = (
        title,
        body,
        rarely(slug()),
        rarely(locale()),
        rarely(tags()),
        rarely(few(CATEGORIES)),
        rarely(few(2)),
        rarely(aliases()),
        date,
    );
    parts
        .prop_map(
            |(title, body, slug, locale, tags, categories, bylines, aliases, date)| Changes {
                title,
                body,
                slug,
                locale,
                tags,
                categories,
                bylines,
                aliases,
                date,
            },
        )
        .boxed()
}

pub(super) fn slug() -> impl Strategy<Value = &'static str> {
    sample::select(&SLUGS)
}

pub(super) fn locale() -> impl Strategy<Value = &'static str> {
    prop_oneof![3 => Just(LOCALES[0]), 1 => Just(LOCALES[1])]
}

fn tags() -> impl Strategy<Value = &'static [&'static str]> {
    sample::select(&TAGS)
}

fn aliases() -> impl Strategy<Value = &'static [&'static str]> {
    prop_oneof![3 => Just(ALIASES[0]), 2 => sample::select(&ALIASES)]
}

pub(super) fn date() -> impl Strategy<Value = Option<Offset>> {
    rarely(offset())
}

/// At most three numbers below a limit.
fn few(of: usize) -> impl Strategy<Value = Vec<usize>> {
    sample::subsequence((0..of).collect::<Vec<_>>(), 0..=of.min(3))
}

pub(super) fn rarely<T: std::fmt::Debug + Clone>(
    value: impl Strategy<Value = T>,
) -> impl Strategy<Value = Option<T>> {
    option::weighted(0.3, value)
}
