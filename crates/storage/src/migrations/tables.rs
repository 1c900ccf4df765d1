use std::collections::BTreeMap;

use super::{
    Step,
    facts::{Aspect, Facts, OFF},
    journal_steps,
};

/// What every table shall look like, by its name without the prefix: the sum of the steps.
#[derive(Debug, Clone)]
pub(super) struct Tables(BTreeMap<String, Facts>);

impl Tables {
    /// What a table has that nobody said anything about.
    const SILENT: [Aspect; 4] = [
        Aspect::Stream,
        Aspect::TimeToLive,
        Aspect::DeletionProtection,
        Aspect::PointInTimeRecovery,
    ];

    /// The journal's own table, which no file makes.
    pub(super) fn of_journal() -> Self {
        let mut tables = Self(BTreeMap::new());
        for step in journal_steps() {
            tables.add(&step).expect("the steps of the journal agree");
        }
        tables
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Facts)> {
        self.0.iter().map(|(table, facts)| (table.as_str(), facts))
    }

    /// Adds what `step` makes true, or says which earlier step it contradicts.
    pub(super) fn add(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::CreateTable { table, indexes } => {
                well_named(table)?;
                indexes
                    .iter()
                    .try_for_each(|index| well_named(&index.name))?;
                if self.0.contains_key(table) {
                    return Err(format!("table {table} is made twice"));
                }
                let silent = Self::SILENT.map(|aspect| (aspect, OFF.to_owned()));
                self.0.insert(table.clone(), silent.into());
            }
            Step::AddIndex { index, .. } => well_named(&index.name)?,
            _ => {}
        }
        let facts = self.require(step.table())?;
        step.facts()
            .into_iter()
            .try_for_each(|(aspect, fact)| change(facts, aspect, fact, step.table()))
    }

    /// The facts of a table that some step made.
    pub(super) fn require(&mut self, table: &str) -> Result<&mut Facts, String> {
        self.0
            .get_mut(table)
            .ok_or_else(|| format!("no earlier file makes table {table}"))
    }
}

/// On and off may follow each other; anything else is set once.
fn change(facts: &mut Facts, aspect: Aspect, fact: String, table: &str) -> Result<(), String> {
    match facts.get(&aspect) {
        Some(before) if *before == fact || (before != OFF && fact != OFF) => {
            Err(format!("{aspect} of table {table} is {before} already"))
        }
        _ => {
            facts.insert(aspect, fact);
            Ok(())
        }
    }
}

/// Names that DynamoDB takes, in one spelling.
fn well_named(name: &str) -> Result<(), String> {
    let spelt = name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if spelt && (3..=64).contains(&name.len()) {
        Ok(())
    } else {
        Err(format!(
            "the name {name:?} should be 3 to 64 lower-case letters and underscores"
        ))
    }
}
