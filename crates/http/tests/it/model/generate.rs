//! Strategies for steps.

use proptest::{option, prelude::*, sample, strategy::Union};

use super::{
    content::{date, slug, words},
    deeds::{
        CATEGORIES, actor, any_deed, category_deed, company, legal_deed, legal_retirement,
        legal_tag_deed, tag_deed,
    },
    operations::{Base, Company, Crash, Deed, End, Look, Offset, Operation, PATHS, Step, Wait},
    questions::query,
    world::World,
};

/// Maximum number of posts that are not purged. More make cases slow without finding more errors.
pub(super) const MOST_POSTS: usize = 6;

/// Times that coincide: schedules and clock changes use the same ones. They include the grace period
/// of merges.
const WAITS: [Offset; 7] = [1, 999, 1_000, 2_000, 10_000, 60_000, 86_400_000];

/// Returns a step that is usually possible in this world.
pub(super) fn step(world: &World) -> BoxedStrategy<Step> {
    let look = prop_oneof![
        8 => Just(Look::Near),
        4 => (query(), 1..=4_usize, any::<bool>()).prop_map(|(query, limit, busy)| Look::List {
            query: Box::new(query),
            limit,
            busy,
        }),
        1 => (1..=4_usize).prop_map(Look::Everywhere),
    ];
    let parts = (
        operation(world),
        actor(),
        company(world),
        any::<bool>(),
        look,
    );
    parts
        .prop_map(|(operation, by, company, keyed, look)| Step {
            company: operation.kept_company(company),
            operation,
            by,
            keyed,
            look,
        })
        .boxed()
}

fn operation(world: &World) -> BoxedStrategy<Operation> {
    let posts = world.posts.iter().filter(|post| !post.purged).count();
    let few = u32::from(posts < MOST_POSTS);
    let merging = u32::from(!world.all_gone().is_empty());
    let bare = u32::from(world.tree.here().len() < 3);
    let crash = option::of((1..8_u64, any::<bool>()).prop_map(|(nth, done)| Crash { nth, done }));
    prop_oneof![
        1 + 6 * few => create(),
        3 => any_deed(),
        26 => legal_deed(world),
        2 => proptest::collection::vec(item(world), 1..6).prop_map(Operation::Batch),
        1 + 8 * bare => (slug(), option::of(0..CATEGORIES))
            .prop_map(|(slug, parent)| Operation::CreateCategory { slug, parent }),
        3 => category_deed(),
        5 => legal_retirement(world),
        1 => tag_deed(),
        3 => legal_tag_deed(world),
        1 + merging => (0..CATEGORIES).prop_map(|nth| Operation::Cancel { nth }),
        1 + 7 * merging => (0..2_usize, crash)
            .prop_map(|(runner, crash)| Operation::Work { runner, crash }),
        2 => redirect(),
        1 => (0..4_usize).prop_map(|nth| Operation::RemoveRedirect { nth }),
        7 => wait().prop_map(Operation::Wait),
        1 + 2 * merging => Just(Operation::Wait(Wait::For(10_000))),
        1 => Just(Operation::KeepHouse),
        2 => Just(Operation::Repeat),
    ]
    .boxed()
}

/// An operation of a batch.
fn item(world: &World) -> BoxedStrategy<Operation> {
    let deeds = Union::new([any_deed(), legal_deed(world)]);
    let deeds = deeds.prop_filter("known to batches", Operation::fits_a_batch);
    prop_oneof![1 => create(), 4 => deeds].boxed()
}

fn create() -> impl Strategy<Value = Operation> {
    (words(), date(), any::<bool>()).prop_map(|(words, date, published)| Operation::Create {
        words,
        date,
        published,
    })
}

fn redirect() -> impl Strategy<Value = Operation> {
    let end = prop_oneof![
        sample::select(&PATHS).prop_map(End::Path),
        (0..MOST_POSTS).prop_map(End::Post),
    ];
    (sample::select(&PATHS), end, any::<bool>()).prop_map(|(from, to, permanent)| {
        Operation::CreateRedirect {
            from,
            to,
            permanent,
        }
    })
}

pub(super) fn base() -> impl Strategy<Value = Base> {
    prop_oneof![12 => Just(Base::Latest), 1 => (1..4_u64).prop_map(Base::Back)]
}

fn wait() -> impl Strategy<Value = Wait> {
    prop_oneof![
        sample::select(&WAITS).prop_map(Wait::For),
        (-1..=1_i64).prop_map(Wait::Change),
    ]
}

impl Operation {
    /// Concurrent events are only combined with single requests: the order of the requests in a batch
    /// would be ambiguous.
    fn kept_company(&self, company: Company) -> Company {
        let single = match self {
            Self::Batch(_) => false,
            Self::Wait(_) | Self::KeepHouse | Self::Work { .. } | Self::Repeat => {
                return Company::Alone;
            }
            _ => true,
        };
        match company {
            Company::Twin | Company::Rival(..) if !single => Company::Alone,
            // A patch with `merge=auto` reads twice. A write between the reads can cause a conflict.
            Company::Rival(rival, _) if self.disturbs(&rival) || rival.disturbs(self) => {
                Company::Alone
            }
            company => company,
        }
    }

    /// Whether the other write changes a name to which this one refers.
    fn disturbs(&self, other: &Self) -> bool {
        let late = matches!(
            other,
            Self::Post {
                deed: Deed::Merge(_),
                ..
            }
        );
        late && matches!(self, Self::Category { .. } | Self::Tag { .. })
    }
}
