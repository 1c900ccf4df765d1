//! Merges the environment over the file and collects all problems.

use std::{collections::BTreeMap, fmt, path::Path};

use super::{
    Config, Environment, Fallback, PREFIX, SETTINGS, Setting, ValueSource,
    source::{self, ConfigFile},
    value::SettingValue,
};

/// A problem with a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblem {
    /// The variable, or the key and the file.
    pub key: String,
    /// The end of a sentence that starts with the key.
    pub detail: String,
}

impl fmt::Display for ConfigProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.key, self.detail)
    }
}

/// A configuration with the sources of its values.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    layers: Layers,
}

impl Loaded {
    /// Merges the environment over the file. Returns all problems of both.
    pub(super) fn from_sources(
        environment: &Environment,
        file: Option<&ConfigFile>,
    ) -> Result<Self, Vec<ConfigProblem>> {
        let mut layers = Layers::default();
        if let Some(file) = file {
            layers.add_file(file);
        }
        layers.add_environment(environment);
        match Config::read(&mut layers) {
            Some(config) if layers.problems.is_empty() => Ok(Self { config, layers }),
            _ => Err(layers.problems),
        }
    }

    /// Returns the variables with the prefix `TINTERO_` that are not settings of this program. Kubernetes
    /// sets such variables if a service is named `tintero`.
    #[must_use]
    pub fn foreign_variables(&self) -> &[String] {
        &self.layers.foreign
    }

    /// Whether the setting `name` has its default.
    pub(crate) fn is_default(&self, name: &str) -> bool {
        Setting::named(SETTINGS, name)
            .is_some_and(|setting| self.origin(setting).1 == ValueSource::Default)
    }

    /// Returns the text of `setting`, if it has one, and its source.
    #[must_use]
    pub fn origin(&self, setting: &Setting) -> (Option<&str>, ValueSource) {
        self.layers.origin(setting)
    }
}

/// The text and the source of each setting, and the problems found so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Layers {
    values: BTreeMap<&'static str, (String, ValueSource)>,
    problems: Vec<ConfigProblem>,
    /// Variables with our prefix that are no settings.
    foreign: Vec<String>,
}

impl Layers {
    fn add_file(&mut self, file: &ConfigFile) {
        let names: Vec<String> = SETTINGS
            .iter()
            .map(|setting| setting.name.to_owned())
            .collect();
        for (key, value) in &file.table {
            let place = || in_file(key, &ValueSource::File(file.path.clone()));
            match (Setting::named(SETTINGS, key), source::text_of(value)) {
                (None, _) => self.report(place(), unknown(key, &names)),
                (Some(_), None) => self.report(
                    place(),
                    "must be a string, a number, a boolean or a list of these".into(),
                ),
                (Some(setting), Some(text)) if !text.is_empty() => {
                    if let Some(mode) = file.exposed
                        && (setting.holds_secret)(&text)
                    {
                        self.report(place(), exposed(&file.path, mode));
                    }
                    self.values
                        .insert(setting.name, (text, ValueSource::File(file.path.clone())));
                }
                (Some(_), Some(_)) => {}
            }
        }
    }

    fn add_environment(&mut self, environment: &Environment) {
        let names: Vec<String> = SETTINGS.iter().map(Setting::variable).collect();
        for (variable, value) in environment.settings() {
            let known = SETTINGS
                .iter()
                .find(|setting| setting.variable() == variable);
            match (known, value.to_str()) {
                (None, _) => match nearest(variable, &names) {
                    Some(near) => self.report(variable.to_owned(), misspelt(near)),
                    None => self.foreign.push(variable.to_owned()),
                },
                (Some(_), None) => self.report(variable.to_owned(), "is not UTF-8".into()),
                (Some(setting), Some(text)) => {
                    self.values
                        .insert(setting.name, (text.to_owned(), ValueSource::Environment));
                }
            }
        }
    }

    /// Returns the value of the setting `name`, or reports a problem and returns `None`.
    pub(super) fn value<V: SettingValue>(&mut self, name: &'static str) -> Option<V> {
        let setting =
            Setting::named(SETTINGS, name).expect("the macro declares a row for every field");
        let (Some(text), source) = self.origin(setting) else {
            return V::absent();
        };
        let parsed = V::parse(text);
        let place = match source {
            ValueSource::File(_) => in_file(name, &source),
            ValueSource::Environment | ValueSource::Default => setting.variable(),
        };
        parsed.map_err(|detail| self.report(place, detail)).ok()
    }

    fn origin(&self, setting: &Setting) -> (Option<&str>, ValueSource) {
        match (self.values.get(setting.name), setting.fallback) {
            (Some((text, source)), _) => (Some(text), source.clone()),
            (None, Fallback::Text(text)) => (Some(text), ValueSource::Default),
            (None, Fallback::Absent(_)) => (None, ValueSource::Default),
        }
    }

    fn report(&mut self, key: String, detail: String) {
        self.problems.push(ConfigProblem { key, detail });
    }
}

fn in_file(key: &str, file: &ValueSource) -> String {
    format!("{key} (in {file})")
}

fn unknown(name: &str, known: &[String]) -> String {
    match nearest(name, known) {
        Some(near) => misspelt(near),
        None => "is not a setting; see docs/configuration.md".to_owned(),
    }
}

fn exposed(file: &Path, mode: u32) -> String {
    let file = file.display();
    format!(
        "is a secret in a file that other users can access (mode {mode:04o}); run: chmod 600 '{file}'"
    )
}

fn misspelt(near: &str) -> String {
    format!("is not a setting; did you mean {near}?")
}

/// Returns the setting of which `name` is probably a misspelling.
fn nearest<'a>(name: &str, known: &'a [String]) -> Option<&'a str> {
    let likeness = |other: &str| {
        // The common prefix makes all variables similar.
        let [name, other] = [name, other].map(|name| name.strip_prefix(PREFIX).unwrap_or(name));
        strsim::normalized_damerau_levenshtein(name, other)
    };
    known
        .iter()
        .map(String::as_str)
        .filter(|other| likeness(other) > 0.6)
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
}

#[cfg(test)]
impl Config {
    /// Creates a configuration from variables, for tests of other modules.
    pub(crate) fn of_variables(variables: &[(&str, &str)]) -> Self {
        let loaded = Loaded::from_sources(&Environment::of(variables), None);
        loaded.expect("the variables are valid").config
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> ConfigFile {
        ConfigFile {
            path: "tintero.toml".into(),
            exposed: None,
            table: text.parse().unwrap(),
        }
    }

    fn problems(environment: &Environment, file: Option<&ConfigFile>) -> Vec<String> {
        Loaded::from_sources(environment, file)
            .unwrap_err()
            .iter()
            .map(ConfigProblem::to_string)
            .collect()
    }

    #[test]
    fn every_default_is_valid() {
        let loaded = Loaded::from_sources(&Environment::default(), None).unwrap();
        assert_eq!(loaded.config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(loaded.config.dynamodb, super::super::Database::Embedded);
        assert!(loaded.config.signing_keys.is_none());
    }

    #[test]
    fn the_environment_overrides_the_file() {
        let file = file(
            "table_prefix = \"f\"\naudience = \"f\"\nmax_concurrency = 7\ncors_origins = [\"https://a\", \"https://b\"]",
        );
        let environment = Environment::of(&[
            ("TINTERO_AUDIENCE", "e"),
            ("TINTERO_LOG", ""),
            ("TINTERO_TOKEN", "t"),
            ("PATH", "x"),
        ]);
        let loaded = Loaded::from_sources(&environment, Some(&file)).unwrap();
        let origin = |name: &str| loaded.origin(Setting::named(SETTINGS, name).unwrap());
        assert_eq!(
            origin("table_prefix"),
            (Some("f"), ValueSource::File("tintero.toml".into()))
        );
        assert_eq!(origin("audience"), (Some("e"), ValueSource::Environment));
        assert_eq!(origin("log"), (Some("info"), ValueSource::Default));
        assert_eq!(loaded.config.max_concurrency.get(), 7);
    }

    #[test]
    fn all_problems_are_reported_at_once() {
        let found = problems(
            &Environment::of(&[("TINTERO_LISTEN", "here"), ("TINTERO_LISTNE", "x")]),
            Some(&file(
                "dynamodb = \"oracle\"\ntable_prefx = \"x\"\nlog = 1.5",
            )),
        );
        assert_eq!(
            found,
            [
                "log (in tintero.toml) must be a string, a number, a boolean or a list of these",
                "table_prefx (in tintero.toml) is not a setting; did you mean table_prefix?",
                "TINTERO_LISTNE is not a setting; did you mean TINTERO_LISTEN?",
                "TINTERO_LISTEN must be an IP address and port such as 127.0.0.1:8080, but is \"here\"",
                "dynamodb (in tintero.toml) must be one of embedded, memory, aws, but is \"oracle\"",
            ]
        );
    }

    #[test]
    fn a_secret_in_a_file_that_other_users_can_read_is_rejected() {
        let exposed = |text| ConfigFile {
            exposed: Some(0o644),
            ..file(text)
        };
        let found = problems(
            &Environment::default(),
            Some(&exposed("admin_password = \"correct horse battery\"")),
        );
        assert!(
            found[0].ends_with("(mode 0644); run: chmod 600 'tintero.toml'"),
            "{found:?}"
        );
        assert!(!found[0].contains("horse"));
        for harmless in ["audience = \"a\"", "signing_keys = \"a.pem\""] {
            let loaded = Loaded::from_sources(&Environment::default(), Some(&exposed(harmless)));
            assert!(loaded.is_ok(), "{harmless}");
        }
    }

    #[test]
    fn variables_of_other_programs_are_ignored_and_misspelt_settings_are_not() {
        // Kubernetes sets all but the first for a service named `tintero`.
        let foreign = [
            "TINTERO_IMAGE_TAG",
            "TINTERO_PORT",
            "TINTERO_PORT_8080_TCP",
            "TINTERO_PORT_8080_TCP_ADDR",
            "TINTERO_PORT_8080_TCP_PORT",
            "TINTERO_PORT_8080_TCP_PROTO",
            "TINTERO_SERVICE_HOST",
            "TINTERO_SERVICE_PORT_HTTP",
        ];
        let loaded = Loaded::from_sources(&Environment::of(&foreign.map(|name| (name, "x"))), None);
        assert_eq!(loaded.unwrap().foreign_variables(), foreign);
        for setting in SETTINGS {
            let name = setting.variable();
            for misspelt in [format!("{name}S"), name[..name.len() - 1].to_owned()] {
                if SETTINGS
                    .iter()
                    .any(|setting| setting.variable() == misspelt)
                {
                    continue;
                }
                let environment = Environment::of(&[(&misspelt, "x")]);
                let found = problems(&environment, None);
                assert!(found[0].contains("did you mean"), "{found:?}");
            }
        }
    }
}
