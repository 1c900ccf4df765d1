//! The configuration for people: the effective one, and the table of all settings.

use std::fmt::Write;

use super::{Fallback, Loaded, SETTINGS};

/// One setting as it holds, fit to be shown: secrets are masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    /// The setting's environment variable.
    pub variable: String,
    /// Its value, or in brackets what its absence means.
    pub value: String,
    /// Where the value came from.
    pub source: String,
}

/// Every setting as it holds.
#[must_use]
pub fn effective(loaded: &Loaded) -> Vec<Effective> {
    SETTINGS
        .iter()
        .map(|setting| {
            let (text, source) = loaded.origin(setting);
            let value = match (text, setting.fallback) {
                (Some(_), _) if setting.secret => "********".to_owned(),
                (Some(text), _) => text.to_owned(),
                (None, Fallback::Absent(meaning) | Fallback::Text(meaning)) => {
                    format!("({meaning})")
                }
            };
            Effective {
                variable: setting.variable(),
                value,
                source: source.to_string(),
            }
        })
        .collect()
}

/// The table of all settings in Markdown, as `docs/configuration.md` holds it.
#[must_use]
pub fn documentation() -> String {
    let mut table = String::from(
        "| Variable | Key in the file | Value | Default | What it decides |\n| --- | --- | --- | --- | --- |\n",
    );
    for setting in SETTINGS {
        let default = match setting.fallback {
            Fallback::Text(text) => format!("`{text}`"),
            Fallback::Absent(meaning) => meaning.to_owned(),
        };
        let secret = if setting.secret { " Secret." } else { "" };
        writeln!(
            table,
            "| `{}` | `{}` | {} | {default} | {}{secret} |",
            setting.variable(),
            setting.name,
            setting.form,
            setting.about.trim(),
        )
        .expect("writing to a String cannot fail");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;

    #[test]
    fn secrets_are_masked_and_sources_shown() {
        let environment: Environment =
            [("TINTERO_ADMIN_PASSWORD".to_owned(), "correct horse battery")]
                .into_iter()
                .collect();
        let rows = effective(&Loaded::from_sources(&environment, None).unwrap());
        let row = rows
            .iter()
            .find(|row| row.variable == "TINTERO_ADMIN_PASSWORD")
            .unwrap();
        assert_eq!(
            (row.value.as_str(), row.source.as_str()),
            ("********", "environment")
        );
    }

    #[test]
    fn the_committed_table_is_the_one_the_code_makes() {
        let page = include_str!("../../../../docs/configuration.md");
        assert!(
            page.contains(&documentation()),
            "replace the table in docs/configuration.md by this one:\n{}",
            documentation()
        );
    }
}
