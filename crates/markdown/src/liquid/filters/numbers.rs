use crate::liquid::value::Value;

/// Applies a filter of numbers. Returns `None` if there is no such filter.
pub(super) fn apply<'a>(
    name: &str,
    value: &Value<'a>,
    arguments: &[Value<'a>],
) -> Option<Value<'a>> {
    match (name, arguments) {
        (
            "plus" | "minus" | "times" | "divided_by" | "modulo" | "at_least" | "at_most",
            [other],
        ) => Some(binary(name, &numeric(value), &numeric(other)).unwrap_or(Value::Nil)),
        ("to_integer", []) => Some(Value::Int(integer(value).unwrap_or(0))),
        ("abs" | "ceil" | "floor" | "round", arguments) => {
            let digits = arguments.first().and_then(integer).unwrap_or(0);
            Some(rounded(name, &numeric(value), digits))
        }
        _ => None,
    }
}

/// The value as an integer.
pub(in crate::liquid) fn integer(value: &Value<'_>) -> Option<i64> {
    match numeric(value) {
        Value::Int(number) => Some(number),
        #[expect(clippy::cast_possible_truncation, reason = "the conversion saturates")]
        Value::Float(number) => Some(number as i64),
        _ => None,
    }
}

/// Reads a number at the start of a text; other values are zero.
fn numeric<'a>(value: &Value<'a>) -> Value<'a> {
    match value {
        Value::Int(_) | Value::Float(_) => value.clone(),
        Value::Text(text) => {
            let text = text.trim();
            let integer = text.parse().map(Value::Int);
            integer
                .or_else(|_| text.parse().map(Value::Float))
                .unwrap_or(Value::Int(0))
        }
        _ => Value::Int(0),
    }
}

fn binary<'a>(name: &str, one: &Value<'a>, two: &Value<'a>) -> Option<Value<'a>> {
    if let (Value::Int(one), Value::Int(two)) = (one, two) {
        let result = match name {
            "plus" => one.checked_add(*two),
            "minus" => one.checked_sub(*two),
            "times" => one.checked_mul(*two),
            "divided_by" => floored(*one, *two),
            "modulo" => floored(*one, *two)
                .and_then(|quotient| one.checked_sub(quotient.checked_mul(*two)?)),
            "at_least" => Some(*one.max(two)),
            _ => Some(*one.min(two)),
        };
        return result.map(Value::Int);
    }
    let (one, two) = (one.number()?, two.number()?);
    let result = match name {
        "plus" => one + two,
        "minus" => one - two,
        "times" => one * two,
        "divided_by" => one / two,
        "modulo" => one.rem_euclid(two),
        "at_least" => one.max(two),
        _ => one.min(two),
    };
    Some(Value::Float(result))
}

/// Divides and rounds down, as Ruby does.
fn floored(one: i64, two: i64) -> Option<i64> {
    let quotient = one.checked_div(two)?;
    let has_rest = one.checked_rem(two)? != 0;
    Some(if has_rest && (one < 0) != (two < 0) {
        quotient - 1
    } else {
        quotient
    })
}

fn rounded<'a>(name: &str, value: &Value<'a>, digits: i64) -> Value<'a> {
    let Value::Float(number) = value else {
        return match value {
            Value::Int(number) if name == "abs" => Value::Int(number.saturating_abs()),
            other => other.clone(),
        };
    };
    let digits = i32::try_from(digits.clamp(0, 15)).unwrap_or(0);
    let result = match name {
        "abs" => return Value::Float(number.abs()),
        "ceil" => number.ceil(),
        "floor" => number.floor(),
        _ if digits > 0 => {
            let scale = 10_f64.powi(digits);
            return Value::Float((number * scale).round() / scale);
        }
        _ => number.round(),
    };
    #[expect(clippy::cast_possible_truncation, reason = "the conversion saturates")]
    Value::Int(result as i64)
}
