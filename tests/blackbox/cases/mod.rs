//! The cases, one module for each concern.

mod bad_input;
mod privacy;
mod reading;
mod repeated;
mod start;
mod tokens;
mod writes;

use libtest_mimic::Trial;

/// Every case.
pub(crate) fn all() -> Vec<Trial> {
    let modules = [
        start::all(),
        writes::all(),
        privacy::all(),
        repeated::all(),
        reading::all(),
        bad_input::all(),
        tokens::all(),
    ];
    modules.into_iter().flatten().collect()
}
