//! Update expressions.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::Substitutions;
use super::cursor::{Reason, TokenCursor, unsupported};
use crate::api_error::RequestError;
use crate::item::{Item, KeySchema, Value};

/// A parsed update expression: the change of each attribute.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Update(BTreeMap<String, Change>);

#[derive(Debug, Clone, PartialEq)]
enum Change {
    Set(Value),
    Remove,
    /// Adds a number, or the elements of a set.
    Add(Value),
    /// Removes the elements of a set.
    Delete(Value),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Set,
    Remove,
    Add,
    Delete,
}

const SECTIONS: [(&str, Section); 4] = [
    ("SET", Section::Set),
    ("REMOVE", Section::Remove),
    ("ADD", Section::Add),
    ("DELETE", Section::Delete),
];

impl Update {
    pub(crate) fn parse(
        text: &str,
        substitutions: &Substitutions<'_>,
    ) -> Result<Self, RequestError> {
        parse(text, substitutions).map(Self).map_err(|reason| {
            RequestError::validation(format!("Invalid UpdateExpression: {reason}"))
        })
    }

    /// Refuses an update of a key attribute of the table.
    pub(crate) fn check_keys(&self, keys: &KeySchema) -> Result<(), RequestError> {
        match keys.names().find(|name| self.0.contains_key(*name)) {
            Some(name) => Err(RequestError::validation(format!(
                "One or more parameter values were invalid: Cannot update attribute {name}. This \
                 attribute is part of the key"
            ))),
            None => Ok(()),
        }
    }

    /// Returns the updated item. An item that does not exist is passed as its key attributes.
    pub(crate) fn apply(&self, mut item: Item) -> Result<Item, RequestError> {
        for (attribute, change) in &self.0 {
            let old = item.0.remove(attribute);
            if let Some(new) = change.apply(old)? {
                item.0.insert(attribute.clone(), new);
            }
        }
        Ok(item)
    }
}

fn parse(
    text: &str,
    substitutions: &Substitutions<'_>,
) -> Result<BTreeMap<String, Change>, Reason> {
    let mut cursor = TokenCursor::new(text)?;
    let mut changes = BTreeMap::new();
    let mut seen = Vec::new();
    loop {
        let Some((name, section)) = cursor.take_any(&SECTIONS.map(|it| (it.0, it))) else {
            return Err(cursor.syntax_error());
        };
        if seen.contains(&section) {
            return Err(format!(
                "The \"{name}\" section can only be used once in an update expression;"
            ));
        }
        seen.push(section);
        loop {
            let attribute = cursor.attribute(substitutions)?;
            let change = section.change(&mut cursor, substitutions)?;
            match changes.entry(attribute) {
                Entry::Vacant(free) => free.insert(change),
                Entry::Occupied(taken) => return Err(overlap(taken.key())),
            };
            if !cursor.take(",") {
                break;
            }
        }
        if cursor.is_at_end() {
            return Ok(changes);
        }
    }
}

impl Section {
    /// Reads the change of an attribute after its name.
    fn change(
        self,
        cursor: &mut TokenCursor<'_>,
        substitutions: &Substitutions<'_>,
    ) -> Result<Change, Reason> {
        match self {
            Self::Remove => Ok(Change::Remove),
            Self::Set => {
                cursor.expect("=")?;
                new_value(cursor, substitutions).map(Change::Set)
            }
            Self::Add => {
                let value = cursor.value(substitutions)?;
                let is_valid = matches!(value, Value::N(_)) || is_set(&value);
                is_valid
                    .then(|| Change::Add(value.clone()))
                    .ok_or_else(|| other_operand("ADD", &value))
            }
            Self::Delete => {
                let value = cursor.value(substitutions)?;
                is_set(&value)
                    .then(|| Change::Delete(value.clone()))
                    .ok_or_else(|| other_operand("DELETE", &value))
            }
        }
    }
}

/// Reads the right side of an assignment, which must be a value.
fn new_value(
    cursor: &mut TokenCursor<'_>,
    substitutions: &Substitutions<'_>,
) -> Result<Value, Reason> {
    if let Some(function) = cursor.take_function() {
        return Err(match function {
            "if_not_exists" | "list_append" => unsupported(&format!("the function {function}")),
            _ => format!("Invalid function name; function: {function}"),
        });
    }
    let Some(value) = cursor.take_value(substitutions)? else {
        cursor.attribute(substitutions)?;
        return Err(unsupported("attributes on the right side of SET"));
    };
    for operator in ["+", "-"] {
        if cursor.take(operator) {
            return Err(unsupported(&format!("the operator {operator}")));
        }
    }
    Ok(value)
}

fn is_set(value: &Value) -> bool {
    matches!(value, Value::Ss(_) | Value::Ns(_) | Value::Bs(_))
}

/// DynamoDB spells most types out in this error.
fn other_operand(operator: &str, value: &Value) -> Reason {
    let name = match value {
        Value::S(_) => "STRING",
        Value::N(_) => "NUMBER",
        Value::B(_) => "Binary",
        Value::L(_) => "LIST",
        Value::M(_) => "MAP",
        other => other.type_name(),
    };
    format!(
        "Incorrect operand type for operator or function; operator: {operator}, operand type: \
         {name}, typeSet: ALLOWED_FOR_ADD_OPERAND"
    )
}

fn overlap(attribute: &str) -> Reason {
    format!(
        "Two document paths overlap with each other; must remove or rewrite one of these paths; \
         path one: [{attribute}], path two: [{attribute}]"
    )
}

impl Change {
    /// Returns the new value of an attribute, or `None` if it does not exist any more.
    fn apply(&self, old: Option<Value>) -> Result<Option<Value>, RequestError> {
        match (self, old) {
            (Self::Set(new), _) | (Self::Add(new), None) => Ok(Some(new.clone())),
            (Self::Remove, _) | (Self::Delete(_), None) => Ok(None),
            (Self::Add(Value::N(by)), Some(Value::N(old))) => Ok(Some(Value::N(old.plus(by)?))),
            (Self::Add(new), Some(old)) => union(old, new).map(Some),
            (Self::Delete(gone), Some(old)) => difference(old, gone),
        }
    }
}

/// Returns the elements of both sets.
fn union(old: Value, new: &Value) -> Result<Value, RequestError> {
    match (old, new) {
        (Value::Ss(old), Value::Ss(new)) => Ok(Value::Ss(merged(old, new))),
        (Value::Ns(old), Value::Ns(new)) => Ok(Value::Ns(merged(old, new))),
        (Value::Bs(old), Value::Bs(new)) => Ok(Value::Bs(merged(old, new))),
        _ => Err(other_type()),
    }
}

fn merged<T: Ord + Clone>(mut old: Vec<T>, new: &[T]) -> Vec<T> {
    old.extend_from_slice(new);
    old.sort_unstable();
    old.dedup();
    old
}

/// Returns the elements that are not in `gone`, or `None` if there are none.
fn difference(old: Value, gone: &Value) -> Result<Option<Value>, RequestError> {
    match (old, gone) {
        (Value::Ss(old), Value::Ss(gone)) => Ok(without(old, gone).map(Value::Ss)),
        (Value::Ns(old), Value::Ns(gone)) => Ok(without(old, gone).map(Value::Ns)),
        (Value::Bs(old), Value::Bs(gone)) => Ok(without(old, gone).map(Value::Bs)),
        _ => Err(other_type()),
    }
}

fn without<T: Ord>(mut old: Vec<T>, gone: &[T]) -> Option<Vec<T>> {
    old.retain(|element| gone.binary_search(element).is_err());
    (!old.is_empty()).then_some(old)
}

fn other_type() -> RequestError {
    RequestError::validation("An operand in the update expression has an incorrect data type")
}
