use tintero_storage::migrations::{MigrationError, MigrationSet, MigrationState};

use super::stage::{CHANGE, NOTES, Stage, changed_notes, notes};

#[tokio::test]
async fn check_fails_on_an_empty_database() {
    let stage = Stage::new();
    let error = stage.migrator("ana").check().await.unwrap_err();
    insta::assert_snapshot!(error, @r"the database lacks 0001_posts, 0002_taxonomy_and_images, 0003_identity_and_tokens, 0004_idempotency_and_audit, 0005_operations, 0006_users_and_audit; run `tintero migrate up`");
}

#[tokio::test]
async fn check_of_a_migrated_database_sends_one_query() {
    let stage = Stage::migrated().await;
    let _ = stage.wire.measure();
    stage.migrator("ana").check().await.unwrap();
    assert_eq!(stage.wire.measure().operations, ["Query"]);
}

#[tokio::test]
async fn check_and_up_fail_on_a_database_of_a_newer_binary() {
    let stage = Stage::new();
    let newer = stage.migrator("ana").with_set(changed_notes());
    newer.up().await.unwrap();
    let older = newer.with_set(notes());
    let error = older.check().await.unwrap_err();
    assert!(matches!(&error, MigrationError::Ahead { unknown, .. } if unknown == &["0002_change"]));
    assert!(error.to_string().contains("use the newer binary"));
    assert!(matches!(
        older.up().await,
        Err(MigrationError::Ahead { .. })
    ));
    let states: Vec<_> = older
        .status()
        .await
        .unwrap()
        .iter()
        .map(|status| status.state)
        .collect();
    assert_eq!(states, [MigrationState::Done, MigrationState::Unknown]);
}

#[tokio::test]
async fn check_up_and_plan_fail_on_an_edited_file() {
    let stage = Stage::new();
    stage.migrator("ana").with_set(notes()).up().await.unwrap();
    let edited = NOTES.replace("by_state", "by_status");
    let set = MigrationSet::parse([
        ("0001_notes.toml", edited.as_str()),
        ("0002_change.toml", CHANGE),
    ]);
    let migrator = stage.migrator("ana").with_set(set.unwrap());
    let error = migrator.check().await.unwrap_err();
    insta::assert_snapshot!(error, @r"migration 0001_notes was changed after it was applied (journal 91555493746a79654bd379ef40f7b57519a10aaa0c9fb7a48d18c5b85b86ed50, file e8a30241a73d520fbd10502a68222e27e738485959ea3fca4971fb3903fda6be); restore the file and put the change into a new migration");
    assert!(matches!(
        migrator.up().await,
        Err(MigrationError::Drift { .. })
    ));
    assert!(matches!(
        migrator.plan().await,
        Err(MigrationError::Drift { .. })
    ));
    assert_eq!(
        migrator.status().await.unwrap()[0].state,
        MigrationState::Drifted
    );
}

#[tokio::test]
async fn an_invalid_journal_entry_is_named() {
    let stage = Stage::migrated().await;
    let update = stage
        .client()
        .update_item()
        .table_name("tintero-schema_migrations");
    let key = |text: &str| aws_sdk_dynamodb::types::AttributeValue::S(text.to_owned());
    update
        .key("pk", key("JOURNAL"))
        .key("sk", key("0002"))
        .update_expression("SET progress = :nonsense")
        .expression_attribute_values(":nonsense", key("half"))
        .send()
        .await
        .unwrap();
    let error = stage.migrator("ana").status().await.unwrap_err();
    assert!(
        matches!(&error, MigrationError::Journal { entry, .. } if entry == "0002"),
        "{error}"
    );
}
