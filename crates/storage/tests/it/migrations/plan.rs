use aws_sdk_dynamodb::types::AttributeValue;
use tintero_storage::migrations::Prospect;

use super::stage::{Stage, changed_notes, notes};

#[tokio::test]
async fn the_plan_for_an_empty_database_is_every_step() {
    let stage = Stage::new();
    let plan = stage.migrator("ana").plan().await.unwrap();
    insta::assert_snapshot!(plan);
}

#[tokio::test]
async fn a_plan_changes_nothing() {
    let stage = Stage::new();
    stage.migrator("ana").plan().await.unwrap();
    let tables = stage.client().list_tables().send().await.unwrap();
    assert!(tables.table_names().is_empty());
}

#[tokio::test]
async fn nothing_is_planned_for_a_database_that_is_up_to_date() {
    let stage = Stage::migrated().await;
    let plan = stage.migrator("ana").plan().await.unwrap();
    assert_eq!(plan.to_string(), "Nothing to do.\n");
}

#[tokio::test]
async fn an_index_on_a_table_with_items_is_priced() {
    let stage = Stage::new();
    stage.migrator("ana").with_set(notes()).up().await.unwrap();
    for name in ["a", "b", "c"] {
        put(&stage, name, 1500).await;
    }
    let plan = stage
        .migrator("ana")
        .with_set(changed_notes())
        .plan()
        .await
        .unwrap();
    insta::assert_snapshot!(plan, @r"
    The journal of migrations, and their lock
      create table tintero-schema_migrations (there already)
      switch on deletion protection of table tintero-schema_migrations (there already)
    0002_change: Notes by owner, and a stream of their changes
      add index by_owner (owner_key, created_key) to table tintero-notes (about 3 items, at most 6 write units or $0.01)
      switch on the stream (NEW_AND_OLD_IMAGES) of table tintero-notes
      switch off deletion protection of table tintero-notes
    ");
}

#[tokio::test]
async fn the_plan_shows_where_up_would_stop() {
    let stage = Stage::new();
    stage.migrator("ana").with_set(notes()).up().await.unwrap();
    let client = stage.client();
    let unprotect = client.update_table().table_name("tintero-notes");
    unprotect
        .deletion_protection_enabled(false)
        .send()
        .await
        .unwrap();
    client
        .delete_table()
        .table_name("tintero-notes")
        .send()
        .await
        .unwrap();
    let plan = stage
        .migrator("ana")
        .with_set(changed_notes())
        .plan()
        .await
        .unwrap();
    let steps = &plan.migrations[0].steps;
    assert!(
        steps
            .iter()
            .all(|step| matches!(step.prospect, Prospect::Refused(_)))
    );
}

async fn put(stage: &Stage, name: &str, bytes: usize) {
    let put = stage.client().put_item().table_name("tintero-notes");
    put.item("pk", AttributeValue::S(name.to_owned()))
        .item("sk", AttributeValue::S("META".to_owned()))
        .item("text", AttributeValue::S("x".repeat(bytes)))
        .send()
        .await
        .unwrap();
}
