//! The API against a model of it: random operations are sent to a site and told to a model, which
//! is a handful of vectors, and after each of them everything that can be read must agree.
//!
//! What was found becomes a small test with a name, beside those of its part. A run is repeated by
//! the seed that it prints when it fails.

mod compare;
mod content;
mod deeds;
mod desk;
mod expected;
mod generate;
mod lists;
mod merges;
mod names;
mod operations;
mod orders;
mod paths;
mod post;
mod publication;
mod query;
mod questions;
mod requests;
mod size;
mod tags;
mod taxonomy;
mod tree;
mod walks;
mod words;
mod world;
mod writes;

use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use self::{desk::Desk, operations::Step, world::World};

/// How long the pages are in which lists are walked at the end.
const PAGE: usize = 3;

/// The model as `proptest` drives it.
struct Model;

impl ReferenceStateMachine for Model {
    type State = World;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<World> {
        Just(World::default()).boxed()
    }

    fn transitions(world: &World) -> BoxedStrategy<Step> {
        generate::step(world)
    }

    /// A guess, for the steps that follow; what became of it the desk finds out.
    fn apply(world: World, step: &Step) -> World {
        let mut possible = world.after(step);
        possible.swap_remove(0)
    }
}

/// The API beside it.
struct Api;

impl StateMachineTest for Api {
    type SystemUnderTest = Desk;
    type Reference = Model;

    fn init_test(_: &World) -> Desk {
        Desk::new()
    }

    fn apply(mut desk: Desk, _: &World, step: Step) -> Desk {
        desk.take(&step);
        desk.compare(&step);
        desk
    }

    /// What was begun is ended and time has the last word; and nobody sees whether what it ended
    /// was cleared away.
    fn teardown(mut desk: Desk, _: World) {
        desk.compare_all(PAGE);
        desk.end_all_work();
        desk.compare_all(PAGE);
        desk.keep_house();
        desk.compare_all(PAGE);
    }
}

prop_state_machine! {
    #![proptest_config(size::config())]

    #[test]
    fn whatever_is_done_everybody_sees_what_the_model_says(sequential size::steps() => Api);
}
