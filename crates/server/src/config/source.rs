//! Where values come from: the environment and a file.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fmt, fs, io,
    path::{Path, PathBuf},
};

use super::{DEFAULT_FILE, PREFIX};
use crate::Failure;

/// Names the configuration file; not a setting, because a file cannot name itself.
const FILE_VARIABLE: &str = "TINTERO_CONFIG";
/// The API key or access token of `tintero import`, which reads it itself.
const TOKEN_VARIABLE: &str = "TINTERO_TOKEN";

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Nobody set it.
    Default,
    /// The configuration file.
    File(PathBuf),
    /// The environment variable of the setting.
    Environment,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => path.display().fmt(f),
            Self::Environment => f.write_str("environment"),
        }
    }
}

/// The variables of this process that start with `TINTERO_`; empty ones count as not set.
#[derive(Debug, Clone, Default)]
pub struct Environment(BTreeMap<String, OsString>);

impl Environment {
    pub(super) fn of_process() -> Self {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .collect()
    }

    fn file(&self) -> Option<&Path> {
        self.0.get(FILE_VARIABLE).map(Path::new)
    }

    /// The variables that must be settings, by name.
    pub(super) fn settings(&self) -> impl Iterator<Item = (&str, &OsString)> {
        self.0
            .iter()
            .filter(|(name, _)| ![FILE_VARIABLE, TOKEN_VARIABLE].contains(&name.as_str()))
            .map(|(name, value)| (name.as_str(), value))
    }
}

impl<V: Into<OsString>> FromIterator<(String, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (String, V)>>(variables: I) -> Self {
        let ours = variables
            .into_iter()
            .map(|(name, value)| (name, value.into()));
        Self(
            ours.filter(|(name, value): &(String, OsString)| {
                name.starts_with(PREFIX) && !value.is_empty()
            })
            .collect(),
        )
    }
}

/// A configuration file as it was read.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) table: toml::Table,
}

/// Reads the file that is asked for, or the usual one where it exists.
pub(super) fn find(
    flag: Option<&Path>,
    environment: &Environment,
) -> Result<Option<File>, Failure> {
    let named = flag.or_else(|| environment.file());
    let path = named.unwrap_or(Path::new(DEFAULT_FILE));
    match fs::read_to_string(path) {
        Ok(text) => parse(path, &text).map(Some),
        Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::refused(format!(
            "the configuration file {} cannot be read: {error}",
            path.display()
        ))),
    }
}

fn parse(path: &Path, text: &str) -> Result<File, Failure> {
    // The error's own text quotes the line, which may hold a secret.
    let table = text.parse().map_err(|error: toml::de::Error| {
        let line = error
            .span()
            .map_or(1, |span| 1 + text[..span.start].matches('\n').count());
        Failure::refused(format!(
            "{}, line {line}: {}",
            path.display(),
            error.message()
        ))
    })?;
    Ok(File {
        path: path.to_owned(),
        table,
    })
}

/// A value of the file as the text that the setting's variable would hold.
pub(super) fn text_of(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        toml::Value::Array(values) => values
            .iter()
            .map(text_of)
            .collect::<Option<Vec<_>>>()
            .map(|parts| parts.join(",")),
        toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Table(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_file_is_named_with_its_line_and_without_its_text() {
        let error = parse(
            Path::new("t.toml"),
            "listen = \"a\"\nadmin_password = \"s3cret\n",
        )
        .unwrap_err();
        let text = error.to_string();
        assert!(
            text.starts_with("t.toml, line 2: ") && !text.contains("s3cret"),
            "{text}"
        );
    }

    #[test]
    fn a_named_file_must_exist() {
        let error = find(Some(Path::new("no/such.toml")), &Environment::default()).unwrap_err();
        assert!(error.to_string().contains("no/such.toml"));
    }
}
