//! Merges the environment over the file and collects all problems.

use std::{collections::BTreeMap, fmt};

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
                (None, _) => self.report(variable.to_owned(), unknown(variable, &names)),
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
    let likeness = |other: &str| strsim::normalized_damerau_levenshtein(name, other);
    // The common prefix makes all variables similar, so they need a higher threshold.
    let close =
        |other: &&String| likeness(other) > if name.starts_with(PREFIX) { 0.75 } else { 0.6 };
    match known
        .iter()
        .filter(close)
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
    {
        Some(near) => format!("is not a setting; did you mean {near}?"),
        None => "is not a setting; see docs/configuration.md".to_owned(),
    }
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
            &Environment::of(&[
                ("TINTERO_LISTEN", "here"),
                ("TINTERO_LISTNE", "x"),
                ("TINTERO_ZZZ", "x"),
            ]),
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
                "TINTERO_ZZZ is not a setting; see docs/configuration.md",
                "TINTERO_LISTEN must be an IP address and port such as 127.0.0.1:8080, but is \"here\"",
                "dynamodb (in tintero.toml) must be one of embedded, memory, aws, but is \"oracle\"",
            ]
        );
    }
}
