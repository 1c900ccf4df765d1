use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    categories::NewCategory,
    values::{IdOrSlug, OperationId},
};
use tintero_storage::{doctor::Rule, keys};

use super::{examined, lose, require_cured, write};
use crate::site::{Site, editor, site};

/// A merge that nobody has begun.
async fn begun(site: &Site) -> OperationId {
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
    assert!(examined(site).await.is_empty(), "all is in order");
    operation.unwrap().id
}

async fn run(site: &Site) {
    site.clock.forward(11_000);
    let runner = site.runner();
    while runner.round().await.unwrap().worked {}
}

async fn note(site: &Site, id: OperationId) {
    let keys::Key { pk, sk } = keys::unfinished_operation(id);
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
    write(site, "t-operations", item).await;
}

#[tokio::test]
async fn an_operation_that_no_runner_would_find_goes_on_again() {
    let site = site().await;
    let id = begun(&site).await;
    let note = keys::unfinished_operation(id);
    lose(&site, "t-operations", note.clone()).await;
    require_cured(&site, Rule::Operations, &[&note]).await;
    run(&site).await;
    let operation = site.operations.get(&editor(), id).await.unwrap();
    let ended = matches!(
        operation.state,
        tintero_domain::operations::State::Finished { .. }
    );
    assert!(ended, "{operation:?}");
}

#[tokio::test]
async fn notes_of_operations_that_ended_or_never_were_go() {
    let site = site().await;
    let id = begun(&site).await;
    run(&site).await;
    assert!(examined(&site).await.is_empty(), "all is in order");
    let unknown = "019b0000-0000-7000-8000-00000000ffff".parse().unwrap();
    for id in [id, unknown] {
        note(&site, id).await;
        let place = keys::unfinished_operation(id);
        require_cured(&site, Rule::Operations, &[&place]).await;
    }
}
