use std::collections::BTreeMap;

use clap::Args;
use comfy_table::{Table, presets};
use indicatif::ProgressBar;
use serde_json::json;
use tintero_storage::doctor::{Finding, Rule};

use super::{block_on, output};
use crate::{
    Failure,
    config::Config,
    wiring::{self, Diagnosis},
};

/// The most findings that a table shows.
const SHOWN: usize = 50;

/// How to examine the tables.
#[derive(Debug, Args)]
pub(super) struct Visit {
    /// Put right what can be put right without losing anything
    #[arg(long)]
    repair: bool,
    /// Print a JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(visit: &Visit, config: &Config) -> Result<(), Failure> {
    let bar = ProgressBar::new_spinner().with_message("items looked at");
    let seen = |items: usize| bar.set_position(items as u64);
    let diagnosis = block_on(wiring::examine(config, visit.repair, seen))?;
    bar.finish_and_clear();
    let left: Vec<&Finding> = match &diagnosis.repair {
        Some(repair) => repair.left.iter().collect(),
        None => diagnosis.examination.findings.iter().collect(),
    };
    if visit.json {
        output::answer(&format!("{:#}", object(&diagnosis, &left)))?;
    } else {
        output::answer(&text(&diagnosis, &left))?;
    }
    if left.is_empty() {
        return Ok(());
    }
    let advice = if visit.repair {
        "these need a person: publish the posts again, or restore a backup"
    } else if left.iter().any(|finding| finding.can_be_repaired()) {
        "run `tintero doctor --repair` to put right what can be put right"
    } else {
        "none of this can be repaired by itself: publish the posts again, or restore a backup"
    };
    Err(Failure::Failed(anyhow::anyhow!(
        "{} findings; {advice}",
        left.len()
    )))
}

fn object(diagnosis: &Diagnosis, left: &[&Finding]) -> serde_json::Value {
    let findings: Vec<_> = left
        .iter()
        .map(|finding| {
            json!({
                "rule": finding.rule,
                "pk": finding.place.pk,
                "sk": finding.place.sk,
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

fn text(diagnosis: &Diagnosis, left: &[&Finding]) -> String {
    let mut counted: BTreeMap<Rule, usize> = Rule::ALL.map(|rule| (rule, 0)).into();
    for finding in left {
        *counted.entry(finding.rule).or_default() += 1;
    }
    let mut rules = Table::new();
    rules
        .load_style(presets::NOTHING)
        .set_header(["RULE", "FINDINGS"]);
    for (rule, count) in counted {
        rules.add_row([rule.to_string(), count.to_string()]);
    }
    let mut lines = vec![
        format!(
            "{} posts, {} items",
            diagnosis.examination.posts, diagnosis.examination.items
        ),
        String::new(),
        rules.to_string(),
    ];
    if let Some(repair) = &diagnosis.repair {
        lines.push(format!("\n{} findings were put right", repair.repaired));
    }
    if !left.is_empty() {
        lines.push(String::new());
        lines.extend(left.iter().take(SHOWN).map(ToString::to_string));
    }
    if left.len() > SHOWN {
        lines.push(format!("and {} more; --json shows all", left.len() - SHOWN));
    }
    lines.join("\n")
}
