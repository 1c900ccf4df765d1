use std::collections::BTreeSet;
use std::rc::Rc;

use crate::budget::TextLimit;
use crate::liquid::result::{Failure, LiquidResult};
use crate::liquid::scope::Scope;
use crate::liquid::value::LiquidValue;

/// The steps for each item of a list that a filter makes, because each takes memory.
const ITEM: usize = 64;

/// Applies a filter that takes or makes a list. Returns `None` if there is no such filter.
pub(super) fn apply<'a>(
    name: &str,
    value: &LiquidValue<'a>,
    arguments: &[LiquidValue<'a>],
    scope: &Scope<'a>,
) -> LiquidResult<Option<LiquidValue<'a>>> {
    let is_list = matches!(
        value,
        LiquidValue::List(_) | LiquidValue::Items(_) | LiquidValue::Range(..) | LiquidValue::Nil
    );
    Ok(Some(match (name, arguments) {
        ("size", []) => value
            .size()
            .and_then(|size| i64::try_from(size).ok())
            .map_or(LiquidValue::Int(0), LiquidValue::Int),
        ("first" | "last", []) if !matches!(value, LiquidValue::Text(_)) => value.get(name),
        ("split", [separator]) => split(value, separator, scope)?,
        ("number_of_words", _) => {
            let text = value.to_text().ok_or(Failure::Unsupported)?;
            scope.budget.spend(text.len())?;
            LiquidValue::Int(i64::try_from(text.split_whitespace().count()).unwrap_or(i64::MAX))
        }
        ("jsonify", []) => LiquidValue::text(json(value, scope)?),
        ("join", separator) => {
            let separator = separator.first().and_then(LiquidValue::to_text);
            let items = items(value, scope)?;
            joined(&items, separator.as_deref().unwrap_or(" "), scope)?
        }
        ("array_to_sentence_string", connector) => {
            let connector = connector.first().and_then(LiquidValue::to_text);
            sentence(
                &items(value, scope)?,
                connector.as_deref().unwrap_or("and"),
                scope,
            )?
        }
        ("slice", [start, length]) if is_list => {
            let (items, bound) = (items(value, scope)?, |value| {
                super::integer(value).unwrap_or(0)
            });
            let from = usize::try_from(bound(start)).unwrap_or(0);
            let count = usize::try_from(bound(length)).unwrap_or(0);
            LiquidValue::list(items.into_iter().skip(from).take(count).collect())
        }
        _ => match changed(name, arguments, value, scope)? {
            Some(items) => LiquidValue::list(items),
            None => return Ok(None),
        },
    }))
}

/// Filters from lists to lists.
fn changed<'a>(
    name: &str,
    arguments: &[LiquidValue<'a>],
    value: &LiquidValue<'a>,
    scope: &Scope<'a>,
) -> LiquidResult<Option<Vec<LiquidValue<'a>>>> {
    let key = arguments.first().and_then(LiquidValue::to_text);
    let keyed = |item: &LiquidValue<'a>| {
        key.as_ref()
            .map_or_else(|| item.clone(), |key| item.get(key))
    };
    let mut list = match name {
        "reverse" | "uniq" | "compact" | "sort" | "sort_natural" | "map" | "where" | "concat"
        | "push" | "unshift" | "pop" | "shift" => items(value, scope)?,
        _ => return Ok(None),
    };
    match (name, arguments) {
        ("reverse", []) => list.reverse(),
        ("compact", []) => list.retain(|item| *item != LiquidValue::Nil),
        ("uniq", _) => list = unique(list, keyed, scope)?,
        ("sort" | "sort_natural", _) => {
            let fold = name == "sort_natural";
            for item in &list {
                scope
                    .budget
                    .spend(keyed(item).to_text().map_or(0, |text| text.len()))?;
            }
            list.sort_by_cached_key(|item| sort_key(&keyed(item), fold));
        }
        ("map", [_]) => list = list.iter().map(keyed).collect(),
        ("where", [_, wanted]) => {
            let length = wanted.to_text().map_or(0, |text| text.len());
            scope.budget.spend(length * list.len())?;
            list.retain(|item| is_like(&keyed(item), wanted));
        }
        ("where", [_]) => list.retain(|item| keyed(item).is_true()),
        ("concat", [other]) => list.extend(items(other, scope)?),
        // A list that contains itself several times would have an exponential length as text.
        ("push" | "unshift", [LiquidValue::List(_)]) => return Err(Failure::Unsupported),
        ("push", [item]) => list.push(item.clone()),
        ("unshift", [item]) => list.insert(0, item.clone()),
        ("pop", []) => drop(list.pop()),
        ("shift", []) => drop((!list.is_empty()).then(|| list.remove(0))),
        _ => return Err(Failure::Unsupported),
    }
    Ok(Some(list))
}

fn items<'a>(value: &LiquidValue<'a>, scope: &Scope<'a>) -> LiquidResult<Vec<LiquidValue<'a>>> {
    let items = value.items().ok_or(Failure::Unsupported)?;
    scope.budget.spend(ITEM * items.len())?;
    Ok(items)
}

fn unique<'a>(
    list: Vec<LiquidValue<'a>>,
    keyed: impl Fn(&LiquidValue<'a>) -> LiquidValue<'a>,
    scope: &Scope<'a>,
) -> LiquidResult<Vec<LiquidValue<'a>>> {
    let mut seen = BTreeSet::new();
    let mut kept = Vec::new();
    for item in list {
        let key = keyed(&item).to_text().ok_or(Failure::Unsupported)?;
        scope.budget.spend(16 * key.len())?;
        if seen.insert(key) {
            kept.push(item);
        }
    }
    Ok(kept)
}

/// Jekyll compares texts, and looks into lists.
fn is_like(value: &LiquidValue<'_>, wanted: &LiquidValue<'_>) -> bool {
    match value {
        LiquidValue::List(_) | LiquidValue::Items(_) => value.contains(wanted),
        LiquidValue::Nil => *wanted == LiquidValue::Nil,
        _ => value
            .to_text()
            .is_some_and(|text| Some(text) == wanted.to_text()),
    }
}

/// Numbers in their order come before texts.
fn sort_key(value: &LiquidValue<'_>, fold: bool) -> (bool, u64, Rc<str>) {
    if let Some(number) = value.number() {
        let bits = number.to_bits();
        let order = if number.is_sign_negative() {
            !bits
        } else {
            bits | 1 << 63
        };
        return (false, order, "".into());
    }
    let text = value.to_text().unwrap_or_default();
    (
        true,
        0,
        if fold {
            text.to_lowercase().into()
        } else {
            text
        },
    )
}

fn split<'a>(
    value: &LiquidValue<'a>,
    separator: &LiquidValue<'a>,
    scope: &Scope<'a>,
) -> LiquidResult<LiquidValue<'a>> {
    let (Some(text), Some(separator)) = (value.to_text(), separator.to_text()) else {
        return Err(Failure::Unsupported);
    };
    if text.len() as u64 > TextLimit::LiquidValue.max() {
        scope.budget.simplify(TextLimit::LiquidValue);
        return Err(Failure::Unsupported);
    }
    scope.budget.spend(text.len())?;
    let mut parts: Vec<LiquidValue<'a>> = match &*separator {
        "" => text
            .chars()
            .map(|letter| LiquidValue::text(letter.to_string()))
            .collect(),
        " " => text.split_whitespace().map(LiquidValue::text).collect(),
        separator => text.split(separator).map(LiquidValue::text).collect(),
    };
    while parts
        .last()
        .is_some_and(|last| *last == LiquidValue::text(""))
    {
        parts.pop();
    }
    scope.budget.spend(ITEM * parts.len())?;
    Ok(LiquidValue::list(parts))
}

fn joined<'a>(
    items: &[LiquidValue<'a>],
    separator: &str,
    scope: &Scope<'a>,
) -> LiquidResult<LiquidValue<'a>> {
    let texts: Option<Vec<_>> = items.iter().map(LiquidValue::to_text).collect();
    let texts = texts.ok_or(Failure::Unsupported)?;
    let length: usize = texts.iter().map(|text| text.len() + separator.len()).sum();
    scope.budget.spend(length)?;
    if length as u64 > TextLimit::LiquidValue.max() {
        scope.budget.simplify(TextLimit::LiquidValue);
        return Err(Failure::Unsupported);
    }
    Ok(LiquidValue::text(texts.join(separator)))
}

fn sentence<'a>(
    items: &[LiquidValue<'a>],
    connector: &str,
    scope: &Scope<'a>,
) -> LiquidResult<LiquidValue<'a>> {
    match items {
        [one, two] => joined(
            &[one.clone(), two.clone()],
            &format!(" {connector} "),
            scope,
        ),
        [first @ .., last] if first.len() > 1 => {
            let first = joined(first, ", ", scope)?;
            joined(&[first, last.clone()], &format!(", {connector} "), scope)
        }
        items => joined(items, "", scope),
    }
}

fn json<'a>(value: &LiquidValue<'a>, scope: &Scope<'a>) -> LiquidResult<String> {
    let json = match value {
        LiquidValue::Nil | LiquidValue::Blank => serde_json::Value::Null,
        LiquidValue::Bool(value) => (*value).into(),
        LiquidValue::Int(number) => (*number).into(),
        LiquidValue::Float(number) => (*number).into(),
        LiquidValue::Text(text) => text.as_ref().into(),
        LiquidValue::List(_) | LiquidValue::Items(_) | LiquidValue::Range(..) => {
            let items = items(value, scope)?;
            let parts: Result<Vec<_>, _> = items.iter().map(|item| json(item, scope)).collect();
            let text = format!("[{}]", parts?.join(","));
            return short(text, scope);
        }
        LiquidValue::Map(map) => serde_json::Value::Object(map.to_json()),
        LiquidValue::Fields(_) | LiquidValue::Unknown => return Err(Failure::Unsupported),
    };
    short(json.to_string(), scope)
}

fn short(text: String, scope: &Scope<'_>) -> LiquidResult<String> {
    scope.budget.spend(text.len())?;
    if text.len() as u64 > TextLimit::LiquidValue.max() {
        scope.budget.simplify(TextLimit::LiquidValue);
        return Err(Failure::Unsupported);
    }
    Ok(text)
}
