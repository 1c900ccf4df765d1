use std::fmt;

use include_dir::{Dir, include_dir};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{MigrationError, Step, declaration::Declaration, tables::Tables};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../migrations");

/// Number and name of a migration, written `0001_posts`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MigrationId {
    /// Position in the sequence, from 1.
    pub version: u32,
    /// What it is about.
    pub name: String,
}

impl fmt::Display for MigrationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}_{}", self.version, self.name)
    }
}

/// One file, understood.
#[derive(Debug, Clone, Serialize)]
pub struct Migration {
    /// Number and name.
    pub id: MigrationId,
    /// What it is for, in the file's words.
    pub description: String,
    /// SHA-256 of the file with Unix line ends, in hexadecimal.
    pub checksum: String,
    /// What it does, in order.
    pub steps: Vec<Step>,
}

/// Migrations in their order, and the tables that they add up to.
#[derive(Debug, Clone)]
pub struct MigrationSet {
    migrations: Vec<Migration>,
    tables: Tables,
}

impl MigrationSet {
    /// The files of the folder `migrations`, which are part of this binary.
    #[must_use]
    #[expect(
        clippy::missing_panics_doc,
        reason = "a test parses the files of the folder"
    )]
    pub fn shipped() -> Self {
        let files = FILES.files().map(|file| {
            let name = file.path().to_string_lossy().into_owned();
            (name, file.contents_utf8().unwrap_or_default())
        });
        Self::parse(files).expect("a test parses the files of the folder")
    }

    /// Understands `files`, given as name (`0001_posts.toml`) and text in any order.
    ///
    /// # Errors
    ///
    /// [`MigrationError::File`] if a name, a key or a value is wrong, a number is missing or taken
    /// twice, or a step contradicts an earlier one.
    pub fn parse<N: AsRef<str>, T: AsRef<str>>(
        files: impl IntoIterator<Item = (N, T)>,
    ) -> Result<Self, MigrationError> {
        let mut files: Vec<_> = files.into_iter().collect();
        files.sort_by(|a, b| a.0.as_ref().cmp(b.0.as_ref()));
        let mut set = Self {
            migrations: Vec::new(),
            tables: Tables::of_journal(),
        };
        for (file, text) in files {
            let file = file.as_ref();
            set.take(file, text.as_ref())
                .map_err(|reason| MigrationError::File {
                    file: file.to_owned(),
                    reason,
                })?;
        }
        Ok(set)
    }

    /// The migrations in their order.
    #[must_use]
    pub fn migrations(&self) -> &[Migration] {
        &self.migrations
    }

    pub(super) fn has(&self, version: u32) -> bool {
        self.migrations
            .iter()
            .any(|migration| migration.id.version == version)
    }

    /// What every table shall look like in the end, by its name without the prefix.
    pub(super) fn tables(&self) -> &Tables {
        &self.tables
    }

    fn take(&mut self, file: &str, text: &str) -> Result<(), String> {
        let id = identify(file)?;
        let expected = self.migrations.len() + 1;
        if usize::try_from(id.version) != Ok(expected) {
            return Err(format!(
                "its number should be {expected:04}, because numbers follow one another"
            ));
        }
        // A checkout that turns line ends must not look like an edit.
        let text = text.replace("\r\n", "\n");
        let declaration: Declaration = toml::from_str(&text).map_err(|error| error.to_string())?;
        for table in declaration.altered() {
            self.tables.require(table)?;
        }
        let description = declaration.description.clone();
        let steps = declaration.into_steps();
        if steps.is_empty() {
            return Err("it declares nothing".to_owned());
        }
        steps.iter().try_for_each(|step| self.tables.add(step))?;
        self.migrations.push(Migration {
            id,
            description,
            checksum: checksum(&text),
            steps,
        });
        Ok(())
    }
}

fn identify(file: &str) -> Result<MigrationId, String> {
    let parts = file
        .strip_suffix(".toml")
        .and_then(|stem| stem.split_once('_'));
    let parts = parts.filter(|(number, name)| number.len() == 4 && !name.is_empty());
    parts
        .and_then(|(number, name)| {
            Some(MigrationId {
                version: number.parse().ok()?,
                name: name.to_owned(),
            })
        })
        .ok_or_else(|| "its name should look like 0001_posts.toml".to_owned())
}

fn checksum(text: &str) -> String {
    Sha256::digest(text)
        .iter()
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POSTS: &str = r#"
        description = "Posts"
        [[create]]
        table = "posts"
        point_in_time_recovery = true
        deletion_protection = true
    "#;

    fn refusal(files: &[(&str, &str)]) -> String {
        MigrationSet::parse(files.iter().copied())
            .unwrap_err()
            .to_string()
    }

    fn alteration(change: &str) -> String {
        format!("description = \"Change\"\n[[alter]]\ntable = \"posts\"\n{change}")
    }

    #[test]
    fn every_file_of_the_folder_is_in_the_binary() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
        let shipped: Vec<_> = MigrationSet::shipped()
            .migrations()
            .iter()
            .map(|migration| format!("{}.toml", migration.id))
            .collect();
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        assert_eq!(files, shipped);
    }

    #[test]
    fn unknown_and_missing_keys_are_refused() {
        let misspelt = POSTS.replace("deletion_protection", "deletion_protected");
        assert!(refusal(&[("0001_posts.toml", &misspelt)]).contains("deletion_protected"));
        let silent = POSTS.replace("point_in_time_recovery = true", "");
        assert!(refusal(&[("0001_posts.toml", &silent)]).contains("point_in_time_recovery"));
    }

    #[test]
    fn numbers_follow_one_another() {
        assert!(refusal(&[("0002_posts.toml", POSTS)]).contains("should be 0001"));
        assert!(
            refusal(&[("0001_posts.toml", POSTS), ("0001_users.toml", POSTS)])
                .contains("should be 0002")
        );
        for name in [
            "posts.toml",
            "1_posts.toml",
            "0001_.toml",
            "0001_posts.json",
            "0000_posts.toml",
        ] {
            assert!(MigrationSet::parse([(name, POSTS)]).is_err(), "{name}");
        }
    }

    #[test]
    fn contradictions_are_refused() {
        let change = |change: &str| {
            refusal(&[
                ("0001_posts.toml", POSTS),
                ("0002_change.toml", &alteration(change)),
            ])
        };
        assert!(change("deletion_protection = true").contains("is on already"));
        assert!(change("").contains("declares nothing"));
        assert!(
            refusal(&[("0001_change.toml", &alteration("ttl = \"expires_at\""))])
                .contains("no earlier file")
        );
        assert!(
            refusal(&[("0001_posts.toml", POSTS), ("0002_posts.toml", POSTS)])
                .contains("made twice")
        );
        let journal = POSTS.replace("posts", "schema_migrations");
        assert!(refusal(&[("0001_posts.toml", &journal)]).contains("made twice"));
    }

    #[test]
    fn a_table_is_not_altered_by_the_file_that_makes_it() {
        let both = format!("{POSTS}\n[[alter]]\ntable = \"posts\"\nttl = \"expires_at\"");
        assert!(refusal(&[("0001_posts.toml", &both)]).contains("no earlier file"));
    }

    #[test]
    fn line_ends_do_not_change_the_checksum() {
        let sums = [POSTS.to_owned(), POSTS.replace('\n', "\r\n")].map(|text| {
            let set = MigrationSet::parse([("0001_posts.toml", text)]).unwrap();
            set.migrations()[0].checksum.clone()
        });
        assert_eq!(sums[0], sums[1]);
    }

    #[test]
    fn alterations_become_steps_in_a_fixed_order() {
        let change = alteration(
            "ttl = \"expires_at\"\nstream = \"new_and_old_images\"\ndeletion_protection = false\n\
             [[alter.index]]\nname = \"by_state\"\nhash = \"state_key\"\nrange = \"created_key\"",
        );
        let set = MigrationSet::parse([("0001_posts.toml", POSTS), ("0002_change.toml", &change)])
            .unwrap();
        let steps: Vec<_> = set
            .migrations()
            .last()
            .unwrap()
            .steps
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            steps,
            [
                "add index by_state (state_key, created_key) to table posts",
                "let items of table posts expire by attribute expires_at",
                "switch on the stream (NEW_AND_OLD_IMAGES) of table posts",
                "switch off deletion protection of table posts",
            ]
        );
    }
}
