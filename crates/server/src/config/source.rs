//! Reads the environment and the configuration file.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fmt, fs, io,
    path::{Path, PathBuf},
};

use super::{DEFAULT_FILE, PREFIX};
use crate::CommandError;

/// Path of the configuration file. Not a setting, because it cannot be in the file.
const FILE_VARIABLE: &str = "TINTERO_CONFIG";
/// The API key or access token of `tintero import`. The importer reads it.
const TOKEN_VARIABLE: &str = "TINTERO_TOKEN";

/// The source of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueSource {
    /// The default.
    Default,
    /// The configuration file.
    File(PathBuf),
    /// The environment variable.
    Environment,
}

impl fmt::Display for ValueSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => path.display().fmt(f),
            Self::Environment => f.write_str("environment"),
        }
    }
}

/// The variables of this process that start with `TINTERO_`. Empty variables count as not set.
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

    /// Iterates over the variables of settings.
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

/// A parsed configuration file.
#[derive(Debug, Clone)]
pub(super) struct ConfigFile {
    pub(super) path: PathBuf,
    /// Permission bits, if other users can read the file.
    pub(super) exposed: Option<u32>,
    pub(super) table: toml::Table,
}

/// Reads the given file, or the default one if it exists.
pub(super) fn find(
    flag: Option<&Path>,
    environment: &Environment,
) -> Result<Option<ConfigFile>, CommandError> {
    let named = flag.or_else(|| environment.file());
    let path = named.unwrap_or(Path::new(DEFAULT_FILE));
    match fs::read_to_string(path) {
        Ok(text) => parse(path, &text).map(Some),
        Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(CommandError::precondition(format!(
            "cannot read the configuration file {}: {error}",
            path.display()
        ))),
    }
}

fn parse(path: &Path, text: &str) -> Result<ConfigFile, CommandError> {
    // The full text of the error quotes the line, which may contain a secret.
    let table = text.parse().map_err(|error: toml::de::Error| {
        let line = error
            .span()
            .map_or(1, |span| 1 + text[..span.start].matches('\n').count());
        CommandError::precondition(format!(
            "{}, line {line}: {}",
            path.display(),
            error.message()
        ))
    })?;
    Ok(ConfigFile {
        path: path.to_owned(),
        exposed: exposed(path),
        table,
    })
}

/// Returns the permission bits of a file that other users can access.
#[cfg(unix)]
fn exposed(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;

    let mode = fs::metadata(path).ok()?.permissions().mode() & 0o7777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn exposed(_path: &Path) -> Option<u32> {
    None
}

/// Converts a value of the file to the text of an environment variable.
pub(super) fn text_of(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(boolean) => Some(boolean.to_string()),
        // Lists of tables have the form of the variable, which is JSON.
        toml::Value::Array(values) if values.iter().any(toml::Value::is_table) => {
            serde_json::to_string(values).ok()
        }
        toml::Value::Array(values) => values
            .iter()
            .map(text_of)
            .collect::<Option<Vec<_>>>()
            .map(|parts| parts.join(",")),
        toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Table(_) => None,
    }
}

#[cfg(test)]
impl Environment {
    pub(super) fn of(variables: &[(&str, &str)]) -> Self {
        let variables = variables.iter();
        variables
            .map(|(name, value)| ((*name).to_owned(), *value))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_syntax_error_names_file_and_line_without_quoting_text() {
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
    fn a_given_file_must_exist() {
        let error = find(Some(Path::new("no/such.toml")), &Environment::default()).unwrap_err();
        assert!(error.to_string().contains("no/such.toml"));
    }
}
