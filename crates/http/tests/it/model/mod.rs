//! The API against a model of it: random operations are sent to a site and told to a model, which
//! is a handful of vectors, and after each of them everything that can be read must agree.
//!
//! What was found becomes a small test with a name, beside those of its part. A run is repeated by
//! the seed that it prints when it fails.

mod compare;
mod desk;
mod expected;
mod generate;
mod operations;
mod post;
mod requests;
mod size;
mod tree;
mod world;

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

    fn apply(world: World, step: &Step) -> World {
        world.after(step)
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

    fn apply(mut desk: Desk, world: &World, step: Step) -> Desk {
        desk.take(&step, world);
        desk.compare(world, &step);
        desk
    }

    /// Time has the last word; and nobody sees whether what it ended was cleared away.
    fn teardown(mut desk: Desk, world: World) {
        desk.compare_all(&world, PAGE);
        desk.keep_house();
        desk.compare_all(&world, PAGE);
    }
}

prop_state_machine! {
    #![proptest_config(size::config())]

    #[test]
    fn whatever_is_done_everybody_sees_what_the_model_says(sequential size::steps() => Api);
}
