//! The test cases, one module for each subject.

mod accounts;
mod bad_addresses;
mod bad_input;
mod batch;
mod contract;
mod cost;
mod crash;
mod disk;
mod export;
mod foreign_tokens;
mod history;
mod idempotency;
mod images;
mod import;
mod issuer_sign_in;
mod lambda;
mod limits;
mod merges;
mod people;
mod privacy;
mod process;
mod proxies;
mod public_url;
mod queries;
mod reading;
mod redirects;
mod roles;
mod schedule;
mod second_factor;
mod slow_clients;
mod start;
mod static_build;
mod tags;
mod taxonomy;
mod tokens;
mod translations;
mod writes;

use libtest_mimic::Trial;

/// All cases.
pub(crate) fn all() -> Vec<Trial> {
    let modules = [
        contract::all(),
        start::all(),
        writes::all(),
        history::all(),
        privacy::all(),
        idempotency::all(),
        reading::all(),
        queries::all(),
        translations::all(),
        batch::all(),
        redirects::all(),
        static_build::all(),
        bad_input::all(),
        bad_addresses::all(),
        second_factor::all(),
        issuer_sign_in::all(),
        tokens::all(),
        foreign_tokens::all(),
        accounts::all(),
        taxonomy::all(),
        merges::all(),
        tags::all(),
        images::all(),
        lambda::all(),
        roles::all(),
        people::all(),
        process::all(),
        limits::all(),
        slow_clients::all(),
        public_url::all(),
        proxies::all(),
        crash::all(),
        disk::all(),
        export::all(),
        import::all(),
        schedule::all(),
        cost::all(),
    ];
    modules.into_iter().flatten().collect()
}
