use serde_json::Value;
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike};

/// Whether a key is present. A dot separates a table from its key.
pub(super) fn contains(document: &DocumentMut, key: &str) -> bool {
    match key.split_once('.') {
        Some((table, key)) => {
            let table = document.get(table).and_then(Item::as_table_like);
            table.is_some_and(|table| table.contains_key(key))
        }
        None => document.contains_key(key),
    }
}

/// Sets a key and keeps the comments and blank lines around it.
pub(super) fn set(document: &mut DocumentMut, key: &str, value: &Value) {
    let (table, key): (&mut dyn TableLike, &str) = match key.split_once('.') {
        Some((table, key)) => {
            let item = document.entry(table).or_insert(Item::Table(Table::new()));
            let Some(table) = item.as_table_like_mut() else {
                return;
            };
            (table, key)
        }
        None => (document.as_table_mut(), key),
    };
    let Some(mut new) = toml_value(value) else {
        table.remove(key);
        return;
    };
    if let Some(old) = table.get_mut(key).and_then(Item::as_value_mut) {
        *new.decor_mut() = old.decor().clone();
        *old = new;
    } else {
        table.insert(key, Item::Value(new));
    }
}

/// TOML has no null.
fn toml_value(value: &Value) -> Option<toml_edit::Value> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => match number.as_i64() {
            Some(number) => number.into(),
            None => number.as_f64()?.into(),
        },
        Value::String(text) => match text.parse::<toml_edit::Datetime>() {
            Ok(time) => time.into(),
            Err(_) => text.as_str().into(),
        },
        Value::Array(items) => items
            .iter()
            .filter_map(toml_value)
            .collect::<Array>()
            .into(),
        Value::Object(map) => {
            let mut table = InlineTable::new();
            for (key, value) in map {
                if let Some(value) = toml_value(value) {
                    table.insert(key, value);
                }
            }
            table.into()
        }
    })
}
