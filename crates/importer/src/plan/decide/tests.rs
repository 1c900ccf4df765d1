use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;
use tintero_markdown::jekyll::site::Site;

use super::*;
use crate::post::{Settings, Surroundings};

const PATH: &str = "_posts/2022-10-10-nube.md";
const OLD: &str = "---\ntitle: Nube\ntags: [aws]\nrating: 4\nsubtitle:\n---\n\nHola.\n";

fn reader(config: &str) -> Reader {
    Reader::new(Settings {
        site: Site::read(config.as_bytes()).unwrap().0,
        zone: TimeZone::UTC,
        locale: None,
        now: "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap(),
        around: Surroundings::default(),
    })
}

fn post(file: &str) -> Post {
    reader("").read(PATH, file.as_bytes()).unwrap()
}

/// The post that an import of `OLD` left on the server, published.
fn imported() -> Remote {
    let base = post(OLD);
    let (head, body) = OLD.split_at(OLD.find("\n\nHola").unwrap() + 1);
    let mut members = base.content.members();
    members.insert("locale".to_owned(), json!("es"));
    members.insert("body".to_owned(), json!(body));
    members.insert(
        "source".to_owned(),
        json!({"sha256": base.sha256, "front_matter": head}),
    );
    Remote {
        handle: Handle {
            id: "id".to_owned(),
            etag: "\"2.1\"".to_owned(),
            slug: "nube".to_owned(),
        },
        status: Status::Published,
        has_unpublished_changes: false,
        was_moved: true,
        was_edited: false,
        members,
    }
}

fn draft() -> Remote {
    Remote {
        status: Status::Draft,
        was_moved: false,
        ..imported()
    }
}

fn with(mut remote: Remote, name: &str, value: Value) -> Remote {
    remote.members.insert(name.to_owned(), value);
    remote
}

fn step(file: &str, remote: &Remote) -> Step {
    decided(&reader(""), &post(file), Some(remote))
}

fn decided(reader: &Reader, post: &Post, remote: Option<&Remote>) -> Step {
    let ids = &Ids::default();
    decide(Rules { reader, ids }, PATH, post, remote)
}

fn conflict(step: Step) -> String {
    let Step::Conflict { why, .. } = step else {
        panic!("{step:?}")
    };
    why
}

#[test]
fn a_file_nobody_imported_is_created() {
    assert_eq!(decided(&reader(""), &post(OLD), None), Step::Create);
}

#[test]
fn the_same_file_is_left_alone_even_when_its_post_was_edited() {
    assert!(matches!(
        step(OLD, &imported()),
        Step::Unchanged { why: None, .. }
    ));
    let edited = Remote {
        has_unpublished_changes: true,
        ..with(imported(), "body", json!("Otra."))
    };
    assert!(matches!(step(OLD, &edited), Step::Unchanged { .. }));
}

#[test]
fn a_run_that_was_cut_off_before_publishing_is_finished() {
    assert!(matches!(step(OLD, &draft()), Step::Publish { .. }));
    let half_updated = Remote {
        has_unpublished_changes: true,
        ..imported()
    };
    assert!(matches!(step(OLD, &half_updated), Step::Publish { .. }));
}

#[test]
fn a_post_that_somebody_took_back_or_edited_as_a_draft_stays_a_draft() {
    let taken_back = Remote {
        was_moved: true,
        ..draft()
    };
    for remote in [taken_back.clone(), with(draft(), "title", json!("Otro"))] {
        assert!(matches!(
            step(OLD, &remote),
            Step::Unchanged { why: Some(_), .. }
        ));
    }
    let changed = step(&OLD.replace("Hola", "Adiós"), &taken_back);
    assert!(
        matches!(
            changed,
            Step::Update {
                public: Public::Stay,
                ..
            }
        ),
        "{changed:?}"
    );
}

#[test]
fn a_change_of_the_file_alone_is_an_update_of_what_changed() {
    let new = OLD.replace("rating: 4\n", "").replace("[aws]", "[aws, s3]");
    let Step::Update { change, public, .. } = step(&new, &imported()) else {
        panic!()
    };
    assert_eq!(
        Value::Object(change),
        json!({"tags": ["aws", "s3"], "extra": {"rating": null}})
    );
    assert_eq!(
        public,
        Public::Publish(Release {
            at: "2022-10-10T00:00:00.000Z".to_owned(),
            is_to_come: false,
        })
    );
}

#[test]
fn a_file_that_becomes_a_draft_takes_its_post_back() {
    let hidden = step(&OLD.replace("tags", "published: false\ntags"), &imported());
    assert!(matches!(
        hidden,
        Step::Update {
            public: Public::Withdraw,
            ..
        }
    ));
}

#[test]
fn a_change_on_both_sides_is_a_conflict_that_names_what_was_edited() {
    let new = OLD.replace("Hola", "Adiós");
    assert!(conflict(step(&new, &with(imported(), "body", json!("\nHola!\n")))).contains("text"));
    for (name, value) in [
        ("title", json!("Otro")),
        ("tags", json!([])),
        ("excerpt", json!("E")),
        ("extra", json!({"rating": 5})),
    ] {
        let why = conflict(step(&new, &with(imported(), name, value)));
        assert_eq!(
            why,
            format!("edited on the server since the import: {name}")
        );
    }
    conflict(step(
        &new,
        &Remote {
            status: Status::Trashed,
            ..imported()
        },
    ));
}

#[test]
fn a_tag_that_was_renamed_on_the_server_changes_nothing_until_the_file_does() {
    let renamed = with(imported(), "tags", json!(["Amazon"]));
    assert!(matches!(
        step(OLD, &renamed),
        Step::Unchanged { why: None, .. }
    ));
    let changed = OLD.replace("Hola", "Adiós");
    let why = conflict(step(&changed, &renamed));
    assert_eq!(why, "edited on the server since the import: tags");
    let follows = changed.replace("[aws]", "[Amazon]");
    assert!(matches!(step(&follows, &renamed), Step::Update { .. }));
}

#[test]
fn the_same_change_on_both_sides_is_no_conflict() {
    let new = OLD.replace("title: Nube", "title: Nubes");
    assert!(matches!(
        step(&new, &with(imported(), "title", json!("Nubes"))),
        Step::Update { .. }
    ));
}

#[test]
fn members_that_settings_decide_conflict_only_when_they_would_be_written() {
    let edited = with(
        with(imported(), "aliases", json!(["/suya"])),
        "slug",
        json!("suyo"),
    );
    assert!(matches!(
        step(&OLD.replace("Hola", "Adiós"), &edited),
        Step::Update { .. }
    ));
    let moved = OLD.replace("tags", "slug: otro\npermalink: /p/\ntags");
    assert_eq!(
        conflict(step(&moved, &edited)),
        "edited on the server since the import: slug, aliases"
    );
    let numbered = with(imported(), "slug", json!("nube-2"));
    assert!(matches!(
        step(&OLD.replace("tags", "slug: otro\ntags"), &numbered),
        Step::Update { .. }
    ));
}

#[test]
fn another_permalink_of_the_site_is_no_edit() {
    let changed = reader("permalink: pretty\n")
        .read(PATH, OLD.replace("Hola", "Adiós").as_bytes())
        .unwrap();
    let step = decided(&reader("permalink: pretty\n"), &changed, Some(&imported()));
    assert!(matches!(step, Step::Update { change, .. } if change.is_empty()));
}
