use serde::{Deserialize, Serialize};

use super::Step;

/// One file: tables that it makes, and tables of earlier files that it changes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Declaration {
    pub(super) description: String,
    #[serde(default)]
    create: Vec<CreateTable>,
    #[serde(default)]
    alter: Vec<AlterTable>,
}

/// A new table with string keys `pk` and `sk`, billed on demand.
///
/// Protection has no default: whoever makes a table decides about it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CreateTable {
    table: String,
    #[serde(default)]
    index: Vec<Index>,
    ttl: Option<String>,
    stream: Option<StreamView>,
    point_in_time_recovery: bool,
    deletion_protection: bool,
}

/// Changes of a table: what is not named stays as it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AlterTable {
    table: String,
    #[serde(default)]
    index: Vec<Index>,
    ttl: Option<String>,
    stream: Option<StreamView>,
    point_in_time_recovery: Option<bool>,
    deletion_protection: Option<bool>,
}

/// A global secondary index that projects every attribute; its keys are strings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// Name, after the access pattern that it serves.
    pub name: String,
    /// Attribute of the partition key.
    pub hash: String,
    /// Attribute of the sort key.
    pub range: String,
}

/// What a table's stream says about each change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamView {
    /// Only the keys.
    KeysOnly,
    /// The item after the change.
    NewImage,
    /// The item before the change.
    OldImage,
    /// The item before and after.
    NewAndOldImages,
}

impl Declaration {
    /// Tables that earlier files must have made.
    pub(super) fn altered(&self) -> impl Iterator<Item = &str> {
        self.alter.iter().map(|change| change.table.as_str())
    }

    /// The steps in the order in which they are done: new tables first.
    pub(super) fn into_steps(self) -> Vec<Step> {
        let created = self.create.into_iter().flat_map(CreateTable::into_steps);
        let altered = self.alter.into_iter().flat_map(AlterTable::into_steps);
        created.chain(altered).collect()
    }
}

impl CreateTable {
    fn into_steps(self) -> Vec<Step> {
        let settings = AlterTable {
            table: self.table.clone(),
            index: Vec::new(),
            ttl: self.ttl,
            stream: self.stream,
            // Off is what a new table has.
            point_in_time_recovery: self.point_in_time_recovery.then_some(true),
            deletion_protection: self.deletion_protection.then_some(true),
        };
        let mut steps = vec![Step::CreateTable {
            table: self.table,
            indexes: self.index,
        }];
        steps.extend(settings.into_steps());
        steps
    }
}

impl AlterTable {
    fn into_steps(self) -> Vec<Step> {
        let table = || self.table.clone();
        let mut steps: Vec<_> = self
            .index
            .into_iter()
            .map(|index| Step::AddIndex {
                table: table(),
                index,
            })
            .collect();
        steps.extend(self.ttl.map(|attribute| Step::SetTtl {
            table: table(),
            attribute,
        }));
        steps.extend(self.stream.map(|view| Step::SetStream {
            table: table(),
            view,
        }));
        steps.extend(
            self.deletion_protection
                .map(|on| Step::SetDeletionProtection { table: table(), on }),
        );
        steps.extend(
            self.point_in_time_recovery
                .map(|on| Step::SetPointInTimeRecovery { table: table(), on }),
        );
        steps
    }
}
