use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    taxonomy::NewCategory,
    values::{IdOrSlug, OperationId},
};
use tintero_storage::{doctor::DoctorRule, keys};

use super::{assert_repairable, delete_item, examine, put_item};
use crate::site::{Site, editor, site};

/// A merge that no runner has started.
async fn pending_merge(site: &Site) -> OperationId {
    let mut made = Vec::new();
    for name in ["Uno", "Dos"] {
        let new = NewCategory {
            name: name.parse().unwrap(),
            slug: None,
            parent_id: None,
        };
        let filed = site.categories.create(&editor(), new).await.unwrap();
        made.push(filed.category);
    }
    let (id, base, into) = (made[0].id, made[0].version, IdOrSlug::Id(made[1].id));
    let operation = site.categories.merge(&editor(), id, base, &into).await;
    assert!(examine(site).await.is_empty());
    operation.unwrap().id
}

async fn run(site: &Site) {
    site.clock.forward(11_000);
    let runner = site.runner();
    while runner.poll().await.unwrap().worked {}
}

async fn note(site: &Site, id: OperationId) {
    let keys::ItemKey { pk, sk } = keys::unfinished_operation(id);
    let text = AttributeValue::S;
    let attributes = [
        ("pk", text(pk)),
        ("sk", text(sk)),
        ("et", text("unfinished_operation".to_owned())),
        ("sv", AttributeValue::N("1".to_owned())),
    ];
    let item: HashMap<_, _> = attributes
        .map(|(name, value)| (name.to_owned(), value))
        .into();
    put_item(site, "t-operations", item).await;
}

#[tokio::test]
async fn a_missing_note_of_an_unfinished_operation_is_rewritten() {
    let site = site().await;
    let id = pending_merge(&site).await;
    let note = keys::unfinished_operation(id);
    delete_item(&site, "t-operations", note.clone()).await;
    assert_repairable(&site, DoctorRule::Operations, &[&note]).await;
    run(&site).await;
    let operation = site.operations.get(&editor(), id).await.unwrap();
    let ended = matches!(
        operation.state,
        tintero_domain::operations::OperationState::Finished { .. }
    );
    assert!(ended, "{operation:?}");
}

#[tokio::test]
async fn notes_of_finished_and_unknown_operations_are_deleted() {
    let site = site().await;
    let id = pending_merge(&site).await;
    run(&site).await;
    assert!(examine(&site).await.is_empty());
    let unknown = "019b0000-0000-7000-8000-00000000ffff".parse().unwrap();
    for id in [id, unknown] {
        note(&site, id).await;
        let key = keys::unfinished_operation(id);
        assert_repairable(&site, DoctorRule::Operations, &[&key]).await;
    }
}
