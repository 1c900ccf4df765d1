//! Tests that the tables in `docs/` match the code.

use std::{fmt::Write as _, fs, path::Path};

use tintero_domain::{
    access::{Role, TABLE},
    posts::{StatusName, TRANSITIONS, Transition},
};

#[test]
fn docs_access_matches_the_role_table() {
    let mut page = String::from(ACCESS);
    row(&mut page, "Permission", Role::ALL.map(Role::as_str));
    row(&mut page, "---", Role::ALL.map(|_| "---"));
    for (permission, holders) in TABLE {
        let marks = Role::ALL.map(|role| if holders.contains(&role) { "yes" } else { "" });
        row(&mut page, &format!("`{permission}`"), marks);
    }
    assert_page("access.md", &page);
}

#[test]
fn docs_transitions_matches_the_transition_table() {
    let mut page = String::from(TRANSITION);
    row(&mut page, "From", Transition::ALL.map(Transition::as_str));
    row(&mut page, "---", Transition::ALL.map(|_| "---"));
    for status in StatusName::ALL {
        let results = Transition::ALL.map(|transition| result(status, transition));
        row(&mut page, &format!("**{}**", status.as_str()), results);
    }
    page.push_str(PUBLIC);
    assert_page("transitions.md", &page);
}

#[test]
fn each_transition_of_a_status_has_one_result() {
    for (from, by, _) in TRANSITIONS {
        let entries = TRANSITIONS
            .iter()
            .filter(|entry| (entry.0, entry.1) == (*from, *by));
        assert_eq!(entries.count(), 1, "{by} from {}", from.as_str());
    }
}

const ACCESS: &str = "\
# Permissions

Generated from the role table in `crates/domain/src/access/role_table.rs`. A request without the permission is rejected with 403.

- Permissions with `own` apply to posts whose `owner_id` is the caller.
- Published posts can be read without a token.
- Trashing a post that is public or scheduled also requires the permission to unpublish it.
- Changing the aliases of a post that is public or scheduled, or the post that it translates, also requires the permission to publish it.
- Updating the metadata of an image requires `posts:edit_any`, unless the caller uploaded it.
- The token of a [foreign issuer](configuration.md#foreign-issuers) may give a role for its request, in place of that of the user.

";

const TRANSITION: &str = "\
# Status transitions

Generated from the transition table in `crates/domain/src/posts/publishing/transitions.rs`. Each cell contains the resulting
status. If a cell is empty, the request is rejected with 409 and the list of legal transitions.

";

const PUBLIC: &str = "
Two transitions happen at scheduled times, without a background task: a `scheduled` post becomes `published`, and a post with
`unpublish_at` becomes a `draft`. They do not change `version`.

## Public responses

| Status | At its slug | At earlier slugs and aliases | In lists and counts |
| --- | --- | --- | --- |
| **draft** | 404 | 404 | no |
| **scheduled** | 404 until the scheduled time | 404 until the scheduled time | no |
| **published** | 200 | 308 to its slug | yes |
| **archived** | 200 with `archived: true` | 308 to its slug | no |
| **trashed** | 410 if it was ever public, else 404 | the same | no |
| purged | 404; the slug is free | 404; they are free | no |

## Dates

`first_published_at` is set by the first publication and never changes. `published_at` is the date of a post: the time of its
first publication, unless a user with `posts:backdate` sets another date.

- Publishing a change uses the date of the working copy.
- Scheduling a change does the same. If that date is missing or later than the scheduled time, the scheduled time becomes the date;
  discarding the schedule removes it.
- A scheduled change of a published post replaces text, slug, lists and counts at the same time.
";

/// The resulting status; empty if the transition is illegal.
fn result(status: StatusName, transition: Transition) -> &'static str {
    let entry = TRANSITIONS
        .iter()
        .find(|(from, by, _)| (*from, *by) == (status, transition));
    entry.map_or("", |(.., to)| to.map_or("purged", StatusName::as_str))
}

fn row<const N: usize>(page: &mut String, head: &str, cells: [&str; N]) {
    let line = [head]
        .into_iter()
        .chain(cells)
        .fold(String::from("|"), |line, cell| line + " " + cell + " |");
    writeln!(page, "{line}").expect("writing to a string cannot fail");
}

/// Fails unless the page equals `expected`. Writes the page if `UPDATE_DOCS` is set.
fn assert_page(page: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(page);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, expected).expect("the page can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        written, expected,
        "docs/{page} is outdated; run UPDATE_DOCS=1 cargo test -p tintero-domain"
    );
}
