//! Whether the doctor sees what is broken, mends what can be mended, and finds nothing where
//! nothing is.

#![expect(clippy::unwrap_used, reason = "a step that fails fails its test")]

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
    categories::NewCategory,
    posts::{Plan, PostPatch, Source, Transition, WorkingCopy},
};
use tintero_storage::{
    client,
    doctor::{Doctor, Finding, Rule},
    keys::{self, Key, PublicPartition},
};

use crate::site::{Site, draft, editor, site, slug};

fn doctor(site: &Site) -> Doctor {
    Doctor::new(site.dynamo.clone(), site.clock.clone(), site.ids.clone())
}

async fn examined(site: &Site) -> BTreeSet<Finding> {
    doctor(site).examine(|_| {}).await.unwrap().findings
}

fn rules(findings: &BTreeSet<Finding>) -> Vec<Rule> {
    let rules: BTreeSet<_> = findings.iter().map(|finding| finding.rule).collect();
    rules.into_iter().collect()
}

fn tables(site: &Site) -> Client {
    client::embedded(site.wire.http_client()).requests
}

async fn lose(site: &Site, table: &str, key: Key) {
    let delete = tables(site).delete_item().table_name(table);
    let delete = delete.key("pk", AttributeValue::S(key.pk));
    let delete = delete.key("sk", AttributeValue::S(key.sk));
    delete.send().await.unwrap();
}

/// Writes an item as it is, behind everybody's back.
async fn write(site: &Site, table: &str, item: HashMap<String, AttributeValue>) {
    let put = tables(site).put_item().table_name(table);
    put.set_item(Some(item)).send().await.unwrap();
}

async fn item(site: &Site, table: &str, key: &Key) -> HashMap<String, AttributeValue> {
    let get = tables(site).get_item().table_name(table);
    let get = get.key("pk", AttributeValue::S(key.pk.clone()));
    let get = get.key("sk", AttributeValue::S(key.sk.clone()));
    get.send().await.unwrap().item.unwrap()
}

/// Changes one attribute of an item.
async fn spoil(site: &Site, table: &str, key: &Key, name: &str, value: AttributeValue) {
    let mut item = item(site, table, key).await;
    item.insert(name.to_owned(), value);
    write(site, table, item).await;
}

/// Fails unless what is found is about one rule and these places, and a repair leaves nothing of it.
async fn require_cured(site: &Site, rule: Rule, places: &[&Key]) {
    let findings = examined(site).await;
    assert_eq!(rules(&findings), [rule], "{findings:?}");
    let found: BTreeSet<_> = findings.iter().map(|finding| &finding.place).collect();
    assert_eq!(found, places.iter().copied().collect(), "{findings:?}");
    let repair = doctor(site).repair(findings).await.unwrap();
    assert_eq!(repair.left, []);
    assert_eq!(examined(site).await, BTreeSet::new());
}

/// A published post with everything that a post can have.
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
    new.source = Some(Source {
        import: "blog".to_owned(),
        path: "_posts/uno.md".to_owned(),
        sha256: "0".repeat(64),
    });
    let created = site.posts.create(&editor(), new).await.unwrap();
    site.publish(&created.shown.copy).await.unwrap()
}

#[tokio::test]
async fn a_site_in_order_has_no_findings_whatever_its_posts_went_through() {
    let site = site().await;
    let copy = a_full_post(&site).await;
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
    let patch = PostPatch {
        slug: Some(slug("dos")),
        tags: Some(vec!["rust".parse().unwrap()]),
        ..PostPatch::default()
    };
    let edited = site.posts.update(&editor(), id, tag, patch).await.unwrap();
    let plan = Plan {
        publish_at: Some(site.now().after(Duration::from_mins(1))),
        unpublish_at: Some(site.now().after(Duration::from_mins(2))),
    };
    let tag = edited.shown.copy.post.tag();
    site.posts.schedule(&editor(), id, tag, plan).await.unwrap();
    for _ in 0..4 {
        assert_eq!(examined(&site).await, BTreeSet::new());
        site.clock.forward(40_000);
    }
    site.posts.keep_house().await.unwrap();
    assert_eq!(examined(&site).await, BTreeSet::new());
    let found = site.posts.get(&editor(), id).await.unwrap();
    let tag = found.copy.post.tag();
    let trash = Transition::Trash;
    let trashed = site.posts.transition(&editor(), id, tag, trash).await;
    assert_eq!(examined(&site).await, BTreeSet::new());
    let administrator = crate::site::caller(tintero_domain::access::Role::Administrator, 9);
    let tag = trashed.unwrap().shown.copy.post.tag();
    site.posts.purge(&administrator, id, tag).await.unwrap();
    assert_eq!(examined(&site).await, BTreeSet::new());
    site.posts.keep_house().await.unwrap();
    let examination = doctor(&site).examine(|_| {}).await.unwrap();
    assert_eq!(examination.findings, BTreeSet::new());
    assert_eq!((examination.posts, examination.items), (0, 0));
}

#[tokio::test]
async fn what_is_lost_is_found_and_written_again() {
    let site = site().await;
    let copy = a_full_post(&site).await;
    let live = copy.post.live().unwrap().clone();
    let id = copy.post.standing.id;
    let row = PublicPartition::tag(&live.tags[0]).row(live.published_at, id);
    let category = keys::category_count(live.category_ids[0]);
    for (table, key, rule) in [
        ("t-posts", row, Rule::Rows),
        (
            "t-posts",
            keys::source("blog", "_posts/uno.md"),
            Rule::Names,
        ),
        ("t-taxonomy", category, Rule::Counts),
        ("t-taxonomy", keys::tag_count("aws"), Rule::Counts),
    ] {
        lose(&site, table, key).await;
        let findings = examined(&site).await;
        assert!(rules(&findings).contains(&rule), "{rule}: {findings:?}");
        assert!(
            findings.iter().all(Finding::can_be_repaired),
            "{findings:?}"
        );
        let repair = doctor(&site).repair(findings).await.unwrap();
        assert_eq!(repair.left, []);
        assert_eq!(examined(&site).await, BTreeSet::new(), "{rule}");
    }
}

#[tokio::test]
async fn what_nobody_refers_to_is_removed_once_it_is_old_enough() {
    let site = site().await;
    let copy = a_full_post(&site).await;
    let live = copy.post.live().unwrap().clone();
    let lists = PublicPartition::tag(&"gone".parse().unwrap());
    let stray = lists.row(live.published_at, copy.post.standing.id);
    let rows = tables(&site).put_item().table_name("t-posts");
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let rows = rows.item("pk", text(&stray.pk)).item("sk", text(&stray.sk));
    rows.item("et", text("public_row")).send().await.unwrap();
    let findings = examined(&site).await;
    assert_eq!(rules(&findings), [Rule::Strays]);
    assert_eq!(findings.first().unwrap().place, stray);
    let repair = doctor(&site).repair(findings).await.unwrap();
    assert_eq!((repair.repaired, repair.left.len()), (1, 0));
    assert_eq!(examined(&site).await, BTreeSet::new());
}

#[tokio::test]
async fn a_lost_live_copy_is_told_and_not_invented() {
    let site = site().await;
    let copy = a_full_post(&site).await;
    lose(&site, "t-posts", keys::claim(&copy.post.content.address)).await;
    let findings = examined(&site).await;
    assert!(rules(&findings).contains(&Rule::Claims));
    let repair = doctor(&site).repair(findings).await.unwrap();
    assert!(!repair.left.is_empty());
    let found = site
        .posts
        .get(&editor(), copy.post.standing.id)
        .await
        .unwrap();
    site.publish(&found.copy).await.unwrap();
    assert_eq!(examined(&site).await, BTreeSet::new());
}

#[tokio::test]
async fn counters_say_which_tags_went_also_after_a_repair() {
    let site = site().await;
    let copy = a_full_post(&site).await;
    let (from, to) = ("aws".parse().unwrap(), "Amazon".parse().unwrap());
    site.tags.rename(&editor(), &from, &to).await.unwrap();
    assert_eq!(
        examined(&site).await,
        BTreeSet::new(),
        "while its posts move"
    );
    lose(&site, "t-taxonomy", keys::tag_count("aws")).await;
    let findings = examined(&site).await;
    assert_eq!(rules(&findings), [Rule::Counts, Rule::Aliases]);
    let repair = doctor(&site).repair(findings).await.unwrap();
    assert_eq!(repair.left, []);
    assert_eq!(examined(&site).await, BTreeSet::new());
    // The mark is what keeps out those who do not know yet.
    let counter = item(&site, "t-taxonomy", &keys::tag_count("aws")).await;
    assert_eq!(counter["retired"], AttributeValue::Bool(true));
    site.clock.forward(11_000);
    while site.runner().round().await.unwrap().worked {
        site.clock.forward(11_000);
    }
    assert_eq!(examined(&site).await, BTreeSet::new(), "once they moved");
    let live = site.posts.get_live(&editor(), copy.post.standing.id).await;
    assert_eq!(live.unwrap().summary.tags, [to]);
    lose(&site, "t-taxonomy", keys::retired_tag("aws")).await;
    let findings = examined(&site).await;
    assert_eq!(rules(&findings), [Rule::Aliases]);
    doctor(&site).repair(findings).await.unwrap();
    assert_eq!(examined(&site).await, BTreeSet::new());
}
