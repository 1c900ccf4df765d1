use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned, fmt::strtime};

use crate::jekyll::date;
use crate::liquid::scope::Scope;
use crate::liquid::value::LiquidValue;

/// Applies a filter of dates in the time zone of the site. Returns `None` if there is no such filter,
/// for a format that is not supported, and for the current time.
pub(super) fn apply<'a>(
    name: &str,
    value: &LiquidValue<'a>,
    arguments: &[LiquidValue<'a>],
    scope: &Scope<'a>,
) -> Option<LiquidValue<'a>> {
    let format = match (name, arguments) {
        ("date", [format]) => format.to_text()?.to_string(),
        ("date_to_string", []) => "%d %b %Y".to_owned(),
        ("date_to_long_string", []) => "%d %B %Y".to_owned(),
        ("date_to_string", [_, ..]) => ordinal(arguments, "%b"),
        ("date_to_long_string", [_, ..]) => ordinal(arguments, "%B"),
        ("date_to_xmlschema", []) => "%Y-%m-%dT%H:%M:%S%:z".to_owned(),
        ("date_to_rfc822", []) => "%a, %d %b %Y %H:%M:%S %z".to_owned(),
        _ => return None,
    };
    if *value == LiquidValue::Nil {
        return Some(LiquidValue::Nil);
    }
    if matches!(value, LiquidValue::Text(text) if matches!(&**text, "now" | "today")) {
        return None;
    }
    let Some(time) = time(value, scope) else {
        return Some(value.clone());
    };
    let day = time.day();
    let format = format.replace("%ORDINAL", &format!("{day}{}", suffix(day)));
    strtime::format(&format, &time).ok().map(LiquidValue::text)
}

fn time(value: &LiquidValue<'_>, scope: &Scope<'_>) -> Option<Zoned> {
    let zone = scope
        .site
        .timezone()
        .and_then(|name| TimeZone::get(name).ok());
    let zone = zone.unwrap_or(TimeZone::UTC);
    match value {
        LiquidValue::Int(seconds) => Some(Timestamp::from_second(*seconds).ok()?.to_zoned(zone)),
        LiquidValue::Text(text) => Some(date::read(text, &zone).ok()?.local(&zone)),
        _ => None,
    }
}

/// The format with an ordinal number, in the order of Britain or of the United States.
fn ordinal(arguments: &[LiquidValue<'_>], month: &str) -> String {
    let style = |index: usize| arguments.get(index).and_then(LiquidValue::to_text);
    match (style(0).as_deref(), style(1).as_deref()) {
        (Some("ordinal"), Some("US")) => format!("{month} %ORDINAL, %Y"),
        (Some("ordinal"), _) => format!("%ORDINAL {month} %Y"),
        _ => format!("%d {month} %Y"),
    }
}

fn suffix(day: i8) -> &'static str {
    match (day / 10, day % 10) {
        (1, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}
