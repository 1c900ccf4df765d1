use crate::liquid::value::LiquidValue;

/// Applies a filter of numbers. Returns `None` if there is no such filter.
pub(super) fn apply<'a>(
    name: &str,
    value: &LiquidValue<'a>,
    arguments: &[LiquidValue<'a>],
) -> Option<LiquidValue<'a>> {
    match (name, arguments) {
        (
            "plus" | "minus" | "times" | "divided_by" | "modulo" | "at_least" | "at_most",
            [other],
        ) => Some(binary(name, &numeric(value), &numeric(other)).unwrap_or(LiquidValue::Nil)),
        ("to_integer", []) => Some(LiquidValue::Int(integer(value).unwrap_or(0))),
        ("abs" | "ceil" | "floor" | "round", arguments) => {
            let digits = arguments.first().and_then(integer).unwrap_or(0);
            Some(rounded(name, &numeric(value), digits))
        }
        _ => None,
    }
}

/// The value as an integer.
pub(in crate::liquid) fn integer(value: &LiquidValue<'_>) -> Option<i64> {
    match numeric(value) {
        LiquidValue::Int(number) => Some(number),
        #[expect(clippy::cast_possible_truncation, reason = "the conversion saturates")]
        LiquidValue::Float(number) => Some(number as i64),
        _ => None,
    }
}

/// Reads a number at the start of a text; other values are zero.
fn numeric<'a>(value: &LiquidValue<'a>) -> LiquidValue<'a> {
    match value {
        LiquidValue::Int(_) | LiquidValue::Float(_) => value.clone(),
        LiquidValue::Text(text) => {
            let text = text.trim();
            let integer = text.parse().map(LiquidValue::Int);
            integer
                .or_else(|_| text.parse().map(LiquidValue::Float))
                .unwrap_or(LiquidValue::Int(0))
        }
        _ => LiquidValue::Int(0),
    }
}

fn binary<'a>(name: &str, one: &LiquidValue<'a>, two: &LiquidValue<'a>) -> Option<LiquidValue<'a>> {
    if let (LiquidValue::Int(one), LiquidValue::Int(two)) = (one, two) {
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
        return result.map(LiquidValue::Int);
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
    Some(LiquidValue::Float(result))
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

fn rounded<'a>(name: &str, value: &LiquidValue<'a>, digits: i64) -> LiquidValue<'a> {
    let LiquidValue::Float(number) = value else {
        return match value {
            LiquidValue::Int(number) if name == "abs" => LiquidValue::Int(number.saturating_abs()),
            other => other.clone(),
        };
    };
    let digits = i32::try_from(digits.clamp(0, 15)).unwrap_or(0);
    let result = match name {
        "abs" => return LiquidValue::Float(number.abs()),
        "ceil" => number.ceil(),
        "floor" => number.floor(),
        _ if digits > 0 => {
            let scale = 10_f64.powi(digits);
            return LiquidValue::Float((number * scale).round() / scale);
        }
        _ => number.round(),
    };
    #[expect(clippy::cast_possible_truncation, reason = "the conversion saturates")]
    LiquidValue::Int(result as i64)
}
