use aws_sdk_dynamodb::{
    Client,
    types::{
        DeleteGlobalSecondaryIndexAction, GlobalSecondaryIndexUpdate, TimeToLiveSpecification,
    },
};

use super::stage::{Stage, changed_notes, delete_table, notes, unprotect};

#[tokio::test]
async fn verify_finds_missing_tables_indexes_and_settings() {
    let stage = Stage::migrated().await;
    let client = stage.client();
    unprotect(&client, "tintero-images").await;
    delete_table(&client, "tintero-images").await;
    unprotect(&client, "tintero-audit").await;
    drop_index(&client, "tintero-posts", "by_owner").await;
    stop_expiry(&client, "tintero-tokens").await;
    let verification = stage.migrator("ana").verify().await.unwrap();
    assert!(!verification.is_clean());
    insta::assert_snapshot!(verification);
}

#[tokio::test]
async fn verify_finds_undeclared_indexes() {
    let stage = Stage::new();
    let migrator = stage.migrator("ana").with_set(changed_notes());
    migrator.up().await.unwrap();
    let migrator = migrator.with_set(notes());
    let verification = migrator.verify().await.unwrap();
    insta::assert_snapshot!(verification, @r"
    tintero-notes: stream must be off but is NEW_AND_OLD_IMAGES
    tintero-notes: deletion protection must be on but is off
    tintero-notes: index by_owner must be absent but is owner_key (S), created_key (S), projection ALL
    tintero-notes: point-in-time recovery must be on but is not supported by this engine
    ");
}

#[tokio::test]
async fn verify_finds_every_table_of_an_empty_database() {
    let stage = Stage::new();
    let verification = stage.migrator("ana").verify().await.unwrap();
    assert_eq!(verification.differences.len(), 10, "{verification}");
}

async fn drop_index(client: &Client, table: &str, index: &str) {
    let delete = DeleteGlobalSecondaryIndexAction::builder()
        .index_name(index)
        .build()
        .unwrap();
    let update = GlobalSecondaryIndexUpdate::builder().delete(delete).build();
    let change = client.update_table().table_name(table);
    change
        .global_secondary_index_updates(update)
        .send()
        .await
        .unwrap();
    // A server deletes the index in the background.
    while has_index(client, table, index).await {
        tokio::task::yield_now().await;
    }
}

async fn has_index(client: &Client, table: &str, index: &str) -> bool {
    let answer = client.describe_table().table_name(table).send().await;
    let described = answer.unwrap().table.unwrap();
    let mut indexes = described.global_secondary_indexes().iter();
    indexes.any(|described| described.index_name() == Some(index))
}

async fn stop_expiry(client: &Client, table: &str) {
    let off = TimeToLiveSpecification::builder()
        .enabled(false)
        .attribute_name("expires_at")
        .build()
        .unwrap();
    let change = client.update_time_to_live().table_name(table);
    change.time_to_live_specification(off).send().await.unwrap();
}
