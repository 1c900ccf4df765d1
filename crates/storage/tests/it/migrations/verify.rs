use aws_sdk_dynamodb::{
    Client,
    types::{
        DeleteGlobalSecondaryIndexAction, GlobalSecondaryIndexUpdate, TimeToLiveSpecification,
    },
};

use super::stage::Stage;

#[tokio::test]
async fn missing_tables_indexes_and_settings_are_found() {
    let stage = Stage::migrated().await;
    let client = stage.client();
    unprotect(&client, "tintero-images").await;
    client
        .delete_table()
        .table_name("tintero-images")
        .send()
        .await
        .unwrap();
    unprotect(&client, "tintero-audit").await;
    drop_index(&client, "tintero-posts", "by_owner").await;
    stop_expiry(&client, "tintero-tokens").await;
    let verification = stage.migrator("ana").verify().await.unwrap();
    assert!(!verification.is_clean());
    insta::assert_snapshot!(verification);
}

#[tokio::test]
async fn indexes_that_nobody_declared_are_found() {
    let stage = Stage::new();
    stage
        .migrator("ana")
        .with_set(super::stage::changed_notes())
        .up()
        .await
        .unwrap();
    let verification = stage
        .migrator("ana")
        .with_set(super::stage::notes())
        .verify()
        .await
        .unwrap();
    insta::assert_snapshot!(verification, @r"
    tintero-notes: stream should be off but is NEW_AND_OLD_IMAGES
    tintero-notes: deletion protection should be on but is off
    tintero-notes: index by_owner should be absent but is owner_key (S), created_key (S), projection ALL
    tintero-notes: point-in-time recovery should be on but is not supported by this engine
    ");
}

#[tokio::test]
async fn nothing_of_an_empty_database_is_as_declared() {
    let stage = Stage::new();
    let verification = stage.migrator("ana").verify().await.unwrap();
    assert_eq!(verification.differences.len(), 9, "{verification}");
}

async fn unprotect(client: &Client, table: &str) {
    let change = client.update_table().table_name(table);
    change
        .deletion_protection_enabled(false)
        .send()
        .await
        .unwrap();
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
    // A server takes its time, and shows the index until it is gone.
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
