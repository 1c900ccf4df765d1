//! Consumed capacity of requests, as documented by AWS.

use aws_sdk_dynamodb::types::ReturnConsumedCapacity::Total;

use crate::stage::{Item, POSTS, Stage, indexed, key, plain, put_any};

/// Bytes of body that keep an item under one kilobyte.
const UNDER_1_KB: usize = 900;

async fn put_cost(stage: &Stage, item: Item) -> f64 {
    let put = stage.put_item(item);
    put.return_consumed_capacity(Total).send().await.unwrap();
    stage.wire.measure().write_units
}

async fn get_cost(stage: &Stage, pk: &str, consistent: bool) -> f64 {
    let get = stage
        .client
        .get_item()
        .table_name(POSTS)
        .set_key(Some(key(pk)));
    let get = get
        .consistent_read(consistent)
        .return_consumed_capacity(Total);
    get.send().await.unwrap();
    stage.wire.measure().read_units
}

async fn transaction_cost(stage: &Stage, item: Item) -> f64 {
    let write = stage
        .client
        .transact_write_items()
        .transact_items(put_any(item));
    write.return_consumed_capacity(Total).send().await.unwrap();
    stage.wire.measure().write_units
}

fn assert_units(measured: f64, expected: f64) {
    assert!(
        (measured - expected).abs() < 1e-9,
        "{measured} units, not {expected}"
    );
}

#[tokio::test]
async fn a_read_of_four_kilobytes_costs_half_a_unit_and_a_consistent_read_one() {
    let stage = Stage::new().await;
    stage.put(plain("small", UNDER_1_KB)).await;
    stage.put(plain("large", 5_000)).await;
    let _ = stage.wire.measure();
    assert_units(get_cost(&stage, "small", false).await, 0.5);
    assert_units(get_cost(&stage, "small", true).await, 1.0);
    assert_units(get_cost(&stage, "large", false).await, 1.0);
    assert_units(get_cost(&stage, "large", true).await, 2.0);
    assert_units(get_cost(&stage, "missing", false).await, 0.5);
}

#[tokio::test]
async fn a_write_costs_one_unit_per_kilobyte_of_the_larger_of_old_and_new_item() {
    let stage = Stage::new().await;
    assert_units(put_cost(&stage, plain("post", UNDER_1_KB)).await, 1.0);
    assert_units(put_cost(&stage, plain("post", 1_500)).await, 2.0);
    assert_units(put_cost(&stage, plain("post", 10)).await, 2.0);
    assert_units(put_cost(&stage, plain("post", 10)).await, 1.0);
}

#[tokio::test]
async fn an_index_costs_one_write_and_a_changed_key_costs_two() {
    let stage = Stage::new().await;
    assert_units(
        put_cost(&stage, indexed("post", UNDER_1_KB, "draft")).await,
        2.0,
    );
    assert_units(
        put_cost(&stage, indexed("post", UNDER_1_KB, "published")).await,
        3.0,
    );
    assert_units(
        put_cost(&stage, indexed("post", UNDER_1_KB, "published")).await,
        1.0,
    );
    assert_units(put_cost(&stage, plain("post", UNDER_1_KB)).await, 2.0);
}

#[tokio::test]
async fn a_transaction_doubles_the_cost_of_the_table() {
    let stage = Stage::new().await;
    assert_units(
        transaction_cost(&stage, plain("plain", UNDER_1_KB)).await,
        2.0,
    );
    assert_units(
        transaction_cost(&stage, indexed("indexed", UNDER_1_KB, "draft")).await,
        3.0,
    );
}

#[tokio::test]
async fn a_query_sums_item_sizes_before_rounding() {
    let stage = Stage::new().await;
    for n in 0..20 {
        stage
            .put(indexed(&format!("n{n:02}"), UNDER_1_KB, "draft"))
            .await;
    }
    let _ = stage.wire.measure();
    let query = stage.drafts().return_consumed_capacity(Total);
    let page = query.send().await.unwrap();
    assert_eq!(page.count(), 20);
    let cost = stage.wire.measure();
    assert_units(cost.read_units, 2.5);
    assert_eq!(
        (cost.requests, cost.operations),
        (1, vec!["Query".to_owned()])
    );
}

#[tokio::test]
async fn measure_returns_the_cost_since_the_previous_call() {
    let stage = Stage::new().await;
    put_cost(&stage, plain("post", 10)).await;
    stage.put(plain("unmeasured", 10)).await;
    get_cost(&stage, "post", false).await;
    stage.get("post").await;
    stage.put(plain("unmeasured", 10)).await;
    let cost = stage.wire.measure();
    assert_eq!(cost.operations, ["GetItem", "PutItem"]);
    assert_units(cost.read_units + cost.write_units, 0.0);
    assert_eq!(stage.wire.measure().requests, 0);
}
