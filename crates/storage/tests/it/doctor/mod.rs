//! The doctor: findings, repairs, and no findings for consistent tables.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod images;
mod operations;
mod redirects;
mod translations;

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use tintero_domain::{
    posts::{ImportSource, PostPatch, Schedule, Transition, WorkingCopy},
    taxonomy::NewCategory,
};
use tintero_storage::{
    client,
    doctor::{Doctor, DoctorFinding, DoctorRule},
    keys::{self, ItemKey, PublicPartition},
};

use crate::site::{Site, draft, editor, site, slug};

fn doctor(site: &Site) -> Doctor {
    site.doctor()
}

async fn examine(site: &Site) -> BTreeSet<DoctorFinding> {
    doctor(site).examine(|_| {}).await.unwrap().findings
}

fn rules(findings: &BTreeSet<DoctorFinding>) -> Vec<DoctorRule> {
    let rules: BTreeSet<_> = findings.iter().map(|finding| finding.rule).collect();
    rules.into_iter().collect()
}

fn tables(site: &Site) -> Client {
    client::embedded(site.wire.http_client()).workers
}

async fn delete_item(site: &Site, table: &str, key: ItemKey) {
    let delete = tables(site).delete_item().table_name(table);
    let delete = delete.key("pk", AttributeValue::S(key.pk));
    let delete = delete.key("sk", AttributeValue::S(key.sk));
    delete.send().await.unwrap();
}

async fn put_item(site: &Site, table: &str, item: HashMap<String, AttributeValue>) {
    let put = tables(site).put_item().table_name(table);
    put.set_item(Some(item)).send().await.unwrap();
}

async fn get_item(site: &Site, table: &str, key: &ItemKey) -> HashMap<String, AttributeValue> {
    let get = tables(site).get_item().table_name(table);
    let get = get.key("pk", AttributeValue::S(key.pk.clone()));
    let get = get.key("sk", AttributeValue::S(key.sk.clone()));
    get.send().await.unwrap().item.unwrap()
}

async fn set_attribute(site: &Site, table: &str, key: &ItemKey, name: &str, value: AttributeValue) {
    let mut item = get_item(site, table, key).await;
    item.insert(name.to_owned(), value);
    put_item(site, table, item).await;
}

/// Asserts that all findings are about `rule` and `keys`, and that a repair removes them.
async fn assert_repairable(site: &Site, rule: DoctorRule, keys: &[&ItemKey]) {
    let findings = examine(site).await;
    assert_eq!(rules(&findings), [rule], "{findings:?}");
    let found: BTreeSet<_> = findings.iter().map(|finding| &finding.key).collect();
    assert_eq!(found, keys.iter().copied().collect(), "{findings:?}");
    let repair = doctor(site).repair(findings).await.unwrap();
    assert_eq!(repair.left, []);
    assert_eq!(examine(site).await, BTreeSet::new());
}

/// A published post with all kinds of references.
async fn a_full_post(site: &Site) -> WorkingCopy {
    let categories = site.categories.clone();
    let new = NewCategory {
        name: "Nube".parse().unwrap(),
        slug: None,
        parent_id: None,
    };
    let filed = categories.create(&editor(), new).await.unwrap();
    let mut new = draft("Uno");
    new.tags = vec!["aws".parse().unwrap()];
    new.category_ids = vec![filed.category.id];
    new.aliases = vec!["/2020/uno.html".parse().unwrap()];
    new.source = Some(ImportSource {
        import: "blog".to_owned(),
        path: "_posts/uno.md".to_owned(),
        sha256: "0".repeat(64),
    });
    let created = site.posts.create(&editor(), new).await.unwrap();
    site.publish(&created.rendered.copy).await.unwrap()
}

#[tokio::test]
async fn the_whole_life_of_a_post_has_no_findings() {
    let site = site().await;
    let copy = a_full_post(&site).await;
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    let patch = PostPatch {
        slug: Some(slug("dos")),
        tags: Some(vec!["rust".parse().unwrap()]),
        ..PostPatch::default()
    };
    let edited = site.posts.update(&editor(), id, tag, patch).await.unwrap();
    let plan = Schedule {
        publish_at: Some(site.now().after(Duration::from_mins(1))),
        unpublish_at: Some(site.now().after(Duration::from_mins(2))),
    };
    let tag = edited.rendered.copy.post.tag();
    site.posts.schedule(&editor(), id, tag, plan).await.unwrap();
    for _ in 0..4 {
        assert_eq!(examine(&site).await, BTreeSet::new());
        site.clock.forward(40_000);
    }
    site.posts.run_cleanup().await.unwrap();
    assert_eq!(examine(&site).await, BTreeSet::new());
    let found = site.posts.get(&editor(), id).await.unwrap();
    let tag = found.copy.post.tag();
    let trash = Transition::Trash;
    let trashed = site.posts.transition(&editor(), id, tag, trash).await;
    assert_eq!(examine(&site).await, BTreeSet::new());
    let administrator = crate::site::caller(tintero_domain::access::Role::Administrator, 9);
    let tag = trashed.unwrap().rendered.copy.post.tag();
    site.posts.purge(&administrator, id, tag).await.unwrap();
    assert_eq!(examine(&site).await, BTreeSet::new());
    site.posts.run_cleanup().await.unwrap();
    let examination = doctor(&site).examine(|_| {}).await.unwrap();
    assert_eq!(examination.findings, BTreeSet::new());
    assert_eq!((examination.posts, examination.items), (0, 0));
}

#[tokio::test]
async fn names_reserved_by_an_earlier_version_are_released() {
    let site = site().await;
    let copy = site.a_post("Uno").await;
    site.reserve_names(&copy.post).await;
    let claim = keys::claim(&copy.post.content.address);
    assert_repairable(&site, DoctorRule::Claims, &[&claim]).await;
    let kept = site.read(copy.post.state.id).await;
    assert_eq!(kept, copy, "the repair changes only the names");
}

#[tokio::test]
async fn missing_items_are_rewritten() {
    let site = site().await;
    let copy = a_full_post(&site).await;
    let live = copy.post.live().unwrap().clone();
    let id = copy.post.state.id;
    let row = PublicPartition::tag(&live.tags[0]).row(live.published_at, id);
    let category = keys::category_count(live.category_ids[0]);
    for (table, key, rule) in [
        ("t-posts", row, DoctorRule::Rows),
        (
            "t-posts",
            keys::source("blog", "_posts/uno.md"),
            DoctorRule::Names,
        ),
        ("t-taxonomy", category, DoctorRule::Counts),
        ("t-taxonomy", keys::tag_count("aws"), DoctorRule::Counts),
    ] {
        delete_item(&site, table, key).await;
        let findings = examine(&site).await;
        assert!(rules(&findings).contains(&rule), "{rule}: {findings:?}");
        assert!(
            findings.iter().all(DoctorFinding::can_be_repaired),
            "{findings:?}"
        );
        let repair = doctor(&site).repair(findings).await.unwrap();
        assert_eq!(repair.left, []);
        assert_eq!(examine(&site).await, BTreeSet::new(), "{rule}");
    }
}

#[tokio::test]
async fn stray_rows_are_deleted() {
    let site = site().await;
    let copy = a_full_post(&site).await;
    let live = copy.post.live().unwrap().clone();
    let lists = PublicPartition::tag(&"gone".parse().unwrap());
    let stray = lists.row(live.published_at, copy.post.state.id);
    let rows = tables(&site).put_item().table_name("t-posts");
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let rows = rows.item("pk", text(&stray.pk)).item("sk", text(&stray.sk));
    rows.item("et", text("public_row")).send().await.unwrap();
    let findings = examine(&site).await;
    assert_eq!(rules(&findings), [DoctorRule::Strays]);
    assert_eq!(findings.first().unwrap().key, stray);
    let repair = doctor(&site).repair(findings).await.unwrap();
    assert_eq!((repair.repaired, repair.left.len()), (1, 0));
    assert_eq!(examine(&site).await, BTreeSet::new());
}

#[tokio::test]
async fn a_missing_live_copy_needs_a_new_publication() {
    let site = site().await;
    let copy = a_full_post(&site).await;
    delete_item(&site, "t-posts", keys::claim(&copy.post.content.address)).await;
    let findings = examine(&site).await;
    assert!(rules(&findings).contains(&DoctorRule::Claims));
    let repair = doctor(&site).repair(findings).await.unwrap();
    assert!(!repair.left.is_empty());
    let found = site.posts.get(&editor(), copy.post.state.id).await.unwrap();
    site.publish(&found.copy).await.unwrap();
    assert_eq!(examine(&site).await, BTreeSet::new());
}

#[tokio::test]
async fn counters_of_renamed_tags_keep_their_mark_after_a_repair() {
    let site = site().await;
    let copy = a_full_post(&site).await;
    let (from, to) = ("aws".parse().unwrap(), "Amazon".parse().unwrap());
    site.tags.rename(&editor(), &from, &to).await.unwrap();
    assert_eq!(
        examine(&site).await,
        BTreeSet::new(),
        "during the relocation"
    );
    delete_item(&site, "t-taxonomy", keys::tag_count("aws")).await;
    let findings = examine(&site).await;
    assert_eq!(rules(&findings), [DoctorRule::Counts, DoctorRule::Aliases]);
    let repair = doctor(&site).repair(findings).await.unwrap();
    assert_eq!(repair.left, []);
    assert_eq!(examine(&site).await, BTreeSet::new());
    // The mark rejects writers that do not know the new name.
    let counter = get_item(&site, "t-taxonomy", &keys::tag_count("aws")).await;
    assert_eq!(counter["retired"], AttributeValue::Bool(true));
    site.clock.forward(11_000);
    while site.runner().poll().await.unwrap().worked {
        site.clock.forward(11_000);
    }
    assert_eq!(
        examine(&site).await,
        BTreeSet::new(),
        "after the relocation"
    );
    let live = site.posts.get_live(&editor(), copy.post.state.id).await;
    assert_eq!(live.unwrap().summary.tags, [to]);
    delete_item(&site, "t-taxonomy", keys::tag_tombstone("aws")).await;
    let findings = examine(&site).await;
    assert_eq!(rules(&findings), [DoctorRule::Aliases]);
    doctor(&site).repair(findings).await.unwrap();
    assert_eq!(examine(&site).await, BTreeSet::new());
}
