//! The cases, one module for each concern.

mod bad_addresses;
mod bad_input;
mod batch;
mod contract;
mod cost;
mod crash;
mod disk;
mod history;
mod images;
mod import;
mod limits;
mod merges;
mod privacy;
mod process;
mod queries;
mod reading;
mod redirects;
mod repeated;
mod roles;
mod schedule;
mod start;
mod tags;
mod taxonomy;
mod tokens;
mod translations;
mod writes;

use libtest_mimic::Trial;

/// Every case.
pub(crate) fn all() -> Vec<Trial> {
    let modules = [
        contract::all(),
        start::all(),
        writes::all(),
        history::all(),
        privacy::all(),
        repeated::all(),
        reading::all(),
        queries::all(),
        translations::all(),
        batch::all(),
        redirects::all(),
        bad_input::all(),
        bad_addresses::all(),
        tokens::all(),
        taxonomy::all(),
        merges::all(),
        tags::all(),
        images::all(),
        roles::all(),
        process::all(),
        limits::all(),
        crash::all(),
        disk::all(),
        import::all(),
        schedule::all(),
        cost::all(),
    ];
    modules.into_iter().flatten().collect()
}
