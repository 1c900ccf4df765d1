use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};
use tintero_markdown::jekyll::site::SiteConfig;

use super::*;
use crate::post::{ImportSettings, SiteContents};
use crate::rules::SiteRules;

const PATH: &str = "_posts/2022-10-10-nube.md";
const OLD: &str = "---\ntitle: Nube\ntags: [aws]\nrating: 4\nsubtitle:\n---\n\nHola.\n";

fn reader(config: &str) -> PostFileReader {
    PostFileReader::new(ImportSettings {
        rules: SiteRules::Jekyll,
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

/// The name of the decision about a changed or unchanged file.
fn action(file: &str, remote: &RemotePost) -> &'static str {
    match decision(file, remote) {
        PostDecision::Create => "create",
        PostDecision::Update { .. } => "update",
        PostDecision::Complete { .. } => "complete",
        PostDecision::Publish { .. } => "publish",
        PostDecision::Unchanged { why: None, .. } => "unchanged",
        PostDecision::Unchanged { .. } => "unchanged for a reason",
        PostDecision::Conflict { .. } => "conflict",
    }
}

fn conflict(file: &str, remote: &RemotePost) -> String {
    match decision(file, remote) {
        PostDecision::Conflict { why, .. } => why,
        other => panic!("{other:?}"),
    }
}

fn visibility_change(file: &str, remote: &RemotePost) -> VisibilityChange {
    match decision(file, remote) {
        PostDecision::Update { visibility, .. } => visibility,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_new_file_is_created() {
    let created = decided(&reader(""), &post(OLD), None);
    assert_eq!(created, PostDecision::Create);
}

#[test]
fn an_unchanged_file_leaves_its_post_unchanged_even_if_edited() {
    assert_eq!(action(OLD, &imported()), "unchanged");
    let edited = RemotePost {
        has_unpublished_changes: true,
        ..with(imported(), "body", json!("Otra."))
    };
    assert_eq!(action(OLD, &edited), "unchanged");
}

#[test]
fn a_post_that_an_earlier_run_did_not_publish_is_published() {
    let half_updated = RemotePost {
        has_unpublished_changes: true,
        ..imported()
    };
    for remote in [draft(), half_updated] {
        assert_eq!(action(OLD, &remote), "publish");
    }
}

#[test]
fn an_unpublished_post_and_an_edited_draft_stay_drafts() {
    let unpublished = RemotePost {
        had_transition: true,
        ..draft()
    };
    let edited = with(draft(), "title", json!("Otro"));
    for remote in [&unpublished, &edited] {
        assert_eq!(action(OLD, remote), "unchanged for a reason");
    }
    let changed = OLD.replace("Hola", "Adiós");
    let visibility = visibility_change(&changed, &unpublished);
    assert_eq!(visibility, VisibilityChange::Keep);
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
    let time = PublicationTime {
        at: "2022-10-10T00:00:00.000Z".to_owned(),
        is_future: false,
    };
    assert_eq!(visibility, VisibilityChange::Publish(time));
}

#[test]
fn a_file_that_becomes_a_draft_unpublishes_its_post() {
    let hidden = OLD.replace("tags", "published: false\ntags");
    let visibility = visibility_change(&hidden, &imported());
    assert_eq!(visibility, VisibilityChange::Unpublish);
}

#[test]
fn a_change_on_both_sides_is_a_conflict_that_names_the_edited_members() {
    let new = OLD.replace("Hola", "Adiós");
    let edited_text = with(imported(), "body", json!("\nHola!\n"));
    assert!(conflict(&new, &edited_text).contains("text"));
    for (name, value) in [
        ("title", json!("Otro")),
        ("tags", json!([])),
        ("excerpt", json!("E")),
        ("extra", json!({"rating": 5})),
    ] {
        let why = conflict(&new, &with(imported(), name, value));
        let expected = format!("edited on the server since the import: {name}");
        assert_eq!(why, expected);
    }
    let trashed = RemotePost {
        status: RemoteStatus::Trashed,
        ..imported()
    };
    assert_eq!(action(&new, &trashed), "conflict");
}

#[test]
fn a_tag_renamed_on_the_server_matters_only_when_the_file_changes() {
    let renamed = with(imported(), "tags", json!(["Amazon"]));
    assert_eq!(action(OLD, &renamed), "unchanged");
    let changed = OLD.replace("Hola", "Adiós");
    let why = conflict(&changed, &renamed);
    assert_eq!(why, "edited on the server since the import: tags");
    let renamed_too = changed.replace("[aws]", "[Amazon]");
    assert_eq!(action(&renamed_too, &renamed), "update");
}

#[test]
fn an_import_without_excerpts_is_not_an_edit() {
    let mut earlier = imported();
    earlier.members.remove("excerpt");
    assert_eq!(action(OLD, &earlier), "complete");
    assert_eq!(action(&OLD.replace("Hola", "Adiós"), &earlier), "update");
    let edited = with(imported(), "excerpt", json!("Otro"));
    assert_eq!(
        conflict(&OLD.replace("Hola", "Adiós"), &edited),
        "edited on the server since the import: excerpt"
    );
}

#[test]
fn the_same_change_on_both_sides_is_not_a_conflict() {
    let new = OLD.replace("title: Nube", "title: Nubes");
    let edited = with(imported(), "title", json!("Nubes"));
    assert_eq!(action(&new, &edited), "update");
}

#[test]
fn derived_members_conflict_only_if_they_would_be_overwritten() {
    let edited = with(imported(), "aliases", json!(["/suya"]));
    let edited = with(edited, "slug", json!("suyo"));
    assert_eq!(action(&OLD.replace("Hola", "Adiós"), &edited), "update");
    let moved = OLD.replace("tags", "slug: otro\npermalink: /p/\ntags");
    let why = conflict(&moved, &edited);
    assert_eq!(why, "edited on the server since the import: slug, aliases");
    let numbered = with(imported(), "slug", json!("nube-2"));
    let renamed = OLD.replace("tags", "slug: otro\ntags");
    assert_eq!(action(&renamed, &numbered), "update");
}

#[test]
fn another_permalink_of_the_site_is_not_an_edit() {
    let reader = reader("permalink: pretty\n");
    let file = format!("{OLD}\n\nMás.\n");
    let changed = reader.read(PATH, file.as_bytes()).unwrap();
    let decision = decided(&reader, &changed, Some(&imported()));
    assert!(matches!(decision, PostDecision::Update { change, .. } if change.is_empty()));
}
