//! The pages in `docs/` that show a table of this crate, held equal to it.

use std::{fmt::Write as _, fs, path::Path};

use tintero_domain::{
    access::{Role, TABLE},
    posts::{StatusName, TRANSITIONS, Transition},
};

#[test]
fn docs_access_shows_the_role_table() {
    let mut page = String::from(ACCESS);
    row(&mut page, "Permission", Role::ALL.map(Role::as_str));
    row(&mut page, "---", Role::ALL.map(|_| "---"));
    for (permission, holders) in TABLE {
        let marks = Role::ALL.map(|role| if holders.contains(&role) { "yes" } else { "" });
        row(&mut page, &format!("`{permission}`"), marks);
    }
    hold("access.md", &page);
}

#[test]
fn docs_transitions_shows_the_transition_table() {
    let mut page = String::from(TRANSITION);
    row(&mut page, "From", Transition::ALL.map(Transition::as_str));
    row(&mut page, "---", Transition::ALL.map(|_| "---"));
    for status in StatusName::ALL {
        let ends = Transition::ALL.map(|transition| end(status, transition));
        row(&mut page, &format!("**{}**", status.as_str()), ends);
    }
    page.push_str(PUBLIC);
    hold("transitions.md", &page);
}

#[test]
fn no_status_is_left_twice_in_the_same_way() {
    for (from, by, _) in TRANSITIONS {
        let ways = TRANSITIONS
            .iter()
            .filter(|way| (way.0, way.1) == (*from, *by));
        assert_eq!(ways.count(), 1, "{by} from {}", from.as_str());
    }
}

const ACCESS: &str = "\
# Who may do what

Made from the role table in `crates/domain/src/access.rs`; a test holds both equal. A caller without the permission gets
403. What says `own` is about posts whose `owner_id` is the caller. Reading what is published needs no token at all. Trashing a
post that is public, or planned to be, takes the permission to unpublish it, too; changing its old addresses, that to publish it. Changing what is said of an image takes having uploaded it, or
`posts:edit_any`.

";

const TRANSITION: &str = "\
# The life of a post

Made from the transition table in `crates/domain/src/posts/transitions.rs`; a test holds both equal. A cell says which status
a transition leads to; where it is empty, the answer is 409 with the transitions that are possible.

";

const PUBLIC: &str = "
Time takes two of these steps by itself: `scheduled` is `published` from its second on, and what has an `unpublish_at` is a
`draft` from then on. Nothing has to run for it, and `version` stays as it is: time is no author.

## What the public gets

| Status | At its slug | At slugs and paths that it had | In lists and counts |
| --- | --- | --- | --- |
| **draft** | 404 | 404 | no |
| **scheduled** | 404 until its second | 404 until its second | no |
| **published** | 200 | 308 to its slug | yes |
| **archived** | 200 with `archived: true` | 308 to its slug | no |
| **trashed** | 410 if it was ever public, else 404 | the same | no |
| purged | 404; the slug is free | 404; they are free | no |

`first_published_at` is set by the first publication and never changes. `published_at` is the date that a post carries: the
moment of its first publication, unless somebody with `posts:backdate` gave it another. Publishing a change carries the date of the working copy, and so does
scheduling one; there a date that is missing, or later than the planned moment, becomes that moment, and is given up with the plan.
A change of a published post that is scheduled replaces what everybody sees at once, at its second: text, slug, lists and counts.
";

/// Where `transition` leads to from `status`; nowhere, when it is illegal.
fn end(status: StatusName, transition: Transition) -> &'static str {
    let way = TRANSITIONS
        .iter()
        .find(|(from, by, _)| (*from, *by) == (status, transition));
    way.map_or("", |(.., to)| to.map_or("gone", StatusName::as_str))
}

fn row<const N: usize>(page: &mut String, head: &str, cells: [&str; N]) {
    let line = [head]
        .into_iter()
        .chain(cells)
        .fold(String::from("|"), |line, cell| line + " " + cell + " |");
    writeln!(page, "{line}").expect("a string takes every text");
}

/// Fails unless the page says `expected`; with `UPDATE_DOCS` set it is written instead.
fn hold(page: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(page);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, expected).expect("the page can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        written, expected,
        "docs/{page} is not what the code says; UPDATE_DOCS=1 cargo test -p tintero-domain rewrites it"
    );
}
