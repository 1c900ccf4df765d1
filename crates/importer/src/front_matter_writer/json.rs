use serde_json::{Map, Value};

pub(super) fn set(map: &mut Map<String, Value>, key: &str, value: &Value) {
    if value.is_null() {
        map.shift_remove(key);
    } else {
        map.insert(key.to_owned(), value.clone());
    }
}

pub(super) fn text(map: &Map<String, Value>) -> String {
    serde_json::to_string_pretty(map).expect("keys are texts, so the map serialises")
}
