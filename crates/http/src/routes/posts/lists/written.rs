//! The table as a page for people: `docs/lists.md`.

use std::fmt::Write as _;

use super::{
    parameter::{self, Parameter},
    table::TABLE,
    values::{Order, Side, Wanted},
};

const HEAD: &str = "\
# Lists of posts

Made from the table in `crates/http/src/routes/posts/lists/table.rs`; a test holds both equal. `GET /v1/posts` takes the
parameters of one row: all that it needs and any that it may have. Whatever fits no row is 400 and named.

What narrows a list narrows it together: `?category=aws&tag=rust&locale=es&published_after=2026-01-01T00:00:00Z`. A page of such
a list reads at most 64 capacity units' worth of rows; where what is wanted lies far apart it is short, or empty, and not the last.
`page.has_next` tells, and walking to the end gives exactly what meets the query.

In lists by date or by creation, nothing is seen twice and nothing that stays is missed, whatever is written meanwhile. By the
latest change that cannot be promised: what changes meanwhile moves. From `updated_since` on, what changes meanwhile comes once more
at the end, so nothing is missed. Desk lists come from an index, where a write may show a moment late: to follow changes, go on from the
`updated_at` of the last row less some seconds, and know rows again by `id` and `version`.

";

/// The page that shows which parameters of `GET /v1/posts` go together.
pub(crate) fn page() -> String {
    let mut page = String::from(HEAD);
    page.push_str("| List | `status` | `view` | Needs | May have | Order |\n| --- | --- | --- | --- | --- | --- |\n");
    for row in &TABLE {
        let status = row
            .status
            .iter()
            .map(|value| value.map_or("absent", Wanted::as_str));
        let view = row
            .view
            .iter()
            .map(|value| value.map_or("absent", Side::as_str));
        let names = |names: &[Parameter]| words(names.iter().map(|name| name.name()));
        // Writing into a string cannot fail.
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} |",
            row.about,
            words(status),
            words(view),
            names(row.with),
            names(row.may),
            row.order.map_or("as asked", Order::as_str),
        );
    }
    page.push_str("\n| Parameter | What it is about |\n| --- | --- |\n");
    let others = Parameter::ALL.map(|parameter| (parameter.name(), parameter.about()));
    let all = [("status", parameter::STATUS), ("view", parameter::VIEW)];
    for (name, about) in all.into_iter().chain(others) {
        let _ = writeln!(page, "| `{name}` | {about} |");
    }
    page
}

fn words<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words
        .map(|word| format!("`{word}`"))
        .collect::<Vec<_>>()
        .join(" ")
}
