//! The standard filters of Liquid and those of Jekyll, as far as they need no other files.

mod dates;
mod lists;
mod numbers;
mod text;

use super::result::{Failure, LiquidResult};
use super::scope::Scope;
use super::value::LiquidValue;
use crate::budget::TextLimit;

pub(super) use numbers::integer;

/// Applies a filter. Nil stays nil unless the filter adds text.
pub(super) fn apply<'a>(
    name: &str,
    value: LiquidValue<'a>,
    arguments: &[LiquidValue<'a>],
    scope: &Scope<'a>,
) -> LiquidResult<LiquidValue<'a>> {
    if matches!(value, LiquidValue::Unknown) || arguments.contains(&LiquidValue::Unknown) {
        return Err(Failure::Unsupported);
    }
    if let ("default", [other, ..]) = (name, arguments) {
        let is_missing =
            value.is_blank() && !matches!(&value, LiquidValue::Text(text) if !text.is_empty());
        return Ok(if is_missing { other.clone() } else { value });
    }
    if let Some(result) = numbers::apply(name, &value, arguments) {
        return Ok(result);
    }
    if let Some(result) = lists::apply(name, &value, arguments, scope)? {
        return Ok(result);
    }
    if let Some(result) = dates::apply(name, &value, arguments, scope) {
        return Ok(result);
    }
    apply_to_text(name, &value, arguments, scope)
}

fn apply_to_text<'a>(
    name: &str,
    value: &LiquidValue<'a>,
    arguments: &[LiquidValue<'a>],
    scope: &Scope<'a>,
) -> LiquidResult<LiquidValue<'a>> {
    let texts: Option<Vec<_>> = arguments.iter().map(LiquidValue::to_text).collect();
    let (Some(text), Some(texts)) = (value.to_text(), texts) else {
        return Err(Failure::Unsupported);
    };
    let arguments: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    let length = text::longest_result(name, &text, &arguments, scope.site);
    scope.budget.spend(text.len() + length)?;
    // Without a limit, chained filters such as `append` would take quadratic time and memory.
    if length as u64 > TextLimit::LiquidValue.max() {
        scope.budget.simplify(TextLimit::LiquidValue);
        return Err(Failure::Unsupported);
    }
    let filtered = text::apply(name, &text, &arguments, scope.site).ok_or(Failure::Unsupported)?;
    if *value == LiquidValue::Nil && filtered.is_empty() {
        return Ok(LiquidValue::Nil);
    }
    Ok(LiquidValue::text(filtered))
}
