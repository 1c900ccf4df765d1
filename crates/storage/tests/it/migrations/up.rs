use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use tintero_embedded::faults::FaultAction;
use tintero_storage::migrations::{MigrationError, MigrationState, StepOutcome};

use super::stage::{Stage, changed_notes, delete_table, notes, unprotect};

#[tokio::test]
async fn up_creates_every_table_as_declared() {
    let stage = Stage::new();
    let migrator = stage.migrator("ana@laptop");
    let report = migrator.up().await.unwrap();
    insta::assert_snapshot!(report);
    assert!(migrator.verify().await.unwrap().is_clean());
    insta::assert_yaml_snapshot!(migrator.status().await.unwrap()[0]);
}

#[tokio::test]
async fn a_second_up_only_reads_the_journal() {
    let stage = Stage::migrated().await;
    let _ = stage.wire.measure();
    let report = stage.migrator("ben").up().await.unwrap();
    assert!(report.applied.is_empty());
    assert_eq!(stage.wire.measure().operations, ["Query"]);
}

#[tokio::test]
async fn a_later_file_alters_an_earlier_table() {
    let stage = Stage::new();
    stage.migrator("ana").with_set(notes()).up().await.unwrap();
    let migrator = stage.migrator("ana").with_set(changed_notes());
    let report = migrator.up().await.unwrap();
    insta::assert_snapshot!(report, @r"
    0002_change: Notes by owner, and a stream of their changes
      add index by_owner (owner_key, created_key) to table tintero-notes
      set stream of table tintero-notes to NEW_AND_OLD_IMAGES
      set deletion protection of table tintero-notes to off
    ");
    assert!(migrator.verify().await.unwrap().is_clean());
}

#[tokio::test]
async fn unsupported_steps_are_skipped_and_reported() {
    let stage = Stage::new();
    let migrator = stage.migrator("ana").with_set(notes());
    let report = migrator.up().await.unwrap();
    let left_out: Vec<_> = report.applied[0]
        .steps
        .iter()
        .filter(|taken| taken.outcome == StepOutcome::NotSupported)
        .map(|taken| taken.step.as_str())
        .collect();
    assert_eq!(
        left_out,
        ["set point-in-time recovery of table tintero-notes to on"]
    );
    let entry = migrator.status().await.unwrap()[0].entry.clone().unwrap();
    assert_eq!(entry.not_supported, left_out);
    let verification = migrator.verify().await.unwrap();
    insta::assert_snapshot!(verification, @r"
    Every table is as declared.
    tintero-notes: point-in-time recovery must be on but is not supported by this engine
    ");
}

#[tokio::test]
async fn a_different_existing_table_stops_the_run_with_an_error_in_the_journal() {
    let stage = Stage::new();
    create_different_table(&stage, "tintero-notes").await;
    let migrator = stage.migrator("ana").with_set(notes());
    let error = migrator.up().await.unwrap_err();
    insta::assert_snapshot!(error, @r"cannot create table tintero-notes with indexes by_state: tintero-notes: key must be pk (S), sk (S) but is id (N); tintero-notes: index by_state must be state_key (S), created_key (S), projection ALL but is missing; change the table as declared, or delete it, and run `tintero migrate up` again");
    let status = migrator.status().await.unwrap().remove(0);
    assert_eq!(status.state, MigrationState::Failed);
    assert_eq!(status.entry.unwrap().error.unwrap(), error.to_string());

    delete_table(&stage.client(), "tintero-notes").await;
    migrator.up().await.unwrap();
    assert!(migrator.verify().await.unwrap().is_clean());
}

#[tokio::test]
async fn tables_that_were_created_with_the_indexes_of_later_files_are_accepted() {
    let stage = Stage::migrated().await;
    let journal = "tintero-schema_migrations";
    unprotect(&stage.client(), journal).await;
    delete_table(&stage.client(), journal).await;
    let migrator = stage.migrator("ana");
    let report = migrator.up().await.unwrap();
    let steps = report.applied.iter().flat_map(|applied| &applied.steps);
    let requested: Vec<_> = steps
        .filter(|taken| taken.outcome == StepOutcome::Done)
        .collect();
    assert!(requested.is_empty(), "{requested:?}");
    assert!(migrator.verify().await.unwrap().is_clean());
}

#[tokio::test]
async fn conflicts_with_other_writes_are_retried() {
    let stage = Stage::new();
    stage.wire.on(|call| match (call.operation, call.nth) {
        ("TransactWriteItems" | "UpdateItem", 1..=3) => FaultAction::TransactionConflict,
        _ => FaultAction::Pass,
    });
    stage.migrator("ana").with_set(notes()).up().await.unwrap();
}

#[tokio::test]
async fn a_failed_request_is_named_with_its_cause() {
    let stage = Stage::new();
    stage.wire.on(|call| match call.operation {
        "CreateTable" => FaultAction::CrashBefore,
        _ => FaultAction::Pass,
    });
    let error = stage.migrator("ana").up().await.unwrap_err();
    assert!(matches!(error, MigrationError::Database { .. }));
    assert!(
        error
            .to_string()
            .starts_with("cannot create table tintero-schema_migrations;")
    );
    assert!(std::error::Error::source(&error).is_some());
}

async fn create_different_table(stage: &Stage, name: &str) {
    let attribute = AttributeDefinition::builder()
        .attribute_name("id")
        .attribute_type(ScalarAttributeType::N);
    let key = KeySchemaElement::builder()
        .attribute_name("id")
        .key_type(KeyType::Hash);
    stage
        .client()
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute.build().unwrap())
        .key_schema(key.build().unwrap())
        .send()
        .await
        .unwrap();
}
