use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;
use tintero_markdown::jekyll::site::SiteConfig;

use super::*;
use crate::post::{ImportSettings, SiteContents};

const PATH: &str = "_posts/2022-10-10-nube.md";
const OLD: &str = "---\ntitle: Nube\ntags: [aws]\nrating: 4\nsubtitle:\n---\n\nHola.\n";

fn reader(config: &str) -> PostFileReader {
    PostFileReader::new(ImportSettings {
        site: SiteConfig::read(config.as_bytes()).unwrap().0,
        zone: TimeZone::UTC,
        locale: None,
        now: "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap(),
        contents: SiteContents::default(),
    })
}

fn post(file: &str) -> ParsedPost {
    reader("").read(PATH, file.as_bytes()).unwrap()
}

/// The published post that an import of `OLD` created.
fn imported() -> RemotePost {
    let base = post(OLD);
    let (head, body) = OLD.split_at(OLD.find("\n\nHola").unwrap() + 1);
    let mut members = base.content.members();
    members.insert("locale".to_owned(), json!("es"));
    members.insert("body".to_owned(), json!(body));
    members.insert(
        "source".to_owned(),
        json!({"sha256": base.sha256, "front_matter": head}),
    );
    RemotePost {
        handle: PostHandle {
            id: "id".to_owned(),
            etag: "\"2.1\"".to_owned(),
            slug: "nube".to_owned(),
        },
        status: RemoteStatus::Published,
        has_unpublished_changes: false,
        had_transition: true,
        was_edited: false,
        members,
    }
}

fn draft() -> RemotePost {
    RemotePost {
        status: RemoteStatus::Draft,
        had_transition: false,
        ..imported()
    }
}

fn with(mut remote: RemotePost, name: &str, value: Value) -> RemotePost {
    remote.members.insert(name.to_owned(), value);
    remote
}

fn decision(file: &str, remote: &RemotePost) -> PostDecision {
    decided(&reader(""), &post(file), Some(remote))
}

fn decided(
    reader: &PostFileReader,
    post: &ParsedPost,
    remote: Option<&RemotePost>,
) -> PostDecision {
    let ids = &RemoteIds::default();
    decide(reader, ids, PATH, post, remote)
}

fn conflict(decision: PostDecision) -> String {
    let PostDecision::Conflict { why, .. } = decision else {
        panic!("{decision:?}")
    };
    why
}

#[test]
fn a_new_file_is_created() {
    assert_eq!(decided(&reader(""), &post(OLD), None), PostDecision::Create);
}

#[test]
fn an_unchanged_file_leaves_its_post_unchanged_even_if_edited() {
    assert!(matches!(
        decision(OLD, &imported()),
        PostDecision::Unchanged { why: None, .. }
    ));
    let edited = RemotePost {
        has_unpublished_changes: true,
        ..with(imported(), "body", json!("Otra."))
    };
    assert!(matches!(
        decision(OLD, &edited),
        PostDecision::Unchanged { .. }
    ));
}

#[test]
fn a_post_that_an_earlier_run_did_not_publish_is_published() {
    assert!(matches!(
        decision(OLD, &draft()),
        PostDecision::Publish { .. }
    ));
    let half_updated = RemotePost {
        has_unpublished_changes: true,
        ..imported()
    };
    assert!(matches!(
        decision(OLD, &half_updated),
        PostDecision::Publish { .. }
    ));
}

#[test]
fn an_unpublished_post_and_an_edited_draft_stay_drafts() {
    let unpublished = RemotePost {
        had_transition: true,
        ..draft()
    };
    for remote in [unpublished.clone(), with(draft(), "title", json!("Otro"))] {
        assert!(matches!(
            decision(OLD, &remote),
            PostDecision::Unchanged { why: Some(_), .. }
        ));
    }
    let changed = decision(&OLD.replace("Hola", "Adiós"), &unpublished);
    assert!(
        matches!(
            changed,
            PostDecision::Update {
                visibility: VisibilityChange::Keep,
                ..
            }
        ),
        "{changed:?}"
    );
}

#[test]
fn a_change_of_the_file_updates_only_the_changed_members() {
    let new = OLD.replace("rating: 4\n", "").replace("[aws]", "[aws, s3]");
    let PostDecision::Update {
        change, visibility, ..
    } = decision(&new, &imported())
    else {
        panic!()
    };
    assert_eq!(
        Value::Object(change),
        json!({"tags": ["aws", "s3"], "extra": {"rating": null}})
    );
    assert_eq!(
        visibility,
        VisibilityChange::Publish(PublicationTime {
            at: "2022-10-10T00:00:00.000Z".to_owned(),
            is_future: false,
        })
    );
}

#[test]
fn a_file_that_becomes_a_draft_unpublishes_its_post() {
    let hidden = decision(&OLD.replace("tags", "published: false\ntags"), &imported());
    assert!(matches!(
        hidden,
        PostDecision::Update {
            visibility: VisibilityChange::Unpublish,
            ..
        }
    ));
}

#[test]
fn a_change_on_both_sides_is_a_conflict_that_names_the_edited_members() {
    let new = OLD.replace("Hola", "Adiós");
    assert!(
        conflict(decision(
            &new,
            &with(imported(), "body", json!("\nHola!\n"))
        ))
        .contains("text")
    );
    for (name, value) in [
        ("title", json!("Otro")),
        ("tags", json!([])),
        ("excerpt", json!("E")),
        ("extra", json!({"rating": 5})),
    ] {
        let why = conflict(decision(&new, &with(imported(), name, value)));
        assert_eq!(
            why,
            format!("edited on the server since the import: {name}")
        );
    }
    conflict(decision(
        &new,
        &RemotePost {
            status: RemoteStatus::Trashed,
            ..imported()
        },
    ));
}

#[test]
fn a_tag_renamed_on_the_server_matters_only_when_the_file_changes() {
    let renamed = with(imported(), "tags", json!(["Amazon"]));
    assert!(matches!(
        decision(OLD, &renamed),
        PostDecision::Unchanged { why: None, .. }
    ));
    let changed = OLD.replace("Hola", "Adiós");
    let why = conflict(decision(&changed, &renamed));
    assert_eq!(why, "edited on the server since the import: tags");
    let follows = changed.replace("[aws]", "[Amazon]");
    assert!(matches!(
        decision(&follows, &renamed),
        PostDecision::Update { .. }
    ));
}

#[test]
fn the_same_change_on_both_sides_is_not_a_conflict() {
    let new = OLD.replace("title: Nube", "title: Nubes");
    assert!(matches!(
        decision(&new, &with(imported(), "title", json!("Nubes"))),
        PostDecision::Update { .. }
    ));
}

#[test]
fn derived_members_conflict_only_if_they_would_be_overwritten() {
    let edited = with(
        with(imported(), "aliases", json!(["/suya"])),
        "slug",
        json!("suyo"),
    );
    assert!(matches!(
        decision(&OLD.replace("Hola", "Adiós"), &edited),
        PostDecision::Update { .. }
    ));
    let moved = OLD.replace("tags", "slug: otro\npermalink: /p/\ntags");
    assert_eq!(
        conflict(decision(&moved, &edited)),
        "edited on the server since the import: slug, aliases"
    );
    let numbered = with(imported(), "slug", json!("nube-2"));
    assert!(matches!(
        decision(&OLD.replace("tags", "slug: otro\ntags"), &numbered),
        PostDecision::Update { .. }
    ));
}

#[test]
fn another_permalink_of_the_site_is_not_an_edit() {
    let changed = reader("permalink: pretty\n")
        .read(PATH, OLD.replace("Hola", "Adiós").as_bytes())
        .unwrap();
    let decision = decided(&reader("permalink: pretty\n"), &changed, Some(&imported()));
    assert!(matches!(decision, PostDecision::Update { change, .. } if change.is_empty()));
}
