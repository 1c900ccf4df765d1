//! Test support: processes, clients and the contract.

mod answer;
mod authenticator;
mod binary;
mod client;
pub(crate) mod contract;
pub(crate) mod coverage;
mod database;
mod image;
mod issuer;
pub(crate) mod lambda;
mod log;
mod nginx;
mod posts;
mod refusals;
mod server;
mod setup;
pub(crate) mod shared;
mod sign_in_issuer;
mod size;
mod unfinished;

use std::{process::Output, sync::LazyLock};

use libtest_mimic::{Completion, Trial};
use tokio::runtime::Runtime;

pub(crate) use self::authenticator::Authenticator;
pub(crate) use self::{
    answer::Answer,
    client::{Call, Client},
    image::{gif, wide_png},
    issuer::TestIssuer,
    log::{Log, is_access},
    nginx::{Nginx, free_port},
    posts::{Post, draft, next_of, unique},
    refusals::Refusals,
    server::Server,
    setup::{ADMINISTRATOR, Setup},
    sign_in_issuer::{CLIENT_SECRET, LoopbackIssuer},
    size::size,
    unfinished::Unfinished,
};

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Runtime::new().expect("a runtime can be started"));

/// Builds a test from asynchronous work.
pub(crate) fn case(name: &str, test: impl Future<Output = ()> + Send + 'static) -> Trial {
    Trial::test(name, move || {
        RUNTIME.block_on(test);
        Ok(())
    })
}

/// Builds a test that a machine may not support. The work then returns the reason for skipping it.
pub(crate) fn case_where_possible(
    name: &str,
    test: impl Future<Output = Result<(), String>> + Send + 'static,
) -> Trial {
    Trial::ignorable_test(name, move || match RUNTIME.block_on(test) {
        Ok(()) => Ok(Completion::Completed),
        Err(reason) => Ok(Completion::ignored_with(reason)),
    })
}

/// Builds one trial for each asynchronous function, named after it.
macro_rules! cases {
    ($($name:ident),* $(,)?) => {
        vec![$($crate::harness::case(
            &format!("{}::{}", module_path!().rsplit("::").next().unwrap_or_default(), stringify!($name)),
            $name(),
        )),*]
    };
}
pub(crate) use cases;

/// Exit code and standard error of a finished command.
pub(crate) fn ending(output: &Output) -> (i32, String) {
    let code = output.status.code().expect("the command exited");
    (code, String::from_utf8_lossy(&output.stderr).into_owned())
}
