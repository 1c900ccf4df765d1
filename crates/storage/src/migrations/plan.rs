use std::fmt;

use serde::Serialize;

use super::{Difference, MigrationError, MigrationId, Migrator, Step, settle::Found};

/// What `up` would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The journal's own table.
    pub journal: Vec<PlannedStep>,
    /// Migrations that are not done, in their order.
    pub migrations: Vec<PlannedMigration>,
}

/// A migration that `up` would apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedMigration {
    /// Number and name.
    #[serde(flatten)]
    pub id: MigrationId,
    /// What it is for.
    pub description: String,
    /// Its steps in order.
    pub steps: Vec<PlannedStep>,
}

/// A step that `up` would take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedStep {
    /// The step in words.
    pub step: String,
    /// What would come of it.
    pub prospect: Prospect,
}

/// What a look at the live tables says about a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "prospect", content = "because", rename_all = "snake_case")]
pub enum Prospect {
    /// It is to be done.
    ToDo,
    /// It is to be done, and DynamoDB fills the index from the items there are.
    FillsIndex(IndexFill),
    /// Nothing is left to do: an earlier run did it, or somebody by hand.
    AlreadyThere,
    /// This engine cannot do it; it is left out.
    NotSupported,
    /// `up` would stop here.
    Refused(Vec<Difference>),
}

/// What it costs to fill a new index from the items of its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct IndexFill {
    /// Items of the table, as DynamoDB last counted them (about every six hours).
    pub items: u64,
    /// Write units if every item belongs into the index.
    pub write_units: u64,
}

impl IndexFill {
    /// On demand in us-east-1, a million write units cost 62.5 cents.
    const UNITS_FOR_A_CENT: u64 = 16_000;

    pub(super) fn of(items: i64, bytes: i64) -> Option<Self> {
        let items = u64::try_from(items).ok().filter(|items| *items > 0)?;
        let average = u64::try_from(bytes).unwrap_or_default().div_ceil(items);
        Some(Self {
            items,
            write_units: items * average.div_ceil(1024).max(1),
        })
    }
}

impl fmt::Display for IndexFill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { items, write_units } = self;
        let cents = write_units.div_ceil(Self::UNITS_FOR_A_CENT);
        write!(
            f,
            "about {items} items, at most {write_units} write units or ${}.{:02}",
            cents / 100,
            cents % 100
        )
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.migrations.is_empty() {
            return writeln!(f, "Nothing to do.");
        }
        writeln!(f, "The journal of migrations, and their lock")?;
        self.journal.iter().try_for_each(|step| step.fmt(f))?;
        for PlannedMigration {
            id,
            description,
            steps,
        } in &self.migrations
        {
            writeln!(f, "{id}: {description}")?;
            steps.iter().try_for_each(|step| step.fmt(f))?;
        }
        Ok(())
    }
}

impl fmt::Display for PlannedStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  {}{}", self.step, self.prospect)
    }
}

impl fmt::Display for Prospect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ToDo => Ok(()),
            Self::FillsIndex(fill) => write!(f, " ({fill})"),
            Self::AlreadyThere => f.write_str(" (there already)"),
            Self::NotSupported => f.write_str(" (left out: not supported by this engine)"),
            Self::Refused(differences) => {
                f.write_str(" (refused)")?;
                differences
                    .iter()
                    .try_for_each(|difference| write!(f, "\n    {difference}"))
            }
        }
    }
}

/// Looks at one step after the other, minding the tables that earlier steps would have made.
pub(super) struct Forecast<'a> {
    migrator: &'a Migrator,
    made: Vec<String>,
}

impl<'a> Forecast<'a> {
    pub(super) fn new(migrator: &'a Migrator) -> Self {
        Self {
            migrator,
            made: Vec::new(),
        }
    }

    pub(super) async fn steps(
        &mut self,
        steps: &[Step],
    ) -> Result<Vec<PlannedStep>, MigrationError> {
        let mut planned = Vec::new();
        for step in steps {
            let words = step.words(&self.migrator.full_name(step.table()));
            planned.push(PlannedStep {
                step: words,
                prospect: self.prospect(step).await?,
            });
        }
        Ok(planned)
    }

    async fn prospect(&mut self, step: &Step) -> Result<Prospect, MigrationError> {
        let table = self.migrator.full_name(step.table());
        Ok(match self.migrator.look(step).await? {
            Found::Done => Prospect::AlreadyThere,
            Found::NotSupported => Prospect::NotSupported,
            Found::Different(differences) => Prospect::Refused(differences),
            Found::ToDo => self
                .fill(step, &table)
                .await?
                .map_or(Prospect::ToDo, Prospect::FillsIndex),
            Found::NoTable if matches!(step, Step::CreateTable { .. }) => {
                self.made.push(table);
                Prospect::ToDo
            }
            Found::NoTable if self.made.contains(&table) => Prospect::ToDo,
            Found::NoTable => Prospect::Refused(vec![Difference::no_table(&table)]),
        })
    }

    async fn fill(&self, step: &Step, table: &str) -> Result<Option<IndexFill>, MigrationError> {
        if !matches!(step, Step::AddIndex { .. }) {
            return Ok(None);
        }
        let described = self.migrator.live.describe(table).await?;
        Ok(described.and_then(|table| {
            IndexFill::of(
                table.item_count.unwrap_or_default(),
                table.table_size_bytes.unwrap_or_default(),
            )
        }))
    }
}
