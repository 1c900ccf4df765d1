use std::{collections::BTreeMap, fmt};

use aws_sdk_dynamodb::types::StreamViewType;
use include_dir::{Dir, include_dir};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    MigrationError, journal_steps,
    step::{IndexDeclaration, MigrationStep, TableChange},
    verify::{Aspect, OFF, TableFacts, TableSetting, switch},
};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../migrations");

/// Number and name of a migration, written `0001_posts`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MigrationId {
    /// Position in the sequence, from 1.
    pub version: u32,
    /// Name of the file without number and extension.
    pub name: String,
}

impl fmt::Display for MigrationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}_{}", self.version, self.name)
    }
}

/// One parsed file.
#[derive(Debug, Clone)]
pub(super) struct Migration {
    pub(super) id: MigrationId,
    pub(super) description: String,
    /// SHA-256 of the file with Unix line ends, in hexadecimal.
    pub(super) checksum: String,
    pub(super) steps: Vec<MigrationStep>,
}

/// Migrations in order, and the tables that they declare together.
#[derive(Debug, Clone)]
pub struct MigrationSet {
    pub(super) migrations: Vec<Migration>,
    /// Expected facts by table name without the prefix.
    pub(super) tables: BTreeMap<String, TableFacts>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Declaration {
    description: String,
    #[serde(default)]
    create: Vec<TableDeclaration>,
    #[serde(default)]
    alter: Vec<TableDeclaration>,
}

/// A table to create, or to alter: an absent setting stays unchanged.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TableDeclaration {
    table: String,
    #[serde(default)]
    index: Vec<IndexDeclaration>,
    ttl: Option<String>,
    /// The view type of the stream, in lower case.
    stream: Option<String>,
    point_in_time_recovery: Option<bool>,
    deletion_protection: Option<bool>,
}

impl MigrationSet {
    /// The files of the folder `migrations`, which are embedded in this binary.
    #[must_use]
    #[expect(
        clippy::missing_panics_doc,
        reason = "a test parses the files of the folder"
    )]
    pub fn embedded() -> Self {
        let files = FILES.files().map(|file| {
            let name = file.path().to_string_lossy().into_owned();
            (name, file.contents_utf8().unwrap_or_default())
        });
        Self::parse(files).expect("a test parses the files of the folder")
    }

    /// Parses `files`, given as name (`0001_posts.toml`) and text in any order.
    ///
    /// # Errors
    ///
    /// [`MigrationError::File`] if a name, a key or a value is invalid, a number is missing or
    /// repeated, or a step contradicts an earlier one.
    ///
    /// # Panics
    ///
    /// If the steps of the migration journal itself contradict each other.
    pub fn parse<N: AsRef<str>, T: AsRef<str>>(
        files: impl IntoIterator<Item = (N, T)>,
    ) -> Result<Self, MigrationError> {
        let mut files: Vec<_> = files.into_iter().collect();
        files.sort_by(|a, b| a.0.as_ref().cmp(b.0.as_ref()));
        let mut set = Self {
            migrations: Vec::new(),
            tables: BTreeMap::new(),
        };
        for step in journal_steps() {
            set.add_step(&step).expect("the steps of the journal agree");
        }
        for (file, text) in files {
            let file = file.as_ref();
            set.add_file(file, text.as_ref())
                .map_err(|reason| MigrationError::File {
                    file: file.to_owned(),
                    reason,
                })?;
        }
        Ok(set)
    }

    fn add_file(&mut self, file: &str, text: &str) -> Result<(), String> {
        let id = parse_name(file)?;
        let expected = self.migrations.len() + 1;
        if usize::try_from(id.version) != Ok(expected) {
            return Err(format!(
                "its number must be {expected:04}, because numbers have no gaps"
            ));
        }
        // A checkout that converts line ends must not change the checksum.
        let text = text.replace("\r\n", "\n");
        let declaration: Declaration = toml::from_str(&text).map_err(|error| error.to_string())?;
        for altered in &declaration.alter {
            self.table(&altered.table)?;
        }
        let mut steps = Vec::new();
        for table in declaration.create {
            steps.extend(table.into_creation()?);
        }
        for table in declaration.alter {
            steps.extend(table.into_changes()?);
        }
        if steps.is_empty() {
            return Err("it declares nothing".to_owned());
        }
        steps.iter().try_for_each(|step| self.add_step(step))?;
        self.migrations.push(Migration {
            id,
            description: declaration.description,
            checksum: hex::encode(Sha256::digest(&text)),
            steps,
        });
        Ok(())
    }

    /// Adds the facts that `step` makes true; fails if it contradicts an earlier step.
    fn add_step(&mut self, MigrationStep { table, change }: &MigrationStep) -> Result<(), String> {
        if let TableChange::Create(indexes) = change {
            validate_name(table)?;
            indexes
                .iter()
                .try_for_each(|index| validate_name(&index.name))?;
            let settings = TableSetting::ALL.map(|it| (Aspect::Setting(it), OFF.to_owned()));
            if self.tables.insert(table.clone(), settings.into()).is_some() {
                return Err(format!("table {table} is created twice"));
            }
        }
        if let TableChange::AddIndex(index) = change {
            validate_name(&index.name)?;
        }
        let facts = self.table(table)?;
        for (aspect, fact) in change.facts() {
            // Only a switch can change its value.
            if let Some(before) = facts.get(&aspect)
                && (*before == fact || (before != OFF && fact != OFF))
            {
                return Err(format!("{aspect} of table {table} is {before} already"));
            }
            facts.insert(aspect, fact);
        }
        Ok(())
    }

    fn table(&mut self, table: &str) -> Result<&mut TableFacts, String> {
        let facts = self.tables.get_mut(table);
        facts.ok_or_else(|| format!("no earlier file creates table {table}"))
    }
}

impl TableDeclaration {
    fn into_creation(mut self) -> Result<Vec<MigrationStep>, String> {
        let table = self.table.clone();
        for on in [
            &mut self.point_in_time_recovery,
            &mut self.deletion_protection,
        ] {
            if on.is_none() {
                return Err(format!(
                    "table {table} must set point_in_time_recovery and deletion_protection"
                ));
            }
            // A new table has both switched off.
            *on = on.filter(|on| *on);
        }
        let change = TableChange::Create(std::mem::take(&mut self.index));
        let mut steps = vec![MigrationStep { table, change }];
        steps.extend(self.into_changes()?);
        Ok(steps)
    }

    fn into_changes(self) -> Result<Vec<MigrationStep>, String> {
        let stream = self.stream.map(|view| view.to_uppercase());
        if let Some(view) = &stream {
            StreamViewType::try_parse(view).map_err(|error| error.to_string())?;
        }
        let settings = [
            (TableSetting::TimeToLive, self.ttl),
            (TableSetting::Stream, stream),
            (
                TableSetting::DeletionProtection,
                self.deletion_protection.map(switch),
            ),
            (
                TableSetting::PointInTimeRecovery,
                self.point_in_time_recovery.map(switch),
            ),
        ];
        let settings = settings
            .into_iter()
            .filter_map(|(setting, value)| Some(TableChange::Set(setting, value?)));
        let indexes = self.index.into_iter().map(TableChange::AddIndex);
        let table = self.table;
        let step = |change| MigrationStep {
            table: table.clone(),
            change,
        };
        Ok(indexes.chain(settings).map(step).collect())
    }
}

fn parse_name(file: &str) -> Result<MigrationId, String> {
    let parts = file
        .strip_suffix(".toml")
        .and_then(|stem| stem.split_once('_'));
    parts
        .filter(|(number, name)| number.len() == 4 && !name.is_empty())
        .and_then(|(number, name)| {
            Some(MigrationId {
                version: number.parse().ok()?,
                name: name.to_owned(),
            })
        })
        .ok_or_else(|| "its name must look like 0001_posts.toml".to_owned())
}

fn validate_name(name: &str) -> Result<(), String> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    if name.bytes().all(is_plain) && (3..=64).contains(&name.len()) {
        Ok(())
    } else {
        Err(format!(
            "the name {name:?} must have 3 to 64 lower-case letters and underscores"
        ))
    }
}

#[cfg(test)]
mod tests;
