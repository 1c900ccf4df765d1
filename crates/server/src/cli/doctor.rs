use std::collections::BTreeMap;

use indicatif::ProgressBar;
use serde_json::json;
use tintero_storage::doctor::{DoctorFinding, DoctorRule};

use super::{
    block_on,
    output::{self, OutputArgs},
};
use crate::{
    CommandError,
    config::Config,
    wiring::{self, Diagnosis},
};

/// Maximum number of findings in the text output.
const MAX_SHOWN: usize = 50;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Repair findings that can be repaired without loss of data
    #[arg(long)]
    repair: bool,
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run(args: &Args, config: &Config) -> Result<(), CommandError> {
    let bar = ProgressBar::new_spinner().with_message("items checked");
    let progress = |items: usize| bar.set_position(items as u64);
    let diagnosis = block_on(wiring::examine(config, args.repair, progress))?;
    bar.finish_and_clear();
    let left: Vec<&DoctorFinding> = match &diagnosis.repair {
        Some(repair) => repair.left.iter().collect(),
        None => diagnosis.examination.findings.iter().collect(),
    };
    if args.output.json {
        output::print_json(&json_report(&diagnosis, &left))?;
    } else {
        output::print(&text_report(&diagnosis, &left))?;
    }
    if left.is_empty() {
        return Ok(());
    }
    let advice = if !args.repair && left.iter().any(|finding| finding.can_be_repaired()) {
        "run `tintero doctor --repair` to repair those that can be repaired automatically"
    } else {
        "they cannot be repaired automatically: publish the posts again or restore a backup"
    };
    Err(CommandError::Failed(anyhow::anyhow!(
        "found {} inconsistencies; {advice}",
        left.len()
    )))
}

fn json_report(diagnosis: &Diagnosis, left: &[&DoctorFinding]) -> serde_json::Value {
    let findings: Vec<_> = left
        .iter()
        .map(|finding| {
            json!({
                "rule": finding.rule,
                "pk": finding.key.pk,
                "sk": finding.key.sk,
                "detail": finding.detail,
                "can_be_repaired": finding.can_be_repaired(),
            })
        })
        .collect();
    json!({
        "posts": diagnosis.examination.posts,
        "items": diagnosis.examination.items,
        "found": diagnosis.examination.findings.len(),
        "repaired": diagnosis.repair.as_ref().map(|repair| repair.repaired),
        "findings": findings,
    })
}

fn text_report(diagnosis: &Diagnosis, left: &[&DoctorFinding]) -> String {
    let mut counted: BTreeMap<DoctorRule, usize> = DoctorRule::ALL.map(|rule| (rule, 0)).into();
    for finding in left {
        *counted.entry(finding.rule).or_default() += 1;
    }
    let rows = counted
        .into_iter()
        .map(|(rule, count)| [rule.to_string(), count.to_string()]);
    let mut lines = vec![
        format!(
            "{} posts, {} items",
            diagnosis.examination.posts, diagnosis.examination.items
        ),
        String::new(),
        output::table(["Rule", "Findings"], rows),
    ];
    if let Some(repair) = &diagnosis.repair {
        lines.push(format!("\nRepaired {} findings", repair.repaired));
    }
    if !left.is_empty() {
        lines.push(String::new());
        lines.extend(left.iter().take(MAX_SHOWN).map(ToString::to_string));
    }
    if left.len() > MAX_SHOWN {
        lines.push(format!(
            "and {} more; use --json to show all",
            left.len() - MAX_SHOWN
        ));
    }
    lines.join("\n")
}
