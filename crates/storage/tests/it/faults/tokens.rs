//! The items of sign-ins. The view signs in too, but leaves no items.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_storage::client::{self, Connection};

use super::fixture::Fixture;

const TABLE: &str = "t-tokens";

/// The items with their keys.
pub(super) type TokenItems = BTreeMap<[String; 2], HashMap<String, AttributeValue>>;

fn string(item: &HashMap<String, AttributeValue>, name: &str) -> String {
    let value = item.get(name).and_then(|value| value.as_s().ok());
    value.cloned().unwrap_or_default()
}

/// The kind of each item, and what shows its last write. The secrets differ between runs.
pub(super) fn described(items: &TokenItems) -> Vec<String> {
    let rows = items.values();
    // Attempts at secrets are counted for each request, not for each write.
    let rows = rows.filter(|item| string(item, "et") != "attempts");
    let mut seen: Vec<_> = rows
        .map(|item| format!("{} {}", string(item, "et"), string(item, "used_at")))
        .collect();
    seen.sort_unstable();
    seen
}

impl Fixture {
    fn tables(&self) -> Connection {
        client::embedded(self.site.wire.http_client()).requests
    }

    pub(super) async fn token_items(&self) -> TokenItems {
        let all = self.tables().scan().table_name(TABLE).send().await.unwrap();
        let items = all.items().iter();
        items
            .map(|item| (["pk", "sk"].map(|name| string(item, name)), item.clone()))
            .collect()
    }

    /// Restores the items.
    pub(super) async fn restore_tokens(&self, before: &TokenItems) {
        let tables = self.tables();
        for [pk, sk] in self.token_items().await.into_keys() {
            let delete = tables.delete_item().table_name(TABLE);
            let delete = delete.key("pk", AttributeValue::S(pk));
            let delete = delete.key("sk", AttributeValue::S(sk));
            delete.send().await.unwrap();
        }
        for item in before.values() {
            let put = tables.put_item().table_name(TABLE);
            put.set_item(Some(item.clone())).send().await.unwrap();
        }
    }
}
