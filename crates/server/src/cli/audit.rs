use std::num::NonZeroUsize;

use serde::Deserialize as _;
use serde::de::{IntoDeserializer as _, value::Error as NameError};
use serde_json::{Value, json};
use tintero_domain::{
    audit::{AuditFilter, AuditRecord, AuditedKind},
    audit_action::AuditAction,
    values::{Timestamp, UserId},
};

use super::{
    block_on,
    output::{self, OutputArgs},
};
use crate::{CommandError, config::Config, wiring};

#[derive(Debug, clap::Args)]
pub(super) struct AuditArgs {
    /// Only writes of this user (user id)
    #[arg(long, value_name = "ID")]
    actor: Option<UserId>,
    /// Only writes with this action, such as `publish_post`
    #[arg(long, value_parser = action)]
    action: Option<AuditAction>,
    /// Only resources of this type, such as `post` or `user`
    #[arg(long, value_name = "TYPE", value_parser = kind)]
    resource_kind: Option<AuditedKind>,
    /// Only this resource (an id, or a tag in lower case)
    #[arg(long, value_name = "ID", requires = "resource_kind")]
    resource_id: Option<String>,
    /// Only writes at or after this time
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// Only writes before this time
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
    /// Maximum number of records
    #[arg(long, default_value = "100")]
    limit: NonZeroUsize,
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run(args: AuditArgs, config: &Config) -> Result<(), CommandError> {
    let filter = AuditFilter {
        actor: args.actor,
        action: args.action,
        kind: args.resource_kind,
        resource_id: args.resource_id,
        from: args.from,
        until: args.until,
    };
    let records = block_on(wiring::list_audit(config, filter, args.limit.get()))?;
    if args.output.json {
        return output::print_json(&records.iter().map(json_row).collect());
    }
    output::print(&table(&records))
}

fn action(text: &str) -> Result<AuditAction, String> {
    AuditAction::deserialize(text.into_deserializer()).map_err(|error: NameError| error.to_string())
}

fn kind(text: &str) -> Result<AuditedKind, String> {
    let known = AuditedKind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == text);
    known.ok_or_else(|| {
        let names = AuditedKind::ALL.map(AuditedKind::as_str);
        format!("must be one of {}", names.join(", "))
    })
}

/// A record with the members of the REST API.
fn json_row(record: &AuditRecord) -> Value {
    json!({
        "id": record.id,
        "at": record.at,
        "action": record.action,
        "actor_id": record.actor,
        "api_key_id": record.key,
        "resource": {"kind": record.resource.kind.as_str(), "id": record.resource.id},
        "version": record.version,
        "revision": record.revision,
        "note": record.note,
        "request_id": record.request_id,
    })
}

fn table(records: &[AuditRecord]) -> String {
    let rows = records.iter().map(|record| {
        let action = serde_json::to_value(record.action).ok();
        let action = action.as_ref().and_then(Value::as_str).unwrap_or_default();
        let actor = record.actor.map(|actor| actor.to_string());
        let key = record.key.map(|key| key.to_string());
        [
            record.at.to_string(),
            action.to_owned(),
            actor.unwrap_or_default(),
            key.unwrap_or_default(),
            record.resource.kind.as_str().to_owned(),
            record.resource.id.clone().unwrap_or_default(),
        ]
    });
    output::table(
        ["Time", "Action", "Actor", "API key", "Resource", "Id"],
        rows,
    )
}
