//! Which operations come how often.

use proptest::{option, prelude::*, sample, strategy::Union};

use super::{
    operations::{
        Actor, Base, Changes, Company, Deed, LOCALES, Look, Offset, Operation, SLUGS, Step, TAGS,
        Wait, Words,
    },
    world::World,
};

/// More posts than this that are not purged make a case slow and no more telling.
const MOST_POSTS: usize = 6;

/// Moments that meet: what one of them plans, the clock reaches by another.
const OFFSETS: [Offset; 7] = [-60_000, -1, 0, 1, 1_000, 2_000, 60_000];
const WAITS: [Offset; 6] = [1, 999, 1_000, 2_000, 60_000, 86_400_000];

/// A step that makes sense in this world, or, sometimes, none.
pub(super) fn step(world: &World) -> BoxedStrategy<Step> {
    let company = prop_oneof![
        8 => Just(Company::Alone),
        1 => Just(Company::Twin),
        1 => Just(Company::Housekeeper),
    ];
    let look = prop_oneof![
        5 => Just(Look::Near),
        1 => (1..=4_usize).prop_map(Look::Everywhere),
    ];
    let by = prop_oneof![
        6 => Just(Actor::Administrator),
        2 => Just(Actor::Editor),
        2 => Just(Actor::Author),
    ];
    (operation(world), by, company, any::<bool>(), look)
        .prop_map(|(operation, by, company, keyed, look)| Step {
            operation,
            by,
            company,
            keyed,
            look,
        })
        .boxed()
}

fn operation(world: &World) -> BoxedStrategy<Operation> {
    let posts = world.posts.iter().filter(|post| !post.purged).count();
    let few = u32::from(posts < MOST_POSTS);
    let create = (words(), rarely(offset()));
    prop_oneof![
        1 + 4 * few => create.prop_map(|(words, date)| Operation::Create { words, date }),
        4 => any_deed(),
        24 => legal_deed(world),
        1 => (sample::select(&SLUGS), option::of(0..4_usize))
            .prop_map(|(slug, parent)| Operation::CreateCategory { slug, parent }),
        1 => change_of_a_category(),
        8 => wait().prop_map(Operation::Wait),
        1 => Just(Operation::KeepHouse),
        2 => Just(Operation::Repeat),
    ]
    .boxed()
}

/// Something that may well be refused.
fn any_deed() -> BoxedStrategy<Operation> {
    let parts = (0..MOST_POSTS + 2, base(), deed());
    parts
        .prop_map(|(nth, base, deed)| Operation::Post { nth, base, deed })
        .boxed()
}

/// Something that the status of its post allows.
fn legal_deed(world: &World) -> BoxedStrategy<Operation> {
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
    Union::new(deeds).boxed()
}

fn change_of_a_category() -> impl Strategy<Value = Operation> {
    let slug = option::of(sample::select(&SLUGS));
    let parent = option::of(option::of(0..4_usize));
    (0..4_usize, base(), slug, parent).prop_map(|(nth, base, slug, parent)| {
        Operation::ChangeCategory {
            nth,
            base,
            slug,
            parent,
        }
    })
}

fn base() -> impl Strategy<Value = Base> {
    prop_oneof![15 => Just(Base::Latest), 1 => Just(Base::First)]
}

fn deed() -> BoxedStrategy<Deed> {
    prop_oneof![
        6 => changes().prop_map(|changes| Deed::Edit(Box::new(changes))),
        1 => (0..8_usize).prop_map(|revision| Deed::Restore { revision }),
        5 => rarely(offset()).prop_map(|date| Deed::Publish { date }),
        6 => (option::of(offset()), option::of(offset()))
            .prop_map(|(publish, unpublish)| Deed::Schedule { publish, unpublish }),
        2 => Just(Deed::Unschedule),
        2 => Just(Deed::Archive),
        2 => Just(Deed::Unpublish),
        2 => Just(Deed::Trash),
        2 => Just(Deed::Untrash),
        1 => Just(Deed::Purge),
    ]
    .boxed()
}

fn words() -> BoxedStrategy<Words> {
    let parts = (0..9_u8, 0..9_u8, slug(), locale(), tags(), few(4), few(2));
    parts
        .prop_map(
            |(title, body, slug, locale, tags, categories, bylines)| Words {
                title,
                body,
                slug,
                locale,
                tags,
                categories,
                bylines,
            },
        )
        .boxed()
}

fn changes() -> BoxedStrategy<Changes> {
    let title = option::of(0..9_u8);
    let body = option::of(0..9_u8);
    let (slug, locale, tags) = (rarely(slug()), rarely(locale()), rarely(tags()));
    let date = rarely(option::of(offset()));
    let parts = (
        title,
        body,
        slug,
        locale,
        tags,
        rarely(few(4)),
        rarely(few(2)),
        date,
    );
    parts
        .prop_map(
            |(title, body, slug, locale, tags, categories, bylines, date)| Changes {
                title,
                body,
                slug,
                locale,
                tags,
                categories,
                bylines,
                date,
            },
        )
        .boxed()
}

fn wait() -> impl Strategy<Value = Wait> {
    prop_oneof![
        sample::select(&WAITS).prop_map(Wait::For),
        (-1..=1_i64).prop_map(Wait::Change),
    ]
}

fn slug() -> impl Strategy<Value = &'static str> {
    sample::select(&SLUGS)
}

fn locale() -> impl Strategy<Value = &'static str> {
    prop_oneof![3 => Just(LOCALES[0]), 1 => Just(LOCALES[1])]
}

fn tags() -> impl Strategy<Value = &'static [&'static str]> {
    sample::select(&TAGS)
}

fn offset() -> impl Strategy<Value = Offset> {
    sample::select(&OFFSETS)
}

/// At most two of so many.
fn few(of: usize) -> impl Strategy<Value = Vec<usize>> {
    sample::subsequence((0..of).collect::<Vec<_>>(), 0..=2)
}

fn rarely<T: std::fmt::Debug + Clone>(
    value: impl Strategy<Value = T>,
) -> impl Strategy<Value = Option<T>> {
    option::weighted(0.3, value)
}
