//! Costs of requests, which must not depend on the number of posts.

mod accounts;
mod batch;
mod desk;
mod factors;
mod history;
mod images;
mod issuers;
mod life;
mod people;
mod queries;
mod reads;
mod redirects;
mod sessions;
mod site;
mod sized;
mod taxonomy;
mod translations;
mod writes;

use std::fs;

use libtest_mimic::Trial;

use self::desk::Desk;
use crate::{
    costs::{self, CALLER, COSTS, Cost, STORED},
    harness::{Answer, Setup, cases, contract, size},
};

pub(super) fn all() -> Vec<Trial> {
    cases![
        every_operation_has_a_row,
        the_documented_table_is_current,
        requests_cost_the_same_with_few_and_with_many_posts,
        stored_answers_cost_nothing,
    ]
}

/// Page with the table.
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/data-model.md");

const FEW: usize = 1_000;
/// Larger number of posts. A soak uses more.
const MANY: usize = 10_000;

async fn every_operation_has_a_row() {
    let measured = |id: &str| COSTS.iter().any(|row| row.operation == id);
    let missing: Vec<&str> = contract::operations()
        .iter()
        .map(|operation| operation.id.as_str())
        .filter(|id| !measured(id))
        .collect();
    assert!(missing.is_empty(), "without a row: {missing:?}");
}

async fn the_documented_table_is_current() {
    let table = costs::as_markdown();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let page = fs::read_to_string(PAGE).unwrap();
        let (head, rest) = page.split_once(costs::HEAD).unwrap();
        let (_, foot) = rest.split_once("\n\n").unwrap_or_default();
        fs::write(
            PAGE,
            format!(
                "{head}{table}{}{foot}",
                if foot.is_empty() { "" } else { "\n" }
            ),
        )
        .unwrap();
    }
    let page = fs::read_to_string(PAGE).unwrap();
    assert!(
        page.contains(&table),
        "docs/data-model.md shows another table than:\n{table}"
    );
}

async fn requests_cost_the_same_with_few_and_with_many_posts() {
    let server = Setup::memory().with("TINTERO_CACHE_BYTES", "0").start();
    let author = server.administrator().await;
    let first = author.get("/v1/me").send().await.is(200);
    assert_eq!(
        cost_of(&first),
        CALLER,
        "an uncached caller costs two reads"
    );
    let mut desk = Desk::new(&server, author);
    for posts in [FEW, size("TINTERO_TEST_POSTS", MANY)] {
        desk.grow_to(posts).await;
        let mut differences = vec![];
        for row in COSTS {
            let cost = desk.measure(row).await;
            if !cost.agrees_with(row.cost) {
                differences.push(format!("{} | {} | {cost}", row.operation, row.case));
            }
        }
        assert!(
            differences.is_empty(),
            "with {posts} posts:\n{}",
            differences.join("\n")
        );
    }
    desk.unknown_names_are_404().await;
}

async fn stored_answers_cost_nothing() {
    let server = Setup::memory().start();
    let author = server.administrator().await;
    let mut desk = Desk::new(&server, author);
    let post = desk.published().await;
    for path in [&post.public_path(), "/v1/posts?tag=cost", "/v1/tags"] {
        let first = cost_of(&desk.anonymous(path).await.is(200));
        assert!(first.requests > 0, "{path}");
        let stored = cost_of(&desk.anonymous(path).await.is(200));
        assert_eq!(stored, STORED, "{path}");
    }
    author_reads_cost_the_same(&desk, &post.public_path()).await;
}

/// A caller with a token is never answered from the cache.
async fn author_reads_cost_the_same(desk: &Desk<'_>, path: &str) {
    let read = async || cost_of(&desk.author.get(path).send().await.is(200));
    assert!(read().await.requests > 0);
    assert!(read().await.requests > 0);
}

fn cost_of(answer: &Answer) -> Cost {
    Cost::parse(answer.header("tintero-cost"))
}
