//! The allowed combinations of parameters. `docs/lists.md` is generated from this table.

use std::fmt::Write as _;

use tintero_domain::posts::StatusName::{self, Archived, Draft, Scheduled, Trashed};

use super::{
    list_kind::ListKind,
    parameters::{Filters, PARAMETERS, Parameter},
    values::{
        SortOrder,
        StatusFilter::{self, Any, Only},
    },
};
use crate::{
    body::Choice as _,
    extract::Params,
    routes::posts::copy_view::CopyView::{self, Live, Working},
};

/// A list that the endpoint returns.
#[derive(Debug)]
pub(super) struct ListSpec {
    pub(super) kind: ListKind,
    pub(super) about: &'static str,
    pub(super) status: &'static [Option<StatusFilter>],
    pub(super) view: &'static [Option<CopyView>],
    /// The parameter that selects the list and must be given, if any.
    pub(super) required: Option<&'static str>,
    /// The only value of `sort`. If `sort` is required, it selects the list.
    pub(super) order: Option<SortOrder>,
}

const PUBLISHED: &[Option<StatusFilter>] = &[None, Some(Only(StatusName::Published))];
const UNPUBLISHED: &[Option<StatusFilter>] = &[
    Some(Only(Draft)),
    Some(Only(Scheduled)),
    Some(Only(Archived)),
    Some(Only(Trashed)),
];
const LIVE: &[Option<CopyView>] = &[None, Some(Live)];
const WORKING: &[Option<CopyView>] = &[None, Some(Working)];

macro_rules! lists {
    ($($kind:ident, $about:literal, $status:expr, $view:expr, $required:expr, $order:expr;)*) => {
        /// All lists.
        pub(super) const LISTS: &[ListSpec] = &[$(ListSpec {
            kind: ListKind::$kind,
            about: $about,
            status: $status,
            view: $view,
            required: $required,
            order: $order,
        },)*];
    };
}

lists! {
    Published, "Published posts", PUBLISHED, LIVE, None, Some(SortOrder::PublishedDescending);
    PublishedSince, "Published posts changed since a time",
        PUBLISHED, LIVE, Some("updated_since"), Some(SortOrder::UpdatedAscending);
    InStatus, "Working copies by status", UNPUBLISHED, WORKING, None, Some(SortOrder::CreatedDescending);
    InStatus, "Working copies of published posts",
        &[Some(Only(StatusName::Published))], &[Some(Working)], None, Some(SortOrder::CreatedDescending);
    Planned, "Scheduled posts by planned date",
        &[Some(Only(Scheduled))], WORKING, Some("sort"), Some(SortOrder::PlannedAscending);
    Changed, "All working copies", &[Some(Any)], WORKING, None, Some(SortOrder::UpdatedDescending);
    ChangedSince, "Working copies changed since a time",
        &[Some(Any)], WORKING, Some("updated_since"), Some(SortOrder::UpdatedAscending);
    LiveById, "Live copies by id", PUBLISHED, LIVE, Some("ids"), None;
    WorkingById, "Working copies by id", &[Some(Any)], WORKING, Some("ids"), None;
}

impl ListSpec {
    /// Whether the list accepts a parameter.
    pub(super) fn accepts(&self, parameter: &Parameter) -> bool {
        parameter.lists.contains(&self.kind)
    }

    /// Reports that the list does not accept a parameter together with the others.
    pub(super) fn reject<T>(&self, name: &str, params: &mut Params) -> Option<T> {
        let list = self.about;
        let detail = format!(
            "is not allowed in combination with the other parameters, which select this list: {list}"
        );
        params.reject(name, CODE, detail)
    }
}

pub(super) const CODE: &str = "unknown_combination";

/// Returns the list that the parameters select. Reports the first parameter that it does not accept.
pub(super) fn select(filters: &Filters, params: &mut Params) -> Option<&'static ListSpec> {
    let mut reject = |name| {
        let detail = "is not allowed in combination with the other parameters";
        params.reject(name, CODE, detail)
    };
    let given = filters.given();
    let in_status = LISTS
        .iter()
        .filter(|list| list.status.contains(&filters.status));
    let mut lists: Vec<_> = in_status.collect();
    if lists.is_empty() {
        return reject("status");
    }
    lists.retain(|list| list.view.contains(&filters.view));
    lists.retain(|list| {
        list.required
            .is_none_or(|name| given.iter().any(|parameter| parameter.name == name))
    });
    let by_sort = |list: &&ListSpec| list.order == filters.sort;
    if lists.iter().any(by_sort) {
        lists.retain(by_sort);
    } else {
        lists.retain(|list| list.required != Some("sort"));
    }
    let Some(list) = lists.into_iter().max_by_key(|list| list.required.is_some()) else {
        return reject("view");
    };
    match given.iter().find(|parameter| !list.accepts(parameter)) {
        Some(parameter) => list.reject(parameter.name, params),
        None => Some(list),
    }
}

const HEAD: &str = "\
# Lists of posts

This page is generated from `crates/http/src/routes/posts/lists/table.rs`. `GET /v1/posts` returns one of the lists in the table. Each
list has required and optional parameters; all other combinations return 400 with the name of the parameter.

Filters can be combined: `?category=aws&tag=rust&tag=cli&locale=es&published_after=2026-01-01T00:00:00Z`. For each page, the server reads at
most 64 capacity units from the database. If few posts match, a page can be short or empty although it is not the last one. Use
`page.has_next` to detect the end. All pages together contain every matching post.

With `locale=es-MX,es`, published posts in both languages are listed, and each work once: a post is omitted if a translation of it (or the
post that it translates) is published in an earlier language of the list. This is decided before the other filters.

With `fields=body`, `html`, `seo` or `extra`, published posts have their texts. Then `limit` is at most 25, and a page ends early if its
bodies and HTML exceed 2 MiB; it contains at least one post.

`updated_since` without `status` lists the published posts whose public side has changed, for builds that repeat only what has changed.
`removed` lists the addresses that left the lists since then and at which no post is published now, each with a reason: `moved`, `archived`,
`unpublished`, `trashed` or `deleted`. Scheduled changes occur at their time. Send `next_updated_since` as `updated_since` of the next
build: it overlaps by two minutes, so a change can occur twice. Changes are known for 30 days, and not from before this version of the
server; an earlier time returns 400. Changes of categories, tags, bylines and images themselves are not listed, but posts that a merge moves
and posts whose text gets a missing image are.

Lists ordered by publication or creation contain each post once, even if posts are written between two pages. Lists ordered by the
latest change do not guarantee this, because a change moves a post. With `updated_since`, a post that changes between two pages appears
again at the end, so no change is lost. Lists of working copies are read from an index that can be slightly behind. To follow changes,
start the next request a few seconds before the `updated_at` of the last post, and detect duplicates by `id` and `version`.

";

/// Returns the page `docs/lists.md`.
pub(crate) fn lists_page() -> String {
    let mut page = format!(
        "{HEAD}| List | `status` | `view` | Required | Optional | Order |\n| --- | --- | --- | --- | --- | --- |\n"
    );
    for list in LISTS {
        let status = list
            .status
            .iter()
            .map(|value| value.map_or("absent", StatusFilter::as_str));
        let view = list
            .view
            .iter()
            .map(|value| value.map_or("absent", CopyView::as_str));
        let optional = PARAMETERS
            .iter()
            .map(|parameter| (parameter, parameter.name));
        let optional = optional.filter(|(parameter, name)| {
            list.accepts(parameter)
                && !["status", "view"].contains(name)
                && list.required != Some(*name)
        });
        // Writing into a string cannot fail.
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} |",
            list.about,
            code(status),
            code(view),
            code(list.required.into_iter()),
            code(optional.map(|(_, name)| name)),
            list.order.map_or("as in `ids`", SortOrder::as_str),
        );
    }
    page += "\n| Parameter | Description |\n| --- | --- |\n";
    for Parameter { name, about, .. } in PARAMETERS {
        let _ = writeln!(page, "| `{name}` | {about} |");
    }
    page
}

fn code<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<_> = words.map(|word| format!("`{word}`")).collect();
    words.join(" ")
}
