//! Random requests on few keys, so that they meet each other's items.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::{PLAIN, POSTS, case, key, number, text};
use crate::request::{Case, Request};

/// Number of requests after the creation of the tables.
const LENGTH: usize = 30;

/// Returns the case of a seed. Its requests are valid apart from the types of operands.
pub(crate) fn random(seed: u64) -> Case {
    let mut dice = Dice {
        numbers: Rng::with_seed(seed),
        at: String::new(),
    };
    let requests: Vec<_> = (0..LENGTH).map(|_| dice.request()).collect();
    case(&format!("random/{seed}"), requests)
}

struct Dice {
    numbers: Rng,
    /// The key of the item for which values are chosen. It is part of sort keys of indexes, because the
    /// order of items with the same one is not defined.
    at: String,
}

/// An expression with the values that it uses.
struct Expression {
    text: String,
    values: Map<String, Value>,
}

impl Dice {
    fn request(&mut self) -> Request {
        match self.numbers.u32(0..100) {
            0..20 => self.put(),
            20..30 => self.get(),
            30..48 => self.update(),
            48..56 => self.delete(),
            56..76 => self.query(),
            76..80 => self.scan(),
            80..86 => self.batch_get(),
            86..91 => self.batch_write(),
            _ => self.transact(),
        }
    }

    fn choose<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.numbers.usize(0..from.len())]
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.numbers.u32(0..100) < percent
    }

    fn table(&mut self) -> &'static str {
        self.choose(&[PLAIN, POSTS])
    }

    fn key(&mut self) -> Value {
        let pk = self.choose(&["a", "b"]);
        let sk = self.choose(&["1", "2", "META", "é"]);
        self.at = format!("{pk}{sk}");
        key(pk, sk)
    }

    fn choose_values_for(&mut self, key: &Value) {
        let part = |name: &str| key[name]["S"].as_str().unwrap_or_default();
        self.at = [part("pk"), part("sk")].concat();
    }

    fn capacity(&mut self) -> &'static str {
        self.choose(&["TOTAL", "TOTAL", "INDEXES", "NONE"])
    }

    fn item(&mut self) -> Value {
        let key = self.key();
        self.item_at(&key)
    }

    fn item_at(&mut self, key: &Value) -> Value {
        self.choose_values_for(key);
        let mut item = key.clone();
        for name in [
            "n",
            "s",
            "tags",
            "body",
            "v",
            "state_key",
            "created_key",
            "owner_key",
        ] {
            if self.chance(45) {
                item[name] = self.value_of(name);
            }
        }
        item
    }

    /// A value that suits an attribute, which a key attribute of an index needs.
    fn value_of(&mut self, name: &str) -> Value {
        match name {
            "state_key" | "owner_key" => text(self.choose(&["x", "y"])),
            "created_key" => text(&format!("{}{}", self.choose(&["1", "2", "3"]), self.at)),
            "n" => self.number(),
            "tags" => json!({ "SS": self.choose(&[&["a"][..], &["a", "b"], &["b", "c", "a"]]) }),
            "body" => text(&"x".repeat(self.choose(&[0, 100, 900, 1_100, 4_200, 9_000]))),
            "s" => text(self.choose(&["", "a", "b", "text"])),
            _ => self.any_value(),
        }
    }

    fn number(&mut self) -> Value {
        number(self.choose(&[
            "0",
            "1",
            "-1",
            "2.50",
            "1e3",
            "0.001",
            "99999999999999999999999999999999999999",
        ]))
    }

    fn any_value(&mut self) -> Value {
        match self.numbers.u32(0..9) {
            0 => self.number(),
            1 => json!({ "BOOL": self.numbers.bool() }),
            2 => json!({ "NULL": true }),
            3 => json!({ "NS": ["1", "2.0"] }),
            4 => json!({ "B": "AQI=" }),
            5 => json!({ "L": [self.number(), text("a")] }),
            6 => json!({ "M": { "inner": self.number() } }),
            7 => json!({ "BS": ["AQ=="] }),
            _ => text(self.choose(&["a", "b"])),
        }
    }

    fn attribute(&mut self) -> &'static str {
        self.choose(&[
            "n",
            "n",
            "s",
            "tags",
            "body",
            "v",
            "absent",
            "state_key",
            "created_key",
            "owner_key",
        ])
    }

    fn condition(&mut self, values: &mut Map<String, Value>, depth: u32) -> String {
        if depth > 0 && self.chance(45) {
            let (left, right) = (
                self.condition(values, depth - 1),
                self.condition(values, depth - 1),
            );
            let operator = self.choose(&["AND", "OR"]);
            return if self.chance(50) {
                format!("({left} {operator} {right})")
            } else {
                format!("{left} {operator} {right}")
            };
        }
        let name = self.attribute();
        match self.numbers.u32(0..7) {
            0 => format!("attribute_exists({name})"),
            1 => format!("attribute_not_exists({name})"),
            2 => {
                let value = self.value(values, number(2));
                format!("size({name}) {} {value}", self.comparator())
            }
            _ => {
                let value = if self.chance(80) {
                    self.value_of(name)
                } else {
                    self.any_value()
                };
                // Values without an order are refused before the item is read.
                let is_ordered = ["S", "N", "B"].iter().any(|kind| value.get(kind).is_some());
                let comparator = if is_ordered {
                    self.comparator()
                } else {
                    self.choose(&["=", "<>"])
                };
                let value = self.value(values, value);
                format!("{name} {comparator} {value}")
            }
        }
    }

    fn comparator(&mut self) -> &'static str {
        self.choose(&["=", "<>", "<", "<=", ">", ">="])
    }

    #[expect(clippy::unused_self, reason = "reads like the other generators")]
    fn value(&mut self, values: &mut Map<String, Value>, value: Value) -> String {
        let name = format!(":v{}", values.len());
        values.insert(name.clone(), value);
        name
    }

    fn conditional(&mut self, percent: u32, request: &mut Value) {
        if !self.chance(percent) {
            return;
        }
        let mut values = take_values(request);
        request["ConditionExpression"] = self.condition(&mut values, 2).into();
        give_values(request, values);
        if self.chance(70) {
            request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD".into();
        }
    }

    fn update_expression(&mut self) -> Expression {
        let mut values = Map::new();
        let mut names = vec![
            "n",
            "s",
            "tags",
            "body",
            "v",
            "state_key",
            "created_key",
            "owner_key",
            "fresh",
        ];
        let mut clauses = [Vec::new(), Vec::new(), Vec::new(), Vec::new()];
        for _ in 0..self.numbers.u32(1..5) {
            let name = names.swap_remove(self.numbers.usize(0..names.len()));
            match self.numbers.u32(0..10) {
                0..5 => {
                    let value = self.value_of(name);
                    clauses[0].push(format!("{name} = {}", self.value(&mut values, value)));
                }
                5..7 => clauses[1].push(name.to_owned()),
                7..9 => {
                    let value = if name == "tags" {
                        self.value_of("tags")
                    } else {
                        self.number()
                    };
                    clauses[2].push(format!("{name} {}", self.value(&mut values, value)));
                }
                _ => {
                    let value = self.value_of("tags");
                    clauses[3].push(format!("{name} {}", self.value(&mut values, value)));
                }
            }
        }
        let clauses = ["SET", "REMOVE", "ADD", "DELETE"].into_iter().zip(clauses);
        let clauses = clauses.filter(|(_, actions)| !actions.is_empty());
        let text: Vec<_> = clauses
            .map(|(verb, actions)| format!("{verb} {}", actions.join(", ")))
            .collect();
        Expression {
            text: text.join(" "),
            values,
        }
    }

    fn put(&mut self) -> Request {
        let mut put = json!({ "TableName": self.table(), "Item": self.item() });
        put["ReturnConsumedCapacity"] = self.capacity().into();
        if self.chance(30) {
            put["ReturnValues"] = "ALL_OLD".into();
        }
        self.conditional(40, &mut put);
        Request::new("PutItem", &put)
    }

    fn get(&mut self) -> Request {
        let get = json!({
            "TableName": self.table(),
            "Key": self.key(),
            "ConsistentRead": self.numbers.bool(),
            "ReturnConsumedCapacity": self.capacity(),
        });
        Request::new("GetItem", &get)
    }

    fn update(&mut self) -> Request {
        let key = self.key();
        let Expression { text, values } = self.update_expression();
        let mut update = json!({
            "TableName": self.table(),
            "Key": key,
            "UpdateExpression": text,
            "ReturnConsumedCapacity": self.capacity(),
            "ReturnValues": self.choose(&["NONE", "ALL_OLD", "ALL_NEW"]),
        });
        give_values(&mut update, values);
        self.conditional(40, &mut update);
        Request::new("UpdateItem", &update)
    }

    fn delete(&mut self) -> Request {
        let mut delete = json!({
            "TableName": self.table(),
            "Key": self.key(),
            "ReturnConsumedCapacity": self.capacity(),
        });
        if self.chance(30) {
            delete["ReturnValues"] = "ALL_OLD".into();
        }
        self.conditional(40, &mut delete);
        Request::new("DeleteItem", &delete)
    }

    fn query(&mut self) -> Request {
        let (index, table, hash, range) = self.choose(&[
            ("", PLAIN, "pk", "sk"),
            ("", POSTS, "pk", "sk"),
            ("by_state", POSTS, "state_key", "created_key"),
            ("by_owner", POSTS, "owner_key", "created_key"),
        ]);
        let sort_keys: &[&str] = if index.is_empty() {
            &["1", "2", "META", "é"]
        } else {
            &["1", "2", "3"]
        };
        let partition = self.choose(if index.is_empty() {
            &["a", "b"]
        } else {
            &["x", "y"]
        });
        let mut values = json!({ ":pk": text(partition) });
        let mut names = json!({ "#pk": hash });
        let mut condition = "#pk = :pk".to_owned();
        let bounds = [self.choose(sort_keys), self.choose(sort_keys)];
        match self.numbers.u32(0..6) {
            0 => {
                condition += " AND #sk BETWEEN :first AND :last";
                values[":first"] = text(bounds[0].min(bounds[1]));
                values[":last"] = text(bounds[0].max(bounds[1]));
            }
            1..5 => {
                let comparator = self.choose(&["<", "<=", "=", ">=", ">"]);
                condition += &format!(" AND #sk {comparator} :end");
                values[":end"] = text(bounds[0]);
            }
            _ => {}
        }
        if condition.contains("#sk") {
            names["#sk"] = range.into();
        }
        let mut query = json!({
            "TableName": table,
            "KeyConditionExpression": condition,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
            "ScanIndexForward": self.numbers.bool(),
            "ReturnConsumedCapacity": self.capacity(),
        });
        if index.is_empty() {
            query["ConsistentRead"] = self.numbers.bool().into();
        } else {
            query["IndexName"] = index.into();
        }
        if self.chance(60) {
            query["Limit"] = self.numbers.u32(1..5).into();
        }
        let request = Request::new("Query", &query);
        if self.chance(40) {
            request.every_page()
        } else {
            request
        }
    }

    fn scan(&mut self) -> Request {
        let scan = json!({ "TableName": self.table(), "ReturnConsumedCapacity": self.capacity() });
        Request::new("Scan", &scan)
    }

    fn batch_get(&mut self) -> Request {
        let mut tables = Map::new();
        for table in [PLAIN, POSTS] {
            let keys = self.distinct_keys();
            if !keys.is_empty() {
                let entry = json!({ "Keys": keys, "ConsistentRead": self.numbers.bool() });
                tables.insert(table.to_owned(), entry);
            }
        }
        let get = json!({ "RequestItems": tables, "ReturnConsumedCapacity": self.capacity() });
        Request::new("BatchGetItem", &get)
    }

    fn distinct_keys(&mut self) -> Vec<Value> {
        let mut keys = Vec::new();
        for _ in 0..self.numbers.u32(0..5) {
            let key = self.key();
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }

    fn batch_write(&mut self) -> Request {
        let mut tables = Map::new();
        for table in [PLAIN, POSTS] {
            let keys = self.distinct_keys();
            let entries: Vec<_> = keys
                .into_iter()
                .map(|key| match self.chance(60) {
                    true => json!({ "PutRequest": { "Item": self.item_at(&key) } }),
                    false => json!({ "DeleteRequest": { "Key": key } }),
                })
                .collect();
            if !entries.is_empty() {
                tables.insert(table.to_owned(), entries.into());
            }
        }
        let write = json!({ "RequestItems": tables, "ReturnConsumedCapacity": self.capacity() });
        Request::new("BatchWriteItem", &write)
    }

    fn transact(&mut self) -> Request {
        let mut items = Vec::new();
        for table in [PLAIN, POSTS] {
            for key in self.distinct_keys() {
                items.push(self.transact_item(table, &key));
            }
        }
        let transact = json!({ "TransactItems": items, "ReturnConsumedCapacity": self.capacity() });
        Request::new("TransactWriteItems", &transact)
    }

    fn transact_item(&mut self, table: &str, key: &Value) -> Value {
        let mut write = json!({ "TableName": table });
        let kind = self.choose(&["Put", "Put", "Update", "Update", "Delete", "ConditionCheck"]);
        match kind {
            "Put" => write["Item"] = self.item_at(key),
            "Update" => {
                self.choose_values_for(key);
                let Expression { text, values } = self.update_expression();
                write["UpdateExpression"] = text.into();
                give_values(&mut write, values);
            }
            _ => {}
        }
        if kind != "Put" {
            write["Key"] = key.clone();
        }
        // Few conditions: one that fails cancels the whole transaction.
        self.conditional(if kind == "ConditionCheck" { 100 } else { 15 }, &mut write);
        json!({ kind: write })
    }
}

fn take_values(request: &mut Value) -> Map<String, Value> {
    match request["ExpressionAttributeValues"].take() {
        Value::Object(values) => values,
        _ => Map::new(),
    }
}

fn give_values(request: &mut Value, values: Map<String, Value>) {
    if let Value::Object(request) = request {
        request.remove("ExpressionAttributeValues");
        if !values.is_empty() {
            request.insert("ExpressionAttributeValues".to_owned(), values.into());
        }
    }
}
