use clap::Args;
use comfy_table::{Table, presets};
use serde_json::{Map, Value, json};

use super::output;
use crate::{
    Failure,
    config::{Loaded, effective},
};

/// How the configuration is printed.
#[derive(Debug, Args)]
pub(super) struct Form {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(form: &Form, loaded: &Loaded) -> Result<(), Failure> {
    let rows = effective(loaded);
    if form.json {
        let members = rows.into_iter().map(|row| {
            (
                row.variable,
                json!({"value": row.value, "source": row.source}),
            )
        });
        return output::answer(&format!(
            "{:#}",
            Value::Object(members.collect::<Map<_, _>>())
        ));
    }
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_header(["Setting", "Value", "From"]);
    for row in rows {
        table.add_row([row.variable, row.value, row.source]);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    output::answer(&table.trim_fmt())
}
