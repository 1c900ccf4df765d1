use serde_json::{Value, json};

use super::output::{self, OutputArgs};
use crate::{
    CommandError,
    config::{Loaded, effective},
};

pub(super) fn run(args: OutputArgs, loaded: &Loaded) -> Result<(), CommandError> {
    let rows = effective(loaded);
    if args.json {
        let members = rows.into_iter().map(|row| {
            (
                row.variable,
                json!({"value": row.value, "source": row.source}),
            )
        });
        return output::print_json(&Value::Object(members.collect()));
    }
    let rows = rows
        .into_iter()
        .map(|row| [row.variable, row.value, row.source]);
    output::print(&output::table(["Setting", "Value", "From"], rows))
}
