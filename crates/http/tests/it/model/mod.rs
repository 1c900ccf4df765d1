//! Tests the API against a model: sends random operations to a site and applies them to the model, a
//! few vectors. After each step, all reads must be equal.
//!
//! An error found here becomes a separate test with a name. To repeat a run, use the seed that it prints
//! when it fails.

mod compare;
mod content;
mod deeds;
mod desk;
mod expected;
mod generate;
mod lists;
mod merges;
mod mirror;
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

/// Page size of the final comparison.
const PAGE: usize = 3;

/// The state machine for `proptest`.
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

    /// A likely outcome, for the next steps. `Desk` determines the actual one.
    fn apply(world: World, step: &Step) -> World {
        let mut possible = world.after(step);
        possible.swap_remove(0)
    }
}

/// The system under test.
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

    /// Completes all operations and passes all scheduled times, then compares everything before and after
    /// cleanup.
    fn teardown(mut desk: Desk, _: World) {
        desk.compare_all(PAGE);
        desk.end_all_work();
        desk.compare_all(PAGE);
        desk.run_cleanup();
        desk.compare_all(PAGE);
    }
}

prop_state_machine! {
    #![proptest_config(size::config())]

    #[test]
    fn the_site_and_the_model_agree(sequential size::steps() => Api);
}
