use tintero_storage::migrations::StepOutcome;

use super::stage::{Stage, changed_notes, delete_table, notes, unprotect};

#[tokio::test]
async fn the_plan_for_an_empty_database_contains_every_step_and_changes_nothing() {
    let stage = Stage::new();
    let plan = stage.migrator("ana").plan().await.unwrap();
    insta::assert_snapshot!(plan);
    let tables = stage.client().list_tables().send().await.unwrap();
    assert!(tables.table_names().is_empty());
}

#[tokio::test]
async fn the_plan_for_an_up_to_date_database_is_empty() {
    let stage = Stage::migrated().await;
    let plan = stage.migrator("ana").plan().await.unwrap();
    assert_eq!(plan.to_string(), "Nothing to do.\n");
}

#[tokio::test]
async fn the_plan_marks_steps_that_are_already_done() {
    let stage = Stage::new();
    stage.migrator("ana").with_set(notes()).up().await.unwrap();
    let migrator = stage.migrator("ana").with_set(changed_notes());
    let plan = migrator.plan().await.unwrap();
    insta::assert_snapshot!(plan, @r"
    Table of the journal and the lock
      create table tintero-schema_migrations (already done)
      set deletion protection of table tintero-schema_migrations to on (already done)
    0002_change: Notes by owner, and a stream of their changes
      add index by_owner (owner_key, created_key) to table tintero-notes
      set stream of table tintero-notes to NEW_AND_OLD_IMAGES
      set deletion protection of table tintero-notes to off
    ");
}

#[tokio::test]
async fn the_plan_shows_refused_steps() {
    let stage = Stage::new();
    stage.migrator("ana").with_set(notes()).up().await.unwrap();
    let client = stage.client();
    unprotect(&client, "tintero-notes").await;
    delete_table(&client, "tintero-notes").await;
    let migrator = stage.migrator("ana").with_set(changed_notes());
    let plan = migrator.plan().await.unwrap();
    let steps = &plan.migrations[0].steps;
    assert!(
        steps
            .iter()
            .all(|step| matches!(step.outcome, StepOutcome::Refused(_)))
    );
}
